/// Which items may appear in an answer, with the reason why one may not. A workspace that one thread owns: a byte an item, made
/// once; a request takes back what it marked, in O(marked).
@safe package struct Admission: ~Copyable {
    package let itemCount: Int
    let capacity: Int
    /// `[itemCount]`, padded with items that nobody may see.
    let flags: UnsafeMutablePointer<UInt8>
    /// What this request has marked, so that it can be taken back.
    private var marked: [Int32] = []
    /// Whether this request marked items without writing them down.
    private var isListed = false

    /// - Parameters:
    ///   - capacity: at least `itemCount`; all items that a posting can name.
    ///   - known: per item, what holds for every request.
    package init(itemCount: Int, capacity: Int, known: (Int) -> ItemFlags) {
        precondition(itemCount >= 0 && capacity >= itemCount)
        self.itemCount = itemCount
        self.capacity = capacity
        unsafe flags = .allocate(capacity: capacity)
        for item in 0..<itemCount { unsafe flags[item] = known(item).rawValue }
        for item in itemCount..<capacity { unsafe flags[item] = ItemFlags.hidden.rawValue }
    }

    deinit { unsafe flags.deallocate() }

    @inline(__always)
    package subscript(item: Int32) -> ItemFlags {
        precondition(item >= 0 && Int(item) < itemCount)
        return unsafe ItemFlags(rawValue: flags[Int(item)])
    }

    @inline(__always)
    package func allows(_ item: Int32) -> Bool { self[item].isDisjoint(with: .refusals) }

    /// Notes of an item that it is in the history, or why it must not appear, until `reset`.
    package mutating func mark(_ item: Int32, _ marks: ItemFlags) {
        precondition(item >= 0 && Int(item) < itemCount && marks.isSubset(of: .ofRequest))
        unsafe flags[Int(item)] |= marks.rawValue
        marked.append(item)
    }

    /// Refuses every item but these. O(catalogue).
    package mutating func refuseAll(but items: [Int32]) {
        isListed = true
        for item in 0..<itemCount { unsafe flags[item] |= ItemFlags.notListed.rawValue }
        for item in items {
            precondition(item >= 0 && Int(item) < itemCount)
            unsafe flags[Int(item)] &= ~ItemFlags.notListed.rawValue
        }
    }

    /// Takes back what this request has marked.
    package mutating func reset() {
        let kept = ~ItemFlags.ofRequest.rawValue
        if isListed {
            for item in 0..<itemCount { unsafe flags[item] &= kept }
            isListed = false
        } else {
            for item in marked { unsafe flags[Int(item)] &= kept }
        }
        marked.removeAll(keepingCapacity: true)
    }
}
