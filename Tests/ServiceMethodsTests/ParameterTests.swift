import TestSupport
import Testing
import WireProtocol

@testable import ServiceMethods

/// What handlers are given of a request.
@Suite struct ParameterTests {
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

    private static func read<Parameters: MethodParameters>(
        _: Parameters.Type, _ request: borrowing Request
    ) throws(WireError) -> Parameters {
        try Parameters.read(request, KnownMembers(Parameters.declared.descriptions)) { _ in }
    }

    @Test func userParametersHaveTheirValues() throws {
        let text = #"""
            {"id":1,"method":"recommend.user","params":{"userId":"käse","count":25,"excludeIds":["a","b","a"],"excludeSeen":false,
            "weights":{"content":0.25,"fallback":1},"minScore":-0.5,"strict":true,"fields":["title","price"],"explain":"full",
            "recentItems":[{"itemId":"x","weight":-2},"y",{"itemId":"z","type":"cart"}]}}
            """#
        let seen: Bool? = try Self.withRequest(text) { request in
            let parameters = try Self.read(RecommendUserParameters.self, request)
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
            let common = try Self.read(RecommendUserParameters.self, request).common
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
            try Self.read(RecommendUserParameters.self, request).recentItems.map { $0.itemId.string }
        }
        #expect(seen == ["new", "tie 1", "tie 2", "old"])
    }

    @Test(arguments: [(#"["*"]"#, true), (#"["a","*"]"#, true), ("[]", false)])
    func aStarMeansAllFields(_ list: String, _ isAll: Bool) throws {
        let seen: Bool? = try Self.withRequest(#"{"id":1,"method":"recommend.popular","params":{"fields":\#(list)}}"#) {
            request in
            let fields = try Self.read(RecommendPopularParameters.self, request).common.fields
            return fields == (isAll ? .all : .none)
        }
        #expect(seen == true)
    }

    @Test(
        arguments: [
            ("{}", nil), (#"{"unknown":1}"#, nil), (#"{"userId":null}"#, nil), (#"{"userId":"u"}"#, "params.userId"),
            (#"{"unknown":1,"echo":"x"}"#, "params.echo"), (#"{"filter":1}"#, "params.filter"),
            (#"{"collaborative":1}"#, "params.collaborative"),
        ] as [(String, String?)])
    func aMethodWithoutParametersRefusesThoseOfOthers(_ parameters: String, _ field: String?) throws {
        var error: WireError?
        let bytes = Array(#"{"id":1,"method":"health","params":\#(parameters)}"#.utf8)
        try JSONParser().withRequest(in: unsafe bytes.span.bytes) { request in
            do throws(WireError) { _ = try Self.read(NoParameters.self, request) } catch let refusal { error = refusal }
        }
        #expect(error?.field == field)
    }

    /// Work is bounded, whatever history and count are; the usual answer is explained to its end.
    @Test(arguments: [(0, Int.max), (1, 20_000), (40, 500), (44, 454), (500, 40)])
    func becauseIsToldAsFarAsThePairsGo(_ historyCount: Int, _ itemCount: Int) {
        #expect(RecommendationResult.explainedCount(historyCount: historyCount) == itemCount)
    }
}
