#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Bytes for another program, which may stop reading.
enum StandardOutput {
    static func write(_ bytes: [UInt8]) throws(RunFailure) {
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                #if canImport(Glibc)
                    return unsafe Glibc.write(
                        STDOUT_FILENO, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
                #else
                    return unsafe Darwin.write(
                        STDOUT_FILENO, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
                #endif
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                throw RunFailure(
                    description: "standard output takes no more: \(unsafe String(cString: strerror(errno)))")
            }
            offset += count
        }
    }
}
