internal import CZlib

/// Decompresses gzip, member after member, as `cat a.gz b.gz` makes them.
///
/// Owns zlib's state on the heap, because zlib keeps a pointer back to its stream, which therefore must not move.
@safe struct GzipInflater: ~Copyable {
    enum Outcome {
        case progress(consumed: Int, produced: Int)
        /// A member is complete; what follows, if anything, is another member or padding.
        case memberEnd(consumed: Int, produced: Int)
        case corrupt(String)
    }

    private let stream: UnsafeMutablePointer<z_stream>

    /// zlib's largest window (15 bits), plus 16 for "a gzip header is expected".
    private static let windowBits: Int32 = 15 + 16

    init() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let status = unsafe inflateInit2_(
            stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        // It fails for want of memory (40 KiB), where Swift gives up too, or for another version of the library.
        precondition(status == Z_OK, "zlib cannot be used")
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Gets ready for the next member.
    mutating func beginMember() { unsafe inflateReset(stream) }

    /// Decompresses from `input[inputRange]` into `output` from `outputStart` on.
    mutating func inflate(
        _ input: inout [UInt8], _ inputRange: Range<Int>, into output: inout [UInt8], from outputStart: Int
    ) -> Outcome {
        let space = output.count - outputStart
        let status = unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                guard let source = input.baseAddress, let target = output.baseAddress else { return Z_BUF_ERROR }
                unsafe stream.pointee.next_in = source + inputRange.lowerBound
                unsafe stream.pointee.avail_in = UInt32(inputRange.count)
                unsafe stream.pointee.next_out = target + outputStart
                unsafe stream.pointee.avail_out = UInt32(space)
                return unsafe CZlib.inflate(stream, Z_NO_FLUSH)
            }
        }
        let consumed = unsafe inputRange.count - Int(stream.pointee.avail_in)
        let produced = unsafe space - Int(stream.pointee.avail_out)
        switch status {
        // Z_BUF_ERROR: neither input nor space moved it on; the caller brings more of either.
        case Z_OK, Z_BUF_ERROR: return .progress(consumed: consumed, produced: produced)
        case Z_STREAM_END: return .memberEnd(consumed: consumed, produced: produced)
        default:
            let message = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
            return .corrupt(message ?? "zlib error \(status)")
        }
    }
}
