import RecommendationServer
import ServiceMethods
import TestSupport
import Testing
import WireProtocol

/// Extreme, cancelling and denormal numbers at every place of a request that takes one: an answer or a refusal, never a trap and
/// never a number that is none. Decision 0036.
@Suite struct ExtremeNumberTests {
    private static let numbers = [
        "0", "-0", "0.0", "-0.0", "1", "-1", "2", "500", "501", "0.5", "1e-6", "-1e-6", "9.9e-7", "1e-38", "-1e-38",
        "1.4e-45",
        "4.9e-324", "-4.9e-324", "1e6", "-1e6", "785977.8125", "-9432.14453125", "1e15", "1.0000001e15",
        "3.4028234663852886e38",
        "-3.4028234663852886e38", "3.4028236e38", "1e308", "-1.7976931348623157e308", "2147483647", "2147483648",
        "9007199254740993", "9223372036854775807", "-9223372036854775808", "18446744073709551615",
    ]

    /// What each method needs beside the number.
    private static let others = [
        "recommend.user": [#""userId":"u00001""#], "recommend.item": [#""itemId":"i00001""#],
        "recommend.session": [#""items":["i00001","i00002"]"#], "segments.of": [#""userId":"u00001""#],
        "recommend.basket": [#""items":["i00001","i00002"]"#],
        "recommend.rank": [#""userId":"u00001""#, #""itemIds":["i00001"]"#],
        "recommend.again": [#""userId":"u00001""#],
        "explain.whyNot": [#""userId":"u00001""#, #""itemId":"i00001""#],
        "segments.members": [#""segment":"champions""#], "personas.of": [#""userId":"u00001""#],
        "personas.top": [#""dimension":"brand""#], "anomalies.acknowledge": [#""anomalyId":"a""#],
        "segments.predict": [#""recency":1"#, #""frequency":2"#, #""monetary":3"#],
    ]

    /// Every parameter that is a number or holds one, as JSON with a hole for it.
    private static func places(_ parameters: [ParameterDescription]) -> [(name: String, text: String)] {
        parameters.flatMap { parameter in values(parameter.kind).map { (parameter.name, "\"\(parameter.name)\":\($0)") }
        }
    }

    private static func values(_ kind: ParameterKind) -> [String] {
        switch kind {
        case .integer, .number, .time: ["#"]
        case .list(let element, _): values(element).map { "[\($0)]" }
        case .either(let first, let second): values(first) + values(second)
        case .object(let members):
            places(members).map { place in
                let required = members.filter { $0.isRequired && $0.name != place.name }.map {
                    "\"\($0.name)\":\"i00003\""
                }
                return "{" + (required + [place.text]).joined(separator: ",") + "}"
            }
        default: []
        }
    }

    @Test func everyNumberOfEveryMethodIsAnsweredOrRefused() throws {
        let responder = try ConformanceShop.shared.get().inProcess.makeResponder()
        let client = InProcessConnection(responder)
        var placeCount = 0
        var names: Set<String> = []
        for method in MethodTable.all {
            for place in Self.places(method.parameters) {
                placeCount += 1
                names.insert(place.name)
                for number in Self.numbers {
                    let others = (Self.others["\(method.name)"] ?? []).filter { !$0.hasPrefix("\"\(place.name)\"") }
                    let text = place.text.replacing("#", with: number)
                    let parameters = (others + [text]).joined(separator: ",")
                    let reply = try client.ask(#"{"id":1,"method":"\#(method.name)","params":{\#(parameters)}}"#)
                    let reason = reply["error"]?["reason"]?.text
                    #expect(
                        reply["result"] != nil
                            || ["BAD_FIELD", "COUNT_OUT_OF_RANGE", "PROTO_UNSUPPORTED"].contains(reason)
                            // Read, and then there was nowhere to keep it.
                            || reason == "NO_LIVE_STORE" && LiveMethodTests.methods.contains("\(method.name)")
                            || reason == "NO_ANALYTICS" && AnalyticsMethodTests.methods.contains("\(method.name)"),
                        "\(method.name) \(text): \(reply)")
                }
            }
        }
        // count of seven methods, minScore of four, weights of three times three, weight and time, three amounts, the version.
        #expect(placeCount >= 26, "\(placeCount) places")
        #expect(names.isSuperset(of: ["maxPer", "diversity", "pinned", "minScore", "weights", "count"]), "\(names)")
        #expect(responder.counters.nonFiniteNumbers == 0)
    }

    /// Where a filter or a boost takes a number, in both ways of writing, and what is computed from it.
    private static let expressions = [
        "price > #", "price = #", "price != #", "price in [#]", "price * # > 1", "price / # <= 1",
        "price - # < # - price",
        "-(#) < price", "min(price, #) > max(#, 0)", "abs(#) + sqrt(#) + log(#) > price", "# * # * # * # > price",
        "1 / (price - price) * # > 0", "now() - # d < time(\"2024-05-17T09:30:00Z\")", "# h > # ms",
    ]
    private static let trees = [
        #"{">":[{"property":"price"},#]}"#, #"{"in":[{"property":"price"},[#,1]]}"#,
        #"{"<":[{"*":[{"property":"price"},#]},{"/":[#,{"property":"price"}]}]}"#,
        #"{">":[{"log":#},{"sqrt":{"abs":#}}]}"#, #"{"=":[{"property":"title"},#]}"#,
    ]

    @Test func everyNumberOfFiltersAndBoostsIsAnsweredOrRefused() throws {
        let responder = try ConformanceShop.shared.get().inProcess.makeResponder()
        let client = InProcessConnection(responder)
        var answeredCount = 0
        for number in Self.numbers {
            // What is not written as JSON is compared as the text of an expression has it.
            let texts = Self.expressions.map { #""\#($0.replacing("\"", with: "\\\""))""# } + Self.trees
            for text in texts.map({ $0.replacing("#", with: number) }) {
                for name in ["filter", "boost"] {
                    let arranged =
                        #""diversity":0.5,"maxPer":[{"property":"id","count":2}],"pinned":[{"itemId":"i00003","place":2}]"#
                    let reply = try client.ask(
                        #"{"id":1,"method":"recommend.user","params":{"userId":"u00001","\#(name)":\#(text),\#(arranged)}}"#
                    )
                    let reason = reply["error"]?["reason"]?.text
                    #expect(
                        reply["result"] != nil || ["BAD_FIELD", "FILTER_SYNTAX", "PARSE_ERROR"].contains(reason),
                        "\(name) \(text): \(reply)")
                    if reply["result"] != nil { answeredCount += 1 }
                }
            }
        }
        #expect(answeredCount > 200, "\(answeredCount) were answered")
        #expect(responder.counters.nonFiniteNumbers == 0)
    }

    /// Weights of both signs that cancel, all but a few candidates excluded, each component alone: parts add up to scores.
    @Test(arguments: Model.allCases) func weightsThatCancelLeaveNumbers(_ model: Model) throws {
        let responder = try model.server().makeResponder()
        let client = InProcessConnection(responder)
        var generator = SeededGenerator(seed: 36)
        var personalCount = 0
        for _ in 0..<120 {
            let reply = try client.ask(Self.cancellingRequest(&generator))
            for item in try #require(reply["result"]?["items"]?.elements, "\(reply)") {
                let score = try #require(item["score"]?.number)
                let parts = ["content", "collaborative", "fallback"].compactMap { item["contributions"]?[$0]?.number }
                #expect(abs(parts.reduce(0, +) - score) <= 1e-5 * max(1, abs(score)), "\(item)")
                #expect((parts + [score]).allSatisfy { abs($0) < 1e30 }, "\(item)")
                if item["source"]?.text != "fallback" { personalCount += 1 }
                for entry in item["because"]?.elements ?? [] {
                    #expect(entry["share"]?.number.map { $0 < 1e30 } == true)
                }
            }
        }
        #expect(personalCount > 30)
        #expect(responder.counters.nonFiniteNumbers == 0)
    }

    private static func cancellingRequest(_ generator: inout SeededGenerator) -> String {
        func id(_ number: Int) -> String { "i" + String(repeating: "0", count: 5 - "\(number)".count) + "\(number)" }
        let weights = [
            "785977.8125", "-785977.8125", "-9432.14453125", "1e-38", "1e-6", "-1e-6", "1", "-1", "1e6", "-1e6",
        ]
        let items = (0..<1 + generator.index(below: 6)).map { _ in
            let weight = weights[generator.index(below: weights.count)]
            return #"{"itemId":"\#(id(1 + generator.index(below: 100)))","weight":\#(weight)}"#
        }
        let kept = (0..<1 + generator.index(below: 3)).map { _ in 1 + generator.index(below: 100) }
        let excluded = (1...100).filter { !kept.contains($0) }.map { "\"\(id($0))\"" }
        let blend = [
            #"{"content":1,"collaborative":0}"#, #"{"content":0,"collaborative":1}"#, "{}",
            #"{"content":1e-38,"collaborative":1,"fallback":1}"#,
            #"{"content":1e-45,"collaborative":1e-38,"fallback":1e-40}"#,
        ]
        return
            #"{"id":1,"method":"recommend.user","params":{"recentItems":[\#(items.joined(separator: ","))],"count":100,"#
            + #""excludeIds":[\#(excluded.joined(separator: ","))],"excludeSeen":false,"explain":"full","#
            + #""weights":\#(blend[generator.index(below: blend.count)])}}"#
    }

    /// What answers: the shop's own model, lists and factors together, and lists of users.
    enum Model: String, CaseIterable, Sendable {
        case auto
        case pair = "ease+ials"
        case users = "user-knn"

        private static let pairServer = Result { try server("ease+ials") }
        private static let usersServer = Result { try server("user-knn") }

        private static func server(_ model: String) throws -> InProcessServer {
            let shop = try BuiltShop(userCount: 80, options: ["--quiet", "--model", model])
            // The open index keeps its file's memory; the folder may go.
            return try InProcessServer(indexPath: shop.indexPath)
        }

        func server() throws -> InProcessServer {
            switch self {
            case .auto: try ConformanceShop.shared.get().inProcess
            case .pair: try Self.pairServer.get()
            case .users: try Self.usersServer.get()
            }
        }
    }
}
