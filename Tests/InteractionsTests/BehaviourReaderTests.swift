import Interactions
import Testing

@Suite struct BehaviourReaderTests {
    private func visits(_ text: String, name: String = "rows.csv", columns: String? = nil) throws -> BehaviourLog {
        let file = try TemporaryFile(text, name: name)
        let mapping = try columns.map { try ColumnMapping(parsing: $0) } ?? .none
        return try BehaviourReader.readForVisits(
            path: file.path, options: SourceOptions(columns: mapping, maxBadRows: try MaxBadRows(parsing: "99%"))
        ).log
    }

    @Test func visitsHaveTimesAndSessions() throws {
        let log = try visits("user,item,time,session,type\nu,b,2,s2,swim\nu,a,1,s1,\nv,c,3,,view\nu,c,4,s1,swim\n")
        #expect(log.times == [2000, 1000, 3000, 4000] && log.sessionIndexes == [0, 1, -1, 1])
        #expect((0..<2).map { log.sessions.id(at: $0) } == ["s2", "s1"])
        // Every type counts; a row without one is a view.
        #expect(log.eventTypes == ["view", "swim"] && log.eventTypeIndexes == [1, 0, 0, 1])
    }

    @Test func theSessionIsTheUserWhereNoColumnIs() throws {
        let log = try visits("SessionId,ItemId,Time\n7,x,10\n8,y,11\n")
        #expect((0..<2).map { log.users.id(at: $0) } == ["7", "8"] && log.sessionIndexes == [0, 1])
        let mapped = try visits("SessionId,ItemId,Time\n7,x,10\n8,y,11\n", columns: "userId=SessionId")
        #expect(mapped.userIndexes == [0, 1] && mapped.sessionIndexes == [-1, -1])
    }

    @Test func badRowsOfVisits() throws {
        let long = String(repeating: "s", count: 257)
        let log = try visits(
            "user,item,query,time,session\nu,,shoes,1,\nu,,,2,\nu,a,,soon,\nu,a,,3,\(long)\nu,a,,4,t\n")
        #expect(log.times == [1000, 4000] && log.itemIndexes == [-1, 0] && log.sessionIndexes == [-1, 0])
        #expect(throws: ReadError.self) { try visits("user,item\nu,a\n") }
        #expect(throws: ReadError.self) { try visits("item,time\na,1\n") }
        #expect(throws: ReadError.self) { try visits("user,time\nu,1\n") }
    }

    @Test func moreTypesThanARowCanTellAreBadRows() throws {
        let rows = (0..<300).map { "u,i,\($0),t\($0)\n" }.joined()
        let log = try visits("user,item,time,type\n" + rows)
        #expect(log.count == 255 && log.eventTypes.count == 256)
    }

    @Test func withoutVisitsTimesAreNotLookedAt() throws {
        let file = try TemporaryFile("user,item,time,session\nu,a,soon,s\n")
        let log = try BehaviourReader.read(path: file.path, weights: .standard).log
        #expect(log.count == 1 && log.times.isEmpty && log.sessionIndexes.isEmpty)
        let mapping = SourceOptions(columns: try ColumnMapping(parsing: "time=time"))
        // One vocabulary of columns: a mapping of the times is taken, and not needed.
        #expect(try BehaviourReader.read(path: file.path, options: mapping, weights: .standard).log.times.isEmpty)
    }
}

struct TrendReadingTests {
    private func read(_ text: String, columns: String = "") throws -> BehaviourLog {
        let file = try TemporaryFile(text)
        let mapping = columns.isEmpty ? ColumnMapping.none : try ColumnMapping(parsing: columns)
        return try BehaviourReader.readForTrends(path: file.path, options: SourceOptions(columns: mapping)).log
    }

    @Test func whatARowCameToIsItsPriceTimesItsPieces() throws {
        let log = try read(
            """
            userId,itemId,time,type,price,quantity,category
            a,x,2020-01-01,purchase,2.5,4,tea
            a,y,2020-01-02,purchase,3,,
            b,x,2020-01-03,view,,,tea
            """)
        #expect(log.amounts.prefix(2) == [10, 3] && log.amounts[2].isNaN)
        #expect(log.categoryIndexes == [0, -1, 0] && log.categories.id(at: 0) == "tea")
    }

    @Test func aSumBesideAQuantityIsRefusedUnlessItIsNamed() throws {
        let text = "userId,itemId,time,revenue,quantity\na,x,2020-01-01,12,3\n"
        #expect(throws: ReadError.self) { try read(text) }
        #expect(try read(text, columns: "amount=revenue").amounts == [12])
        #expect(try read(text, columns: "price=revenue").amounts == [36])
    }

    @Test func aPriceThatIsNoNumberIsABadRow() {
        #expect(throws: ReadError.self) { try read("userId,itemId,time,price\na,x,2020-01-01,dear\n") }
    }

    @Test func daysAreThoseOfTheClocksOfThePlace() throws {
        let zone = try TimeZoneRules(parsing: "-01:30")
        #expect(zone.day(ofMilliseconds: 5_399_999) == -1)
        #expect(zone.day(ofMilliseconds: 5_400_000) == 0)
        #expect(TimeZoneRules.utc.day(ofMilliseconds: -1) == -1)
    }
}
