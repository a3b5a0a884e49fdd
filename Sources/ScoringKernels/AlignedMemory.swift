internal import CScoringKernels

/// Memory for whole groups of 16 numbers. A group that began in the middle of a cache line would lie in two of them.
enum AlignedMemory {
    private static let cacheLineByteCount = 64

    /// The caller releases it by `release`.
    /// - Returns: `count` numbers, all 0.
    @unsafe static func zeros<Number: BitwiseCopyable & ExpressibleByIntegerLiteral>(
        _ count: Int, of type: Number.Type = Number.self
    ) -> UnsafeMutablePointer<Number> {
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(count, 1) * MemoryLayout<Number>.stride, alignment: cacheLineByteCount)
        return unsafe memory.initializeMemory(as: Number.self, repeating: 0, count: count)
    }

    @unsafe static func release<Number: BitwiseCopyable>(_ memory: UnsafeMutablePointer<Number>) {
        unsafe UnsafeMutableRawPointer(memory).deallocate()
    }
}

/// Brings memory near that is read soon, without waiting for it: what lies anywhere in a large file takes longer to come than
/// to be added up. Any address is harmless.
package enum MemoryAhead {
    @unsafe package static func fetch(_ address: UnsafeRawPointer) { unsafe ft_fetch(address) }
}
