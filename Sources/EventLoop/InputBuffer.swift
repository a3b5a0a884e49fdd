// Unconsumed input of one connection. Most reads are consumed whole in the loop's shared buffer and never come here;
// an idle connection holds no input memory.
//
//     0 ...... start ......... end ............. capacity .... capacity + slack
//     consumed | unconsumed    | room for reads  | readable, never part of the input

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Where it grows, the system may have no memory: its bytes stay as they are then, and the caller is told.
@safe
struct InputBuffer: ~Copyable {
    /// That of `malloc`: nil where there is none.
    struct Memory: Sendable {
        /// Tests have a lower one.
        var largestByteCount = Int.max

        func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer? {
            byteCount <= largestByteCount ? unsafe malloc(byteCount) : nil
        }
    }

    /// Room for the rest of a small frame; larger frames double it as their bytes arrive.
    private static let firstCapacity = 4096

    private var base: UnsafeMutableRawPointer?
    /// What it holds of the machine's memory, but for the slack.
    private(set) var capacity = 0
    private var start = 0
    private var end = 0

    private let limit: Int
    private let memory: Memory

    /// - Parameter limit: doubling stops here; what is asked for beyond is given exactly.
    init(limit: Int, memory: Memory = Memory()) {
        self.limit = limit
        self.memory = memory
    }

    deinit { unsafe free(base) }

    var count: Int { end - start }
    var isEmpty: Bool { start == end }

    /// Valid until the next mutation.
    var unconsumed: UnsafeRawBufferPointer {
        guard let base = unsafe base else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        return unsafe UnsafeRawBufferPointer(start: base + start, count: count)
    }

    /// Releases the memory with the last byte.
    mutating func consume(_ byteCount: Int) {
        precondition(byteCount >= 0 && byteCount <= count)
        start += byteCount
        if start == end { removeAll() }
    }

    mutating func removeAll() {
        unsafe free(base)
        unsafe base = nil
        capacity = 0
        start = 0
        end = 0
    }

    /// - Returns: false where there is no memory for them.
    mutating func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count > 0, let source = bytes.baseAddress else { return true }
        guard let room = unsafe roomAtEnd(atLeast: bytes.count) else { return false }
        unsafe room.copyMemory(from: UnsafeRawBufferPointer(start: source, count: bytes.count))
        end += bytes.count
        return true
    }

    /// Room behind the last byte; `commit` what was written there. Valid until the next mutation. Nil: there is no memory.
    mutating func roomAtEnd(atLeast byteCount: Int) -> UnsafeMutableRawBufferPointer? {
        guard capacity - end >= byteCount || makeRoom(byteCount) else { return nil }
        let room = unsafe UnsafeMutableRawBufferPointer(start: base, count: capacity)
        return unsafe UnsafeMutableRawBufferPointer(rebasing: room[end...])
    }

    mutating func commit(_ byteCount: Int) {
        precondition(byteCount >= 0 && byteCount <= capacity - end)
        end += byteCount
    }

    /// Moves the bytes to the front where that frees at least as much as it moves, else doubles the memory: so the cost
    /// of a byte is constant on average.
    private mutating func makeRoom(_ byteCount: Int) -> Bool {
        let kept = count
        let worthMoving = start >= kept || capacity >= limit
        if worthMoving && kept + byteCount <= capacity, let base = unsafe base {
            unsafe base.copyMemory(from: base + start, byteCount: kept)
        } else {
            let newCapacity = max(kept + byteCount, min(limit, max(Self.firstCapacity, 2 * capacity)))
            guard let grown = unsafe memory.allocate(newCapacity + Connection.readableSlack) else { return false }
            if let base = unsafe base {
                unsafe grown.copyMemory(from: base + start, byteCount: kept)
                unsafe free(base)
            }
            unsafe base = grown
            capacity = newCapacity
        }
        start = 0
        end = kept
        return true
    }
}
