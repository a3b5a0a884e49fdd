#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

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
