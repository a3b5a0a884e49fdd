import TestSupport
import Testing

@testable import ServerClient

@Suite struct LoadTests {
    private func mistake(_ text: String) -> String? {
        #expect(throws: RequestMix.Mistake.self) { try RequestMix(text, path: "mix") }?.description
    }

    @Test func aMixDrawsByWeightAndFillsIds() throws {
        let mix = try RequestMix(
            """
            # comment
            3  recommend.user   {"userId":"{user}","excludeIds":["{item}","{item}"]}
            1  ping
            """, path: "mix")
        #expect(mix.needsUsers && mix.needsItems)
        let users = (0..<50).map { "u\"\($0)" }
        let requests = mix.requests(count: 1000, users: users, items: ["i1", "i2"], seed: 1)
        #expect(abs(requests.count { $0.line == 0 } - 750) < 80)
        var seen: Set<String> = []
        for (line, tail) in requests {
            let request = try JSON.parse(Array("{\"id\":1".utf8) + tail)
            #expect(request["method"]?.text == mix.lines[line].method)
            guard line == 0 else { continue }
            seen.insert(try #require(request["params"]?["userId"]?.text))
            #expect(request["params"]?["excludeIds"]?.elements?.count == 2)
        }
        #expect(seen == Set(users))
        // The same seed draws the same.
        let again = mix.requests(count: 1000, users: users, items: ["i1", "i2"], seed: 1)
        #expect(again.elementsEqual(requests) { $0.line == $1.line && $0.tail == $1.tail })
    }

    @Test func aWrongMixIsNamedWithItsLine() {
        #expect(
            mistake("1 recommend.usre {}")
                == "mix, line 1: there is no method 'recommend.usre'. Did you mean 'recommend.user'?")
        #expect(mistake("\n0 ping")?.hasPrefix("mix, line 2: expected a weight") == true)
        #expect(mistake("ping")?.hasPrefix("mix, line 1: expected a weight") == true)
        #expect(mistake("1 recommend.user [1]")?.hasPrefix("mix, line 1: the parameters are no JSON object") == true)
        #expect(mistake("1 server.drain")?.contains("leave it out") == true)
        #expect(mistake("# nothing\n")?.contains("expected 1 to 1000 lines") == true)
    }

    @Test func anOpenLoopIsDueAtFixedMomentsWhateverHappens() {
        var schedule = LoadSchedule(perSecond: 1000, begin: 5_000_000, end: 15_000_000)
        var due: [UInt64] = []
        // The clock stands still, and then has passed the end: nothing is forgotten.
        while let next = schedule.next(at: 99_000_000) {
            due.append(next)
            schedule.take()
        }
        #expect(due == (0..<10).map { 5_000_000 + UInt64($0) * 1_000_000 })
        let closed = LoadSchedule(perSecond: nil, begin: 0, end: 10)
        #expect(closed.next(at: 9) == 9)
        #expect(closed.next(at: 10) == nil)
    }
}
