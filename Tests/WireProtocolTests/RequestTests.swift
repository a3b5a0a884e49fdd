import TestSupport
import Testing

@testable import WireProtocol

@Suite struct RequestTests {
    /// Runs `body` on the request; nil where it is refused.
    private static func withRequest<Value>(_ text: String, _ body: (borrowing Request) throws -> Value) rethrows
        -> Value?
    {
        let bytes = Array(text.utf8)
        var result: Result<Value, any Error>?
        do throws(RefusedRequest) {
            try JSONParser().withRequest(in: unsafe bytes.span.bytes) { request in
                do { result = .success(try body(request)) } catch { result = .failure(error) }
            }
        } catch {
            Issue.record("refused: \(error.error.message)")
        }
        return try? result?.get()
    }

    @Test func theEnvelopeIsRead() {
        let text =
            #"{"traceparent":"00-ab","deadlineMs":50,"id":"\u00e9","method":"recommend.user","params":{"userId":"u"}}"#
        let seen: Bool? = Self.withRequest(text) { request in
            request.id.text == #""\u00e9""# && request.method == .recommendUser && request.deadlineMilliseconds == 50
                && request.traceparent?.string == "00-ab" && !request.isJSONRPC
        }
        #expect(seen == true)
    }

    @Test func userParametersHaveTheirValues() throws {
        let text = #"""
            {"id":1,"method":"recommend.user","params":{"userId":"käse","count":25,"excludeIds":["a","b","a"],"excludeSeen":false,
            "weights":{"content":0.25,"fallback":1},"minScore":-0.5,"strict":true,"fields":["title","price"],"explain":"full",
            "recentItems":[{"itemId":"x","weight":-2},"y",{"itemId":"z","type":"cart"}]}}
            """#
        let seen: Bool? = try Self.withRequest(text) { request in
            let parameters = try RecommendUserParameters(request)
            let common = parameters.common
            #expect(common.userId?.string == "käse")
            #expect(common.count == 25)
            #expect(common.excludeIds.map(\.string) == ["a", "b", "a"])
            #expect(!common.excludeSeen && common.strict)
            #expect(
                common.weights.content == 0.25 && common.weights.collaborative == nil && common.weights.fallback == 1)
            #expect(common.minScore == -0.5)
            #expect(common.explain == .full)
            if case .named(let names) = common.fields { #expect(names.map(\.string) == ["title", "price"]) }
            #expect(parameters.recentItems.map { $0.itemId.string } == ["x", "y", "z"])
            #expect(parameters.recentItems.map(\.weight) == [-2, nil, nil])
            #expect(parameters.recentItems.map { $0.type?.string } == [nil, nil, "cart"])
            return true
        }
        #expect(seen == true)
    }

    @Test func userParametersHaveDefaults() throws {
        let seen: Bool? = try Self.withRequest(#"{"id":1,"method":"recommend.user","params":{"recentItems":["a"]}}"#) {
            request in
            let common = try RecommendUserParameters(request).common
            #expect(common.userId == nil && common.count == 10 && common.excludeIds.isEmpty && common.excludeSeen)
            #expect(common.weights == WeightOverrides() && common.minScore == nil && !common.strict)
            #expect(common.fields == .none && common.explain == .none)
            return true
        }
        #expect(seen == true)
    }

    @Test func recentItemsWithTimesAreSortedNewestFirst() throws {
        let text = #"""
            {"id":1,"method":"recommend.user","params":{"recentItems":[{"itemId":"old","time":1000},
            {"itemId":"new","time":"1970-01-01T00:00:03Z"},{"itemId":"tie 1","time":2000},{"itemId":"tie 2","time":2000}]}}
            """#
        let seen: [String]? = try Self.withRequest(text) { request in
            try RecommendUserParameters(request).recentItems.map { $0.itemId.string }
        }
        #expect(seen == ["new", "tie 1", "tie 2", "old"])
    }

    @Test(arguments: [(#"["*"]"#, true), (#"["a","*"]"#, true), ("[]", false)])
    func aStarMeansAllFields(_ list: String, _ isAll: Bool) throws {
        let seen: Bool? = try Self.withRequest(#"{"id":1,"method":"recommend.popular","params":{"fields":\#(list)}}"#) {
            request in
            let fields = try RecommendPopularParameters(request).common.fields
            return fields == (isAll ? .all : .none)
        }
        #expect(seen == true)
    }

    @Test func everyParameterNameIsFoundByItsText() {
        for name in ParameterName.allCases {
            let bytes = Array("\(name.text)".utf8)
            let found = unsafe bytes.withUnsafeBufferPointer {
                unsafe ParameterName(WireString(start: $0.baseAddress, count: $0.count))
            }
            #expect(found == name)
        }
    }

    @Test func everyMethodIsFoundByItsName() {
        for method in ProtocolMethod.allCases {
            #expect("\(method.text)" == method.rawValue)
            let seen: ProtocolMethod? = Self.withRequest(#"{"id":1,"method":"\#(method.rawValue)"}"#) { $0.method }
            #expect(seen == method)
            #expect(!ProtocolMethod.reserved.contains(method.rawValue))
        }
    }

    /// Good requests with up to three bytes changed, inserted, removed or repeated: always a request or an error that can be written and
    /// read back, never a crash, and the parser is as good as new afterwards.
    @Test(arguments: [UInt64(1), 2, 3]) func mutatedRequestsAreReadOrRefused(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let seeds = VectorTests.vectors.filter { vector in
            vector.input.payload != nil && vector.bytes.count < 2_000 && vector.replies.first?["result"] != nil
        }.map { Array($0.bytes.dropFirst(4)) }
        try #require(seeds.count > 40)
        let interesting = Array(#"{}[]",:\u0123456789eE+-.tfn"#.utf8) + [0, 0x1F, 0x7F, 0x80, 0xC2, 0xED, 0xF4, 0xFF]
        var answered = (results: 0, errors: 0)
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
            var conversation = Conversation()
            conversation.receive(framed(payload))
            let replies = payloads(conversation.output)
            try #require(replies.count == 1)
            let reply = try JSON.parse(replies[0])
            if reply["result"] != nil { answered.results += 1 }
            #expect(mutations > 0 || reply["result"] != nil)
            if let error = reply["error"] {
                answered.errors += 1
                let reason = try #require(ErrorReason(rawValue: error["reason"]?.text ?? ""))
                #expect(reason != .bug)
                #expect(error["code"] == .number(Double(reason.code)))
            }
        }
        #expect(answered.results > 300 && answered.errors > 300, "\(answered)")
        #expect(answered.results + answered.errors == 6_000)
    }

    @Test func aParserForgetsARefusedDocument() {
        let parser = JSONParser()
        let bad = Array(#"{"id":1,"x":[[[[[ "#.utf8)
        let good = Array(#"{"id":2,"method":"ping"}"#.utf8)
        for _ in 0..<100 {
            #expect(throws: RefusedRequest.self) { try parser.withRequest(in: unsafe bad.span.bytes) { _ in } }
            var id: String?
            try? parser.withRequest(in: unsafe good.span.bytes) { id = $0.id.text }
            #expect(id == "2")
        }
    }

    @Test func aDocumentAboveTheParsersLimitIsRefused() {
        let parser = JSONParser(maximumBytes: 64)
        let long = Array(#"{"id":1,"method":"ping","padding":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}"#.utf8)
        var reason: ErrorReason?
        do throws(RefusedRequest) {
            try parser.withRequest(in: unsafe long.span.bytes) { _ in }
        } catch {
            reason = error.error.reason
        }
        #expect(reason == .parseError)
    }
}
