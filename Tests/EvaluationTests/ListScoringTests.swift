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
