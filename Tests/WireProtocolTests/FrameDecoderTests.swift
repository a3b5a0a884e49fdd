import TestSupport
import Testing

@testable import WireProtocol

@Suite struct FrameDecoderTests {
    /// A connection's side of the contract: keeps what is not consumed.
    private struct Receiver {
        var decoder = FrameDecoder()
        var unconsumed: [UInt8] = []

        /// The payloads that are whole now, and what stopped the decoder.
        mutating func receive(_ bytes: [UInt8]) -> (payloads: [[UInt8]], event: FrameEvent) {
            unconsumed += bytes
            let received = unconsumed
            let span = unsafe received.span.bytes
            var payloads: [[UInt8]] = []
            var offset = 0
            while true {
                let event = decoder.next(in: span, from: offset)
                guard case .frame(let payload) = event else {
                    unconsumed.removeFirst(offset)
                    return (payloads, event)
                }
                payloads.append(Array(received[payload]))
                offset = payload.upperBound
            }
        }
    }

    @Test func framesComeOutWholeHoweverTheBytesAreCut() {
        var generator = SeededGenerator(seed: 3)
        let sent = (0..<200).map { _ in
            (0...generator.index(below: 300)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        }
        let stream = sent.flatMap { framed($0) }
        for largest in [1, 3, 7, 100, 5_000, stream.count] {
            var receiver = Receiver()
            var received: [[UInt8]] = []
            var position = 0
            while position < stream.count {
                let count = min(1 + generator.index(below: largest), stream.count - position)
                let (payloads, event) = receiver.receive(Array(stream[position..<position + count]))
                #expect(event == .needsMoreBytes)
                received += payloads
                position += count
            }
            #expect(received == sent)
            #expect(receiver.unconsumed.isEmpty)
        }
    }

    @Test func theLimitIsTheConnections() {
        var receiver = Receiver(
            decoder: FrameDecoder(maximumPayloadBytes: ProtocolLimits.frameBytesBeforeAuthentication))
        let largest = [UInt8](repeating: 32, count: 65_536)
        #expect(receiver.receive(framed(largest)).payloads == [largest])
        guard case .refused(let error) = receiver.receive(framed(largest + [32])).event else {
            Issue.record("not refused")
            return
        }
        #expect(error.reason == .frameTooLarge && error.maximum == 65_536 && error.closesConnection)
        var raised = Receiver(decoder: FrameDecoder(maximumPayloadBytes: 65_536))
        raised.decoder.maximumPayloadBytes = ProtocolLimits.frameBytesIn
        #expect(raised.receive(framed(largest + [32])).payloads.count == 1)
    }

    @Test func anAnnouncedLengthIsRefusedBeforeItsBytesArrive() {
        var receiver = Receiver()
        guard case .refused(let error) = receiver.receive([0xFF, 0xFF, 0xFF, 0xFF]).event else {
            Issue.record("not refused")
            return
        }
        #expect(error.reason == .frameTooLarge && error.maximum == 4 << 20)
    }

    @Test func nothingFollowsARefusal() {
        var receiver = Receiver()
        guard case .refused = receiver.receive([0, 0, 0, 0] + framed("x")).event else {
            Issue.record("not refused")
            return
        }
        let (payloads, event) = receiver.receive(framed("y"))
        #expect(payloads.isEmpty && event == .needsMoreBytes)
    }

    @Test func httpIsToldOnlyAtTheBeginning() {
        var first = Receiver()
        #expect(first.receive(Array("GET / HTTP/1.1\r\n".utf8)).event == .http)
        var later = Receiver()
        guard case .refused(let error) = later.receive(framed("{}") + Array("GET ".utf8)).event else {
            Issue.record("not refused")
            return
        }
        #expect(error.reason == .frameTooLarge)
    }

    @Test func theHTTPReplySaysHowLongItIs() throws {
        let text = String(decoding: FrameDecoder.httpReply, as: UTF8.self)
        #expect(
            text.hasPrefix("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "))
        // A line feed after a carriage return is one Character, so the body is looked for among the bytes.
        let bytes = FrameDecoder.httpReply
        let end = try #require(bytes.indices.dropLast(3).first { Array(bytes[$0..<$0 + 4]) == [13, 10, 13, 10] })
        #expect(text.contains("Content-Length: \(bytes.count - end - 4)\r\nConnection: close\r\n"))
    }
}
