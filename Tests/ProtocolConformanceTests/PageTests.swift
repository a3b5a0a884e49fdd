import TestSupport
import Testing

/// Answers that are made of several answers, against those answers themselves.
@Suite struct PageTests {
    /// Rows as they may be asked, with what random numbers choose.
    private static func row(_ generator: inout SeededGenerator) -> (question: String, parameters: String) {
        func id(_ letter: String, _ limit: Int) -> String {
            let digits = String(Int.random(in: 1...limit, using: &generator))
            return letter + String(repeating: "0", count: 5 - digits.count) + digits
        }
        let count = #""count":\#(Int.random(in: 1...12, using: &generator))"#
        let (user, item, other) = (id("u", 60), id("i", 80), id("i", 80))
        switch Int.random(in: 0..<7, using: &generator) {
        case 0: return ("user", #""userId":"\#(user)",\#(count),"excludeIds":["\#(item)"]"#)
        case 1: return ("item", #""itemId":"\#(item)",\#(count),"filter":"price > 5""#)
        case 2: return ("session", #""items":["\#(item)","\#(other)"],\#(count)"#)
        case 3:
            return ("basket", #""items":["\#(item)","\#(other)"],\#(count),"pinned":[{"itemId":"i00003","place":1}]"#)
        case 5: return ("again", #""userId":"\#(user)",\#(count)"#)
        case 4: return ("popular", #""kind":"recent",\#(count)"#)
        default: return ("rank", #""userId":"\#(user)","itemIds":["\#(item)","\#(other)","i00003"]"#)
        }
    }

    /// Each row is what its method says where everything above it is excluded.
    @Test(arguments: Transport.allCases) func rowsAreTheirMethodsWithoutWhatWasShown(_ transport: Transport) throws {
        let client = try transport.connect()
        for seed in 1...25 as ClosedRange<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let rows = (0..<Int.random(in: 1...6, using: &generator)).map { _ in Self.row(&generator) }
            let asked = rows.enumerated().map { #"{"name":"\#($0)","\#($1.question)":{\#($1.parameters)}}"# }
            let reply = try client.ask(
                #"{"id":1,"method":"recommend.composite","params":{"rows":[\#(asked.joined(separator: ","))]}}"#)
            let found = try #require(reply["result"]?["rows"]?.elements, "seed \(seed): \(reply)")
            try #require(found.count == rows.count, "seed \(seed)")
            var shown: [String] = []
            for (place, row) in rows.enumerated() {
                let excluded = shown.map { "\"\($0)\"" }.joined(separator: ",")
                let parameters =
                    row.parameters.contains(#""excludeIds":["#)
                    ? row.parameters.replacing(
                        #""excludeIds":["#, with: #""excludeIds":[\#(excluded.isEmpty ? "" : excluded + ",")"#)
                    : row.parameters + #","excludeIds":[\#(excluded)]"#
                let alone = try client.ask(
                    #"{"id":1,"method":"recommend.\#(row.question)","params":{\#(parameters)}}"#)
                #expect(found[place]["name"] == .string("\(place)"), "seed \(seed)")
                #expect(found[place]["result"] == alone["result"], "seed \(seed) row \(place) \(row)")
                #expect(alone["result"] != nil, "seed \(seed) row \(place) \(alone)")
                shown += try #require(found[place]["result"]?["items"]?.elements).compactMap { $0["id"]?.text }
            }
            #expect(Set(shown).count == shown.count, "seed \(seed)")
        }
    }

    /// A row that fails is alone with its error; a late one too, and the answer says so.
    @Test(arguments: Transport.allCases) func aRowsErrorIsItsOwn(_ transport: Transport) throws {
        let client = try transport.connect()
        let reply = try client.ask(
            #"{"id":1,"method":"recommend.composite","params":{"rows":[{"name":"a","popular":{"segment":"no such"}},"#
                + #"{"name":"b","user":{"userId":"u00001","filter":"prize < 5"}},{"name":"c","popular":{"count":2}}]}}"#
        )
        let rows = try #require(reply["result"]?["rows"]?.elements, "\(reply)")
        #expect(rows[0]["error"]?["reason"] == .string("SEGMENT_NOT_FOUND"))
        #expect(rows[1]["error"]?["details"]?["field"] == .string("params.rows[1].user.filter"))
        #expect(rows[1]["error"]?["details"]?["nearest"] == .string("price"))
        #expect(rows[2]["result"]?["items"]?.elements?.count == 2)
        #expect(rows.allSatisfy { ($0["result"] == nil) != ($0["error"] == nil) })
    }

    /// Shares of the scores, added up from the list that `recommend.user` gives.
    @Test(arguments: Transport.allCases, ["brand", "tags", "price"])
    func valuesOfAPropertyAreThoseOfTheList(_ transport: Transport, _ property: String) throws {
        let client = try transport.connect()
        for user in ["u00001", "u00017", "nobody"] {
            let list = try client.ask(
                #"{"id":1,"method":"recommend.user","params":{"userId":"\#(user)","count":500,"excludeSeen":false,"#
                    + #""fields":["\#(property)"]}}"#)
            var sums: [(value: JSON, sum: Double, count: Double)] = []
            for item in try #require(list["result"]?["items"]?.elements, "\(list)") {
                guard let value = item["fields"]?[property], let score = item["score"]?.number, score > 0 else {
                    continue
                }
                let values = value.elements ?? [value]
                for value in values {
                    let part = score / Double(values.count)
                    if let place = sums.firstIndex(where: { $0.value == value }) {
                        sums[place].sum += part
                        sums[place].count += 1
                    } else {
                        sums.append((value, part, 1))
                    }
                }
            }
            let total = sums.reduce(0) { $0 + $1.sum }
            let reply = try client.ask(
                #"{"id":1,"method":"recommend.segments","params":{"userId":"\#(user)","property":"\#(property)","count":500}}"#
            )
            let found = try #require(reply["result"]?["segments"]?.elements, "\(reply)")
            #expect(found.count == sums.count, "\(user) \(property)")
            #expect(found.map { $0["share"]?.number ?? -1 } == found.map { $0["share"]?.number ?? -1 }.sorted(by: >))
            for segment in found {
                let expected = try #require(sums.first { $0.value == segment["value"] }, "\(segment)")
                #expect((try #require(segment["share"]?.number) - expected.sum / total).magnitude < 1e-5)
                #expect(segment["itemCount"]?.number == expected.count)
            }
        }
    }
}
