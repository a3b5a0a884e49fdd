internal import CZstd

/// Decompresses Zstandard, frame after frame. Owns the library's state.
@safe struct ZstdInflater: ~Copyable {
    enum Outcome {
        /// `isFrameEnd`: nothing is left of the frame; what follows is another one, or nothing.
        case progress(consumed: Int, produced: Int, isFrameEnd: Bool)
        case corrupt(String)
    }

    private let stream: OpaquePointer

    init() {
        guard let created = unsafe ZSTD_createDStream() else {
            // It fails for want of memory alone, where Swift gives up too.
            preconditionFailure("no memory for zstd")
        }
        unsafe stream = created
    }

    deinit { unsafe _ = ZSTD_freeDStream(stream) }

    /// Decompresses from `input[inputRange]` into `output` from `outputStart` on.
    mutating func inflate(
        _ input: [UInt8], _ inputRange: Range<Int>, into output: inout [UInt8], from outputStart: Int
    ) -> Outcome {
        let space = output.count - outputStart
        return unsafe input.withUnsafeBytes { input in
            unsafe output.withUnsafeMutableBytes { output in
                guard let source = input.baseAddress, let target = output.baseAddress else {
                    return .progress(consumed: 0, produced: 0, isFrameEnd: false)
                }
                var from = unsafe ZSTD_inBuffer(
                    src: source + inputRange.lowerBound, size: inputRange.count, pos: 0)
                var to = unsafe ZSTD_outBuffer(dst: target + outputStart, size: space, pos: 0)
                let status = unsafe ZSTD_decompressStream(stream, &to, &from)
                if ZSTD_isError(status) != 0 {
                    let name = unsafe ZSTD_getErrorName(status).map { unsafe String(cString: $0) }
                    return .corrupt(name ?? "an error of zstd")
                }
                return unsafe .progress(consumed: from.pos, produced: to.pos, isFrameEnd: status == 0)
            }
        }
    }
}
