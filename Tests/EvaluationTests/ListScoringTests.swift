import Testing

@testable import Evaluation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

struct ListScoringTests {
    @Test func scoresLinesInOrder() throws {
        let text = "{\"ranked\":[3,1,2],\"relevant\":[1]}\r\n\n { \"relevant\" : [7, 7] , \"ranked\" : [ ] }"
        let value = try scoreLists(jsonLines: Array(text.utf8), at: try CutOffs([2]))
        // First line: hit at rank 2 of one wanted: NDCG 1/log2(3), recall 1, precision 1/2, MRR 1/2, MAP 1/2.
        let gain: Double = 1 / log2(3.0)
        let mean =
            #"{"hitRate@2":0.5,"ndcg@2":\#(gain / 2),"recall@2":0.5,"precision@2":0.25,"mrr@2":0.25,"map@2":0.25}"#
        let first =
            #"{"hitRate@2":1.0,"ndcg@2":\#(gain),"recall@2":1.0,"precision@2":0.5,"mrr@2":0.5,"map@2":0.5}"#
        let second =
            #"{"hitRate@2":0.0,"ndcg@2":0.0,"recall@2":0.0,"precision@2":0.0,"mrr@2":0.0,"map@2":0.0}"#
        #expect(
            value.compactJSON == "{\"cutOffs\":[2],\"count\":2,\"mean\":\(mean),\"lists\":[\(first),\(second)]}")
    }

    @Test(arguments: [
        "", "\n", "[]", "{}", "{\"ranked\":[1]}", "{\"ranked\":[1],\"ranked\":[2]}", "{\"ranked\":[1],\"relevant\":[]}",
        "{\"ranked\":[1,1],\"relevant\":[1]}", "{\"ranked\":[-1],\"relevant\":[1]}",
        "{\"ranked\":[2147483648],\"relevant\":[1]}", "{\"ranked\":[1,],\"relevant\":[1]}",
        "{\"ranked\":[\"1\"],\"relevant\":[1]}", "{\"ranked\":[1],\"relevant\":[1]} x",
        "{\"ranked\":[1],\"relevant\":[1]",
        "{\"ranked\":[1],\"relevant\":[1],}", "{\"ranked\":[1.5],\"relevant\":[1]}",
        "{\"ranked\" [1],\"relevant\":[1]}",
    ])
    func refusesOtherLines(text: String) {
        let error = #expect(throws: EvaluationError.self) {
            try scoreLists(jsonLines: Array(text.utf8), at: try CutOffs([2]))
        }
        #expect(error?.code == .invalidList)
    }

    @Test func withItemsTheCatalogueIsToldToo() throws {
        let items = """
            {"count":4,"categories":[2000000000],"vector":[2,0]}
            { "vector" : [ 0, 0.5e1 ], "count" : 3 }

            {"categories":[7,2000000000],"count":1,"vector":[]}
            """
        let lists = """
            {"ranked":[0,1],"relevant":[1],"history":[2]}
            {"ranked":[2],"relevant":[1]}
            """
        let value = try scoreLists(
            jsonLines: Array(lists.utf8), items: try ScoredItems(jsonLines: Array(items.utf8)), at: try CutOffs([2]))
        // Bits: -log2(4/8) = 1, -log2(3/8), -log2(1/8) = 3. Shown once each. Popularity (3.5 + 1) / 2.
        let bits: Double = log2(8.0 / 3)
        let expected = #"""
            "catalogue":{"catalogueCoverage@2":1.0,"meanPopularity@2":2.25,"gini@2":0.0,\#
            "novelty@2":\#(((1 + bits) / 2 + 3) / 2),"intraListDiversity@2":1.0,"semanticAccuracy@2":0.5},"lists":[
            """#
        #expect(value.compactJSON.contains(expected))
    }

    @Test(arguments: [
        "{}", "{\"count\":[1]}", "{\"count\":-1}", "{\"count\":1,\"vector\":[1,]}", "{\"count\":1,\"vector\":[1e999]}",
        "{\"count\":1,\"vector\":[1]}\n{\"count\":1,\"vector\":[1,2]}", "{\"count\":1,\"count\":1}",
    ])
    func refusesOtherItems(text: String) {
        let error = #expect(throws: EvaluationError.self) { try ScoredItems(jsonLines: Array(text.utf8)) }
        #expect(error?.code == .invalidList)
    }

    @Test(arguments: ["{\"ranked\":[1],\"relevant\":[0]}", "{\"ranked\":[0],\"relevant\":[0],\"history\":[1]}"])
    func refusesItemsThatTheFileOfItemsHasNot(text: String) throws {
        let items = try ScoredItems(jsonLines: Array("{\"count\":1}".utf8))
        let error = #expect(throws: EvaluationError.self) {
            try scoreLists(jsonLines: Array(text.utf8), items: items, at: try CutOffs([2]))
        }
        #expect(error?.found == "item 1")
    }

    @Test func namesTheLine() {
        let text = "{\"ranked\":[1],\"relevant\":[1]}\n{\"ranked\":[1],\"wanted\":[1]}"
        let error = #expect(throws: EvaluationError.self) {
            try scoreLists(jsonLines: Array(text.utf8), at: try CutOffs([2]))
        }
        let expected = """
            reading line 2 of the lists: expected the members "ranked" and "relevant", each once, found \
            ""wanted":[1]}". Write one object a line, such as {"ranked":[3,1,2],"relevant":[1]}.
            """
        #expect(error?.description == expected)
    }
}
