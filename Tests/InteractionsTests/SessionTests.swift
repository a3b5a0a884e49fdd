import Interactions
import LinearAlgebra
import Testing

@Suite struct SessionTests {
    private func sessions(_ log: InteractionLog, gapMinutes: Int = 30) -> [[String]] {
        let ids = log.items.ascendingOrder().map { log.items.id(at: Int($0)) }
        let lists = SessionSequences.build(from: log, itemIds: ids, gap: SessionGap(minutes: gapMinutes))
        return (0..<lists.listCount).map { lists[$0].map { ids[Int($0)] } }
    }

    @Test func theColumnDecidesWhereThereIsOne() throws {
        let log = try readRows(
            "user,item,time,session\nu,b,2,s2\nu,a,1,s1\nu,c,4,s1\nv,a,3,s1\nu,d,2,\nu,e,2,\n"
        ).log
        #expect(log.sessionIndexes == [0, 1, 1, 1, 2, 3])
        // Rows without a session are sessions of their own; of equal times the later row is the more recent.
        #expect(sessions(log) == [["a", "a", "c"], ["e"], ["d"], ["b"]])
    }

    @Test func theSessionIsTheUserWhereNoColumnIs() throws {
        let log = try readRows("SessionId,ItemId,Time\n7,x,10\n8,y,11\n7,z,12\n").log
        #expect(log.rows.map(\.user) == ["7", "8", "7"])
        #expect(sessions(log) == [["x", "z"], ["y"]])
    }

    @Test func aPauseEndsASession() throws {
        // After 30 minutes (not longer than the gap), after 31 more, and another user in between.
        let log = try readRows(
            """
            user,item,time
            u,a,2024-05-17T09:00:00Z
            u,b,2024-05-17T09:30:00Z
            v,x,2024-05-17T09:31:00Z
            u,c,2024-05-17T10:01:00Z

            """
        ).log
        #expect(!log.hasSessions)
        #expect(sessions(log) == [["c"], ["x"], ["a", "b"]])
        #expect(sessions(log, gapMinutes: 60) == [["a", "b", "c"], ["x"]])
    }

    @Test func withoutTimesAUserIsASession() throws {
        let log = try readRows("user,item\nu,b\nv,x\nu,a\n").log
        #expect(sessions(log) == [["b", "a"], ["x"]])
    }

    @Test func dislikesAreNoSteps() throws {
        var log = InteractionLog(eventTypes: ["view", "dislike"], hasTimes: false)
        log.append(user: "u", item: "a")
        log.append(user: "u", item: "b", eventType: 1)
        log.append(user: "v", item: "b", eventType: 1)
        let weights = try EventWeights(parsing: "dislike=-5")
        let lists = SessionSequences.build(from: log, itemIds: ["a", "b"], weights: weights)
        #expect(lists.offsets == [0, 1] && lists.indexes == [0])
        let empty = InteractionLog(eventTypes: ["view"], hasTimes: true)
        #expect(SessionSequences.build(from: empty, itemIds: []).listCount == 0)
    }

    @Test func subsetsKeepSessions() throws {
        let log = try readRows("item,time,session\na,3,s\nb,1,t\nc,2,s\n").log
        #expect(log.sortedByTime().sessionIndexes == [1, 0, 0])
        #expect(log.filter { $0 == 2 }.sessionIndexes == [0])
    }

    @Test func aKeyThatComesLateIsNoSession() throws {
        let lines = #"{"userId":"u","itemId":"a"}"# + "\n" + #"{"userId":"u","itemId":"b","sessionId":"s"}"# + "\n"
        #expect(try !readRows(lines, name: "rows.jsonl").log.hasSessions)
    }
}
