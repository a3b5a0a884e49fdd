/// Which items may appear in an answer, with the reason why one may not. A workspace that one thread owns: a byte an item, made
/// once; a request takes back what it marked, in O(marked).
@safe package struct Admission: ~Copyable {
    package private(set) var itemCount: Int
    let capacity: Int
    /// `[capacity]`: of items, then of what nobody may see.
    let flags: UnsafeMutablePointer<UInt8>
    /// What this request has marked, so that it can be taken back.
    private var marked: [Int32] = []
    /// Whether this request marked items without writing them down.
    private var isListed = false
    /// What the request allows besides; nil: everything.
    package private(set) var restriction: ItemBits?

    /// - Parameters:
    ///   - capacity: at least `itemCount`; all items that a posting can name, and those that may come.
    ///   - known: per item, what holds for every request.
    package init(itemCount: Int, capacity: Int, known: (Int) -> ItemFlags) {
        precondition(itemCount >= 0 && capacity >= itemCount)
        self.itemCount = itemCount
        self.capacity = capacity
        unsafe flags = AlignedMemory.zeros(capacity)
        for item in 0..<itemCount { unsafe flags[item] = known(item).rawValue }
        for item in itemCount..<capacity { unsafe flags[item] = ItemFlags.hidden.rawValue }
    }

    deinit { unsafe AlignedMemory.release(flags) }

    @inline(__always)
    package subscript(item: Int32) -> ItemFlags {
        precondition(item >= 0 && Int(item) < itemCount)
        return unsafe ItemFlags(rawValue: flags[Int(item)])
    }

    @inline(__always)
    package func allows(_ item: Int32) -> Bool {
        self[item].isDisjoint(with: .refusals) && (restriction?.contains(item) ?? true)
    }

    /// Refuses every item whose bit is 0 or not there, until `reset`. O(1): what sources and rankings look at is a bit beside the flags.
    package mutating func restrict(to bits: ItemBits) {
        precondition(bits.itemCount <= itemCount && bits.capacity == capacity)
        restriction = bits
    }

    /// Notes of an item that it is in the history, or why it must not appear, until `reset`.
    package mutating func mark(_ item: Int32, _ marks: ItemFlags) {
        precondition(item >= 0 && Int(item) < itemCount && marks.isSubset(of: .ofRequest))
        unsafe flags[Int(item)] |= marks.rawValue
        marked.append(item)
    }

    /// Notes of an item that it is in the history, unless it is already or `mayJoin` says no, and that it is seen, where it is.
    /// - Returns: Whether it has joined the history.
    package mutating func join(_ item: Int32, mayJoin: Bool, isSeen: Bool) -> Bool {
        precondition(item >= 0 && Int(item) < itemCount)
        let joins = unsafe mayJoin && flags[Int(item)] & ItemFlags.inHistory.rawValue == 0
        let marks = (joins ? ItemFlags.inHistory.rawValue : 0) | (isSeen ? ItemFlags.seen.rawValue : 0)
        if marks != 0 {
            unsafe flags[Int(item)] |= marks
            marked.append(item)
        }
        return joins
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

    /// What holds of an item for every request from now on.
    package mutating func setKnown(_ item: Int32, _ known: ItemFlags) {
        precondition(item >= 0 && Int(item) < itemCount && known.isDisjoint(with: .ofRequest))
        unsafe flags[Int(item)] = flags[Int(item)] & ItemFlags.ofRequest.rawValue | known.rawValue
    }

    /// What holds of an item for every request.
    package func known(_ item: Int32) -> ItemFlags { self[item].subtracting(.ofRequest) }

    /// Between two requests: after the first `count` items come others, as many as `later` has.
    package mutating func setItems(after count: Int, to later: [ItemFlags]) {
        precondition(count >= 0 && count <= itemCount && later.count <= capacity - count && marked.isEmpty && !isListed)
        for (place, known) in later.enumerated() {
            precondition(known.isDisjoint(with: .ofRequest))
            unsafe flags[count + place] = known.rawValue
        }
        let end = count + later.count
        for item in end..<max(end, itemCount) { unsafe flags[item] = ItemFlags.hidden.rawValue }
        itemCount = end
    }

    /// Takes back what this request has marked.
    package mutating func reset() {
        restriction = nil
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
