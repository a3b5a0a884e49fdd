import CommandLineInterface
import ServerClient
import ServiceMethods
import WireProtocol

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Sends batches of events, again where the server says that it may be tried again.
final class EventSink {
    /// With pauses of 0.1 s, twice as long each time and at most 5 s: some two minutes in all.
    private static let attemptLimit = 30
    private static let longestPauseMilliseconds: UInt32 = 5_000

    private(set) var total = (stored: 0, duplicates: 0, refused: 0)
    private let reach: ServerReach
    private let timeoutSeconds: Int
    /// Whether a connection that fails is made again: where all events have ids nothing is stored twice.
    private let reconnects: Bool
    private let parser = JSONParser(maximumBytes: ProtocolLimits.frameBytesOut, isOfServer: true)

    init(_ reach: ServerReach, timeoutSeconds: Int, reconnects: Bool = false) {
        self.reach = reach
        self.reconnects = reconnects
        self.timeoutSeconds = timeoutSeconds
    }

    /// Refused events are told by their lines.
    func send(_ batch: EventBatch, from path: String) throws {
        try send(batch) { index, reason in
            let line = index < batch.lineNumbers.count ? batch.lineNumbers[index] : 0
            Terminal.standardError.write("\(path), line \(line): \(reason)\n")
        }
    }

    /// - Parameter refused: called with the place in the batch of each event that the server refused.
    func send(_ batch: EventBatch, refused: (_ index: Int, _ reason: String) -> Void) throws {
        var list: [UInt8] = Array(#"{"events":["#.utf8)
        for (place, text) in batch.texts.enumerated() {
            if place > 0 { list.append(UInt8(ascii: ",")) }
            list += text
        }
        list += Array("]}".utf8)
        let reply = try ask(String(decoding: list, as: UTF8.self))
        let counts: EventCounts
        do {
            counts = try EventCounts(reply: reply, JSONParser(maximumBytes: ProtocolLimits.frameBytesOut + 64))
        } catch {
            throw RunFailure(description: "\(reach.address) answered, but not in this protocol: \(error.message)")
        }
        total.stored += counts.stored
        total.duplicates += counts.duplicates
        for refusal in counts.refused {
            total.refused += 1
            refused(refusal.index, refusal.message)
        }
    }

    private func ask(_ parameters: String) throws -> [UInt8] {
        var pause: UInt32 = 100
        for attempt in 1...Self.attemptLimit {
            do {
                return try answer(try connect(), parameters)
            } catch {
                let description: String? =
                    switch error {
                    case let failure as RetryableFailure: failure.description
                    case let failure as ServerConnectionError where reconnects && failure.reason == nil:
                        failure.description
                    default: nil
                    }
                guard let description else { throw error }
                guard attempt < Self.attemptLimit else { throw RunFailure(description: description) }
                usleep(pause * 1_000)
                pause = min(pause * 2, Self.longestPauseMilliseconds)
            }
        }
        throw RunFailure(description: "the server did not take the events")
    }

    /// A server that is too busy for keys may be asked again.
    private func connect() throws -> ServerConnection {
        do {
            return try reach.connect(timeoutSeconds: timeoutSeconds)
        } catch {
            if let reason = error.reason { throw Self.failure(reason, error.description) }
            throw error
        }
    }

    private static func failure(_ reason: String, _ message: String) -> any Error {
        if ErrorReason(rawValue: reason)?.isRetryable == true {
            return RetryableFailure(description: "\(reason): \(message)")
        }
        return RunFailure(description: "\(reason): \(message)")
    }

    private func answer(_ connection: borrowing ServerConnection, _ parameters: String) throws -> [UInt8] {
        var frame: [UInt8] = []
        var writer = JSONWriter(appendingTo: &frame, maximumPayloadBytes: ProtocolLimits.frameBytesIn)
        let fits = writer.writeRequest(id: 1, method: "events.put", parameters: parameters)
        writer.finish(into: &frame)
        guard fits else { throw RunFailure(description: "1,000 events are larger than a request may be (4 MiB)") }
        try connection.send(frame)
        while true {
            let reply = try connection.receiveFrame()
            switch unsafe parser.replyOutcome(in: reply.span.bytes) {
            case .notice: continue
            case .success: return reply
            case .failure(_, let reason, let message): throw Self.failure(reason, message)
            case .malformed: throw RunFailure(description: "\(reach.address) answered, but not in this protocol")
            }
        }
    }
}

private struct RetryableFailure: Error {
    let description: String
}
