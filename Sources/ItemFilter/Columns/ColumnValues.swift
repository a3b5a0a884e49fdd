/// One value an item, in memory of its own or of an index.
// SAFETY: nobody writes the memory while `owner` lives, and `owner` lives as long as this.
@safe package struct ColumnValues<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    @usableFromInline let values: UnsafeBufferPointer<Element>
    private let owner: AnyObject

    package init(_ values: [Element]) {
        let owned = OwnedValues(values)
        owner = owned
        unsafe self.values = UnsafeBufferPointer(owned.memory)
    }

    /// - Parameter owner: keeps the memory, which nobody writes.
    package init(lent values: UnsafeBufferPointer<Element>, owner: AnyObject) {
        unsafe self.values = values
        self.owner = owner
    }

    package var count: Int { unsafe values.count }

    @inline(__always)
    package subscript(place: Int) -> Element {
        precondition(place >= 0 && place < count)
        return unsafe values[place]
    }
}

@safe private final class OwnedValues<Element: BitwiseCopyable> {
    let memory: UnsafeMutableBufferPointer<Element>

    init(_ values: [Element]) {
        unsafe memory = .allocate(capacity: values.count)
        _ = unsafe memory.initialize(from: values)
    }

    deinit { unsafe memory.deallocate() }
}
