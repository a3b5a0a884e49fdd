import Foundation
import Interactions

/// What is fed with the fuzzer's bytes. Each does to them what the product does to bytes that it was sent or found, and must
/// end in an answer or an error.
enum FuzzTarget: String, CaseIterable {
    case frames, tables, jsonLines, gzip, vectors, model, index, keys

    func run(_ bytes: [UInt8]) {
        switch self {
        case .frames: FrameInput.run(bytes)
        case .tables: TableInput.run(bytes, format: nil)
        case .jsonLines: TableInput.run(bytes, format: .jsonLines)
        case .gzip: TableInput.runGzip(bytes)
        case .vectors: VectorInput.run(bytes)
        case .model: ModelInput.run(bytes)
        case .index: IndexInput.run(bytes)
        case .keys: KeyInput.run(bytes)
        }
    }

    /// By the environment, as libFuzzer has the arguments.
    static let chosen: FuzzTarget = {
        guard let target = FuzzTarget(rawValue: ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? "") else {
            print("FUZZ_TARGET is one of \(allCases.map(\.rawValue).joined(separator: ", "))")
            exit(2)
        }
        return target
    }()
}

/// A file whose contents are replaced for each input; it goes with the process's directory, which the script removes.
enum ScratchFile {
    static let directory = ProcessInfo.processInfo.environment["FUZZ_SCRATCH"] ?? NSTemporaryDirectory()

    static func write(_ bytes: [UInt8], _ name: String) -> String {
        let path = "\(directory)/\(name)-\(getpid())"
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
            print("cannot write \(path)")
            exit(2)
        }
        return path
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.chosen.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
