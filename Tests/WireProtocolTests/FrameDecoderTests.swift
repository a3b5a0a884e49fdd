import TestSupport
import Testing

@testable import WireProtocol

@Suite struct FrameDecoderTests {
    private static func append(_ bytes: [UInt8], to decoder: inout FrameDecoder) {
        decoder.append(unsafe bytes.span.bytes)
    }

    private static func payload(_ decoder: borrowing FrameDecoder) -> [UInt8] {
        var bytes: [UInt8] = []
        decoder.withPayload { payload in unsafe payload.withUnsafeBytes { unsafe bytes = Array($0) } }
        return bytes
    }

    @Test func framesComeOutWholeHoweverTheBytesAreCut() {
        var generator = SeededGenerator(seed: 3)
        let sent = (0..<200).map { _ in
            (0...generator.index(below: 300)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        }
        let stream = sent.flatMap { framed($0) }
        for largest in [1, 3, 7, 100, 5_000, stream.count] {
            var decoder = FrameDecoder()
            var received: [[UInt8]] = []
            var position = 0
            while position < stream.count {
                let count = min(1 + generator.index(below: largest), stream.count - position)
                Self.append(Array(stream[position..<position + count]), to: &decoder)
                while decoder.next() == .frame { received.append(Self.payload(decoder)) }
                position += count
            }
            #expect(received == sent)
            #expect(decoder.pendingBytes == 0)
        }
    }

    @Test func bytesMayArriveWhileFramesWait() {
        var decoder = FrameDecoder()
        Self.append((framed("one") + framed("two")), to: &decoder)
        #expect(decoder.next() == .frame)
        #expect(Self.payload(decoder) == Array("one".utf8))
        #expect(decoder.pendingBytes == 7)
        Self.append(framed("three"), to: &decoder)
        #expect(Self.payload(decoder).isEmpty)
        #expect(decoder.next() == .frame)
        #expect(Self.payload(decoder) == Array("two".utf8))
        #expect(decoder.next() == .frame)
        #expect(Self.payload(decoder) == Array("three".utf8))
        #expect(decoder.next() == .needsMoreBytes)
    }

    @Test func theLimitIsTheConnections() {
        var decoder = FrameDecoder(maximumPayloadBytes: ProtocolLimits.frameBytesBeforeAuthentication)
        let largest = [UInt8](repeating: 32, count: 65_536)
        Self.append(framed(largest), to: &decoder)
        #expect(decoder.next() == .frame)
        Self.append(framed(largest + [32]), to: &decoder)
        guard case .refused(let error) = decoder.next() else {
            Issue.record("not refused")
            return
        }
        #expect(error.reason == .frameTooLarge && error.maximum == 65_536 && error.closesConnection)
        var raised = FrameDecoder(maximumPayloadBytes: ProtocolLimits.frameBytesBeforeAuthentication)
        raised.maximumPayloadBytes = ProtocolLimits.frameBytesIn
        Self.append(framed(largest + [32]), to: &raised)
        #expect(raised.next() == .frame)
    }

    @Test func nothingFollowsARefusal() {
        var decoder = FrameDecoder()
        Self.append(([0, 0, 0, 0] + framed("x")), to: &decoder)
        guard case .refused = decoder.next() else {
            Issue.record("not refused")
            return
        }
        Self.append(framed("y"), to: &decoder)
        #expect(decoder.next() == .needsMoreBytes)
        #expect(decoder.pendingBytes == 0)
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
