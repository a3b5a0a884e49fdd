import CommandLineInterface
import TestSupport
import Testing
import WireProtocol

@testable import ServerClient

@Suite struct ShellTests {
    private func parameters(_ line: String) throws -> JSON? {
        try ShellLine(line).parameters.map { try JSON.parse($0.utf8) }
    }

    private func mistake(_ line: String) -> String? {
        #expect(throws: ShellLine.Mistake.self) { try ShellLine(line) }?.description
    }

    @Test func aLineIsAMethodAndItsParameters() throws {
        #expect(try ShellLine("  ping ") == ShellLine("ping"))
        #expect(try ShellLine("ping").method == "ping")
        #expect(try parameters("ping") == nil)
        // A text stays one, whatever it looks like; a number is one.
        #expect(
            try parameters("recommend.user userId=17850 count=5 excludeSeen=false")
                == JSON.parse(#"{"userId":"17850","count":5,"excludeSeen":false}"#.utf8))
        #expect(
            try parameters("recommend.user userId=a excludeIds=1,2 fields=title,price")
                == JSON.parse(#"{"userId":"a","excludeIds":["1","2"],"fields":["title","price"]}"#.utf8))
        #expect(
            try parameters(#"recommend.item itemId="a b" filter='price < 10 and brand = "x y"'"#)
                == JSON.parse(#"{"itemId":"a b","filter":"price < 10 and brand = \"x y\""}"#.utf8))
        #expect(
            try parameters(#"recommend.user userId=u excludeSeen={"withinDays": 3} maxPer={"property": "b}"}"#)
                == JSON.parse(#"{"userId":"u","excludeSeen":{"withinDays":3},"maxPer":{"property":"b}"}}"#.utf8))
        #expect(try parameters(#"recommend.user {"userId": "u"}"#) == JSON.parse(#"{"userId":"u"}"#.utf8))
        #expect(try parameters(#"recommend.user{"userId": "u"}"#) == JSON.parse(#"{"userId":"u"}"#.utf8))
        // What is no value of its kind goes as a text, so that the server says what it expects.
        #expect(try parameters("recommend.user count=many") == JSON.parse(#"{"count":"many"}"#.utf8))
        // Methods of a newer server.
        #expect(
            try parameters("new.method a=1 b=true c=x") == JSON.parse(#"{"a":1,"b":true,"c":"x"}"#.utf8))
        #expect(try parameters("recommend.user userId=") == JSON.parse(#"{"userId":""}"#.utf8))
    }

    @Test func aLineThatIsNoneIsToldWhy() {
        #expect(mistake("recommend.user 17850")?.contains("'17850': expected name=value") == true)
        #expect(mistake("recommend.user =5")?.contains("expected name=value") == true)
        #expect(mistake("recommend.user filter='a")?.contains("is not closed") == true)
        #expect(mistake("recommend.user a={")?.contains("bracket") == true)
    }

    @Test func whatMayFollowIsCompleted() {
        let completion = ShellCompletion(servers: ["shop", "stage"])
        func words(_ text: String) -> [String] { completion.completion(of: text).words }
        #expect(words("recommend.u") == ["recommend.user "])
        #expect(words("recommend.").contains("recommend.item"))
        #expect(words("he").contains("help") && words("he").contains("hello"))
        #expect(words("use s") == ["shop", "stage"])
        #expect(words("json o") == ["off", "on"])
        #expect(words("recommend.user userI") == ["userId="])
        #expect(!words("recommend.user userId=1 ").contains("userId"))
        #expect(words("recommend.user excludeSeen=t") == ["true "])
        #expect(words("recommend.user explain=f") == ["full "])
        #expect(words("nothing.known x").isEmpty)
        #expect(completion.completion(of: "recommend.user co").replacedCount == 2)
    }

    private func text(_ reply: String) throws -> String {
        let bytes = Array(reply.utf8)
        return ReplyText.text(of: try #require(unsafe JSONParser().received(in: bytes.span.bytes)))
    }

    @Test func aReplyIsValuesAndTables() throws {
        let reply = #"""
            {"id":1,"result":{"fallbackUsed":false,"userState":{"known":true,"historyCount":3},"items":[
            {"id":"a","score":0.5,"title":"Größe \n1"},{"id":"b","score":12,"tags":["x","y"],"more":{"z":1}}]},
            "meta":{"serverMs":0.25,"indexVersion":"v1","quality":"partial","ignored":[{"field":"params.cuont","nearest":"count"}]}}
            """#
        #expect(
            try text(reply) == #"""
                fallbackUsed            false
                userState.known         true
                userState.historyCount  3
                items                   2

                   id  score  title     tags  more
                -  --  -----  --------  ----  -------
                1  a     0.5  Größe  1
                2  b      12            x, y  {"z":1}
                (0.25 ms, index v1, quality partial)
                ignored: params.cuont: did you mean 'count'?

                """#)
        #expect(try text(#"{"id":1,"result":{}}"#) == "")
        #expect(try text(#"{"id":1,"result":{"items":[]}}"#) == "items  \n")
        #expect(
            try text(#"{"id":1,"error":{"reason":"BAD_FIELD","message":"Wrong.","details":{"field":"params.a"}}}"#)
                == "BAD_FIELD (params.a): Wrong.\n")
    }
}
