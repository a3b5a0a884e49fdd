import Embeddings
import Foundation
import Interactions
import LinearAlgebra
import RecommendationServer
import RecommendationService
import ServiceMethods
import WireProtocol

/// Bytes of a connection, in pieces of the size that the first byte says: frames, requests, all their parameters, and the
/// methods' answers from a small index.
enum FrameInput {
    // SAFETY: libFuzzer calls a target on one thread.
    private nonisolated(unsafe) static let responder = makeResponder(ServingIndex(IndexInput.opened))
    /// Nothing here waits for answers that come later.
    private static let caller = Caller(replies: nil)

    static func run(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        var decoder = FrameDecoder()
        var (waiting, output): ([UInt8], [UInt8]) = ([], [])
        let pieceSize = Int(first) + 1
        for start in stride(from: 1, to: bytes.count, by: pieceSize) {
            waiting += bytes[start..<min(start + pieceSize, bytes.count)]
            guard receive(&waiting, &decoder, responder, &output) else { break }
        }
        check(output, responder)
    }

    static func makeResponder(_ serving: ServingIndex) -> FrameResponder {
        FrameResponder(
            ServiceContext(serving: serving, personas: nil, facts: { ServerFacts() }), counters: RequestCounters())
    }

    /// A request's answer is a reply in UTF-8 without a number that JSON cannot write.
    static func answer(_ request: [UInt8], _ responder: FrameResponder) {
        var output: [UInt8] = []
        write(to: &output) { writer in
            _ = responder.answer(request.span.bytes, RequestTimes(receivedAt: 0, startedAt: 0), &writer, for: caller)
        }
        check(output, responder)
    }

    private static func check(_ output: [UInt8], _ responder: FrameResponder) {
        precondition(String(validating: output, as: UTF8.self) != nil, "a reply that is not UTF-8")
        precondition(responder.counters.nonFiniteNumbers == 0, "a number that JSON cannot write")
    }

    /// Whether the connection stays open.
    private static func receive(
        _ waiting: inout [UInt8], _ decoder: inout FrameDecoder, _ responder: FrameResponder, _ output: inout [UInt8]
    ) -> Bool {
        let received = waiting
        let span = received.span.bytes
        var offset = 0
        defer { waiting.removeFirst(offset) }
        while true {
            switch decoder.next(in: span, from: offset) {
            case .needsMoreBytes: return true
            case .frame(let payload):
                offset = payload.upperBound
                write(to: &output) { writer in
                    _ = responder.answer(
                        span.extracting(payload), RequestTimes(receivedAt: 0, startedAt: 0), &writer, for: caller)
                }
            case .refused(let error):
                write(to: &output) { $0.writeConnectionError(error) }
                return false
            case .http: return false
            }
        }
    }

    private static func write(to output: inout [UInt8], _ body: (inout JSONWriter) -> Void) {
        var frame: [UInt8] = []
        var writer = JSONWriter(appendingTo: &frame)
        body(&writer)
        writer.finish(into: &frame)
        // The length in front is no text.
        output += frame.dropFirst(4)
    }
}

/// A file of rows for each of the readers, the first byte says which; what was read is used as a build uses it.
enum TableInput {
    static func run(_ bytes: [UInt8], format: FileFormat?) {
        guard let first = bytes.first else { return }
        read(ScratchFile.write(Array(bytes.dropFirst()), "rows"), reader: first, format: format)
    }

    static func runGzip(_ bytes: [UInt8]) { read(ScratchFile.write(bytes, "rows.gz"), reader: 0, format: nil) }

    private static func read(_ path: String, reader: UInt8, format: FileFormat?) {
        let options = SourceOptions(format: format, maxBadRows: .share(1))
        do {
            switch reader % 8 {
            case 0, 1:
                let log = try InteractionReader.read(path: path, options: options).log
                let matrix = InteractionMatrix.build(from: log, halfLifeDays: 1)
                precondition(matrix.matrix.values.allSatisfy(\.isFinite), "a weight that is not finite")
                _ = ItemPopularity(matrix)
                _ = SessionSequences.itemIds(of: log)
            case 2: _ = try ItemReader.read(path: path, options: options)
            case 3: _ = try TransactionReader.read(path: path, options: options)
            case 4:
                let columns = try TableReader.read(path: path, options: options).columns
                for column in columns { _ = (column.texts, column.numbers) }
            case 5: _ = try BehaviourReader.readForVisits(path: path, options: options)
            case 6:
                var events = try EventReader(path: path, options: options)
                if events.isStream {
                    while try events.nextLine() != nil {}
                } else {
                    _ = try events.table()
                }
            default:
                try LineFile.read(path) { (_, _) throws(ReadError) in }
            }
        } catch {
            // What is refused is refused with words.
            precondition(!"\(error)".isEmpty)
        }
    }
}

/// The first byte says the kind of file.
enum VectorInput {
    static func run(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let data = Data(bytes.dropFirst())
        do {
            switch first % 3 {
            case 0: _ = try VectorFile.parseNpy(data, name: "x.npy")
            case 1: _ = try VectorFile.parseJSONLines(data, name: "x.jsonl", threadCount: 1)
            default: _ = try VectorFile.parseIDs(data, name: "ids")
            }
        } catch {
            precondition(!"\(error)".isEmpty)
        }
    }
}

/// A safetensors file, asked for a tensor of each of some shapes.
enum ModelInput {
    static func run(_ bytes: [UInt8]) {
        do {
            let file = try SafetensorsFile(Data(bytes), name: "x")
            for shape in [[1], [4], [2, 3]] {
                do {
                    let values = try file.values("t", shape: shape)
                    precondition(values.allSatisfy(\.isFinite))
                } catch {
                    precondition(!"\(error)".isEmpty)
                }
            }
        } catch {
            precondition(!"\(error)".isEmpty)
        }
    }
}
