#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension TextDictionary {
    /// The first code whose string does not come before `wanted`. O(log count) comparisons.
    func lowerBound(of wanted: [UInt8]) -> Int {
        unsafe partitionPoint { unsafe Self.precedes($0, wanted) }
    }

    func code(of wanted: [UInt8]) -> Int? {
        let code = lowerBound(of: wanted)
        guard code < count, unsafe bytes(at: code).elementsEqual(wanted) else { return nil }
        return code
    }

    /// The codes of strings that begin with `prefix`.
    func codes(withPrefix prefix: [UInt8]) -> Range<Int> {
        let low = lowerBound(of: prefix)
        let high = unsafe partitionPoint { bytes in
            unsafe Self.precedes(bytes, prefix) || bytes.starts(with: prefix)
        }
        return low..<max(low, high)
    }

    private func partitionPoint(_ isBefore: (UnsafeBufferPointer<UInt8>) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if unsafe isBefore(bytes(at: middle)) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func precedes(_ left: UnsafeBufferPointer<UInt8>, _ right: [UInt8]) -> Bool {
        unsafe left.lexicographicallyPrecedes(right)
    }
}

extension FilterTextTest {
    func holds(_ text: UnsafeBufferPointer<UInt8>, _ part: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let partStart = part.baseAddress, !part.isEmpty else { return self != .equal || text.isEmpty }
        guard let textStart = text.baseAddress, part.count <= text.count else { return false }
        switch self {
        case .equal: return unsafe text.count == part.count && memcmp(textStart, partStart, part.count) == 0
        case .startsWith: return unsafe memcmp(textStart, partStart, part.count) == 0
        case .endsWith: return unsafe memcmp(textStart + (text.count - part.count), partStart, part.count) == 0
        case .contains:
            // memmem is not everywhere: memchr finds where it may begin.
            var offset = 0
            let last = text.count - part.count
            while offset <= last {
                guard let found = unsafe memchr(textStart + offset, Int32(part[0]), last - offset + 1) else {
                    return false
                }
                offset = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(textStart)
                if unsafe memcmp(textStart + offset, partStart, part.count) == 0 { return true }
                offset += 1
            }
            return false
        }
    }
}
