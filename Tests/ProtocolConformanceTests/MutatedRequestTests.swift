import RecommendationServer
import TestSupport
import Testing
import WireProtocol

/// Requests that went wrong on the way, against what answers frames.
@Suite struct MutatedRequestTests {
    /// Good requests with up to three bytes changed, inserted, removed or repeated: always a request or an error that can be written and
    /// read back, never a crash, and the parser is as good as new afterwards.
    @Test(arguments: [UInt64(1), 2, 3]) func mutatedRequestsAreReadOrRefused(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let seeds = VectorConformanceTests.vectors.filter { vector in
            vector.input.payload != nil && vector.bytes.count < 2_000 && vector.replies.first?["result"] != nil
        }.map { Array($0.bytes.dropFirst(4)) }
        try #require(seeds.count > 40)
        let interesting = Array(#"{}[]",:\u0123456789eE+-.tfn"#.utf8) + [0, 0x1F, 0x7F, 0x80, 0xC2, 0xED, 0xF4, 0xFF]
        let parser = JSONParser()
        let responder = try ConformanceShop.shared.get().inProcess.makeResponder()
        var answered = (results: 0, errors: 0, silent: 0)
        for _ in 0..<6_000 {
            var payload = seeds[generator.index(below: seeds.count)]
            let mutations = generator.index(below: 4)
            for _ in 0..<mutations where !payload.isEmpty {
                let place = generator.index(below: payload.count)
                let byte = interesting[generator.index(below: interesting.count)]
                switch generator.index(below: 5) {
                case 0: payload[place] = byte
                case 1: payload.insert(byte, at: place)
                case 2: payload.remove(at: place)
                case 3: payload[place] ^= 1 << UInt8(generator.index(below: 8))
                default: payload.insert(contentsOf: payload[place..<min(place + 20, payload.count)], at: place)
                }
            }
            let client = InProcessConnection(responder)
            try client.send(framed(payload))
            // A notification, which is what is left of a cancel whose id went wrong, has no answer.
            guard let reply = try? client.receiveFrame() else {
                let request = try JSON.parse(payload)
                #expect(
                    ["cancel", "events.put"].contains(request["method"]?.text) && (request["id"] ?? .null) == .null,
                    "\(request)")
                answered.silent += 1
                continue
            }
            // The other reader is slow on answers: it reads each tenth of them, and every error.
            if case .success = parser.replyOutcome(in: unsafe reply.span.bytes) {
                answered.results += 1
                if answered.results.isMultiple(of: 10) { #expect(try JSON.parse(reply)["result"] != nil) }
                continue
            }
            #expect(mutations > 0, "\(String(decoding: reply, as: UTF8.self))")
            let error = try #require(try JSON.parse(reply)["error"])
            answered.errors += 1
            let reason = try #require(ErrorReason(rawValue: error["reason"]?.text ?? ""))
            #expect(reason != .bug)
            #expect(error["code"] == .number(Double(reason.code)))
        }
        #expect(answered.results > 300 && answered.errors > 300, "\(answered)")
        #expect(answered.results + answered.errors + answered.silent == 6_000)
        #expect(responder.counters.nonFiniteNumbers == 0)
    }
}
