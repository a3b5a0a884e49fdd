import Foundation
import TestSupport
import Testing

/// Segments from a file of orders to a running server's answers.
@Suite struct SegmentFlowTests {
    /// Eighty customers, every fourth of whom buys often and lately, and another kind of things.
    private func orders(in folder: TemporaryDirectory) throws -> String {
        var text = "userId,itemId,time,event,value,orderId,price\n"
        for customer in 0..<80 {
            let isGood = customer % 4 == 0
            for order in 0..<(isGood ? 9 : 1 + customer % 2) {
                let day = isGood ? 300 + order : customer + order
                let item = isGood ? "g\((customer / 4 + order) % 8)" : "p\((customer + order) % 12)"
                text +=
                    "c\(100 + customer),\(item),\(1_700_000_000 + day * 86_400),purchase,2,\(customer)-\(order),5.5\n"
            }
        }
        return try folder.write(text, to: "orders.csv")
    }

    private func must(_ arguments: [String]) throws -> Subprocess.Outcome {
        let outcome = try Subprocess.run("foretaste", arguments)
        #expect(outcome.exitCode == 0, "\(arguments): \(outcome.errors)")
        return outcome
    }

    @Test func customersOfASegmentationAreAnsweredFor() throws {
        let folder = try TemporaryDirectory()
        let orders = try orders(in: folder)
        let (segments, index) = (folder.path("segments"), folder.path("shop.index"))
        _ = try must([
            "segment", "rfm", "--transactions", orders, "--columns", "quantity=value", "--out", segments, "--quiet",
        ])
        _ = try must(["build", "--interactions", orders, "--index", index, "--segments", segments, "--quiet"])
        let server = try RunningServer(["--index", index])
        let client = try TestClient(port: server.port)
        for customer in ["c100", "c101", "c179"] {
            let told = try must(["segment", "predict", "--model", segments, "--customer", customer]).json()
            let asked = try #require(
                try client.request("segments.of", #"{"customerId":"\#(customer)"}"#)["result"])
            for member in ["customer_id", "segment_id", "segment_name", "rfm_segment", "stats"] {
                #expect(asked[member] == told[member], "\(customer) \(member)")
            }
            for member in ["confidence", "distance_to_center"] {
                let (one, other) = (try #require(asked[member]?.number), try #require(told[member]?.number))
                #expect(abs(one - other) < 1e-6, "\(customer) \(member)")
            }
        }
        let values = #"{"recency":2,"frequency":8,"monetary":99}"#
        let predicted = try #require(try client.request("segments.predict", values)["result"])
        let told = try must([
            "segment", "predict", "--model", segments, "--recency", "2", "--frequency", "8", "--monetary", "99",
        ]).json()
        #expect(predicted["segment_name"] == told["segment_name"])

        let name = try #require(
            try client.request("segments.of", #"{"userId":"c100"}"#)["result"]?["segment_name"]?.text)
        let popular = try client.itemIds("recommend.popular", #"{"segment":"\#(name)","count":20}"#)
        #expect(!popular.isEmpty && popular.allSatisfy { $0.hasPrefix("g") })
        var members: [String] = []
        var after = ""
        repeat {
            let page = try #require(
                try client.request("segments.members", #"{"segment":"\#(name)","count":7\#(after)}"#)["result"])
            members += try #require(page["members"]?.elements).compactMap(\.text)
            after = page["next"]?.text.map { #","after":"\#($0)""# } ?? ""
        } while !after.isEmpty
        let listed = try #require(try client.request("segments.list")["result"]?["segments"]?.elements)
        let count = listed.first { $0["segment"]?.text == name }?["memberCount"]?.number
        #expect(members == members.sorted() && Double(members.count) == count && members.contains("c100"))
        #expect(listed.reduce(0) { $0 + ($1["memberCount"]?.number ?? 0) } == 80)
        let trends = try #require(
            try client.request("segments.trends", #"{"segment":"\#(name)","unit":"week"}"#)["result"])
        let interactions = try #require(trends["segments"]?.elements?.first?["interactions"]?.elements)
        #expect(interactions.count == 52 && interactions.reduce(0) { $0 + ($1.number ?? 0) } >= 9 * 7)
    }

    @Test func segmentsOfAnIndexThatHasNone() throws {
        let shop = try BuiltShop()
        let server = try shop.serve()
        let client = try TestClient(port: server.port)
        func reason(_ method: String, _ parameters: String) throws -> String? {
            try client.request(method, parameters)["error"]?["reason"]?.text
        }
        #expect(try reason("segments.list", "{}") == "NO_SEGMENTS")
        #expect(try reason("recommend.popular", #"{"segment":"loyal"}"#) == "NO_SEGMENTS")
        _ = try shop.build(["--quiet", "--users", shop.folder.path("shop/users.csv"), "--segment-by", "cityTier"])
        let newer = try shop.serve()
        let other = try TestClient(port: newer.port)
        #expect(try other.request("segments.list")["result"]?["source"]?.text == "given")
        let fallback = try other.request("recommend.popular", #"{"segment":"1","explain":"codes","count":3}"#)
        let reasons = try #require(fallback["result"]?["items"]?.elements).map { $0["reason"]?.text }
        #expect(reasons == Array(repeating: "POPULAR_IN_SEGMENT", count: 3))
        for (method, parameters, expected) in [
            ("segments.of", #"{"customerId":"nobody"}"#, "MEMBER_NOT_FOUND"),
            ("segments.members", #"{"segment":"nothing"}"#, "SEGMENT_NOT_FOUND"),
            ("recommend.popular", #"{"segment":"nothing"}"#, "SEGMENT_NOT_FOUND"),
            ("segments.predict", #"{"recency":1,"frequency":1,"monetary":1}"#, "NO_SEGMENT_MODEL"),
        ] {
            #expect(try other.request(method, parameters)["error"]?["reason"]?.text == expected, "\(method)")
        }
    }

    @Test func evaluationsAreBrokenDownBySegment() throws {
        let folder = try TemporaryDirectory()
        let outcome = try must([
            "evaluate", "--interactions", try orders(in: folder), "--split", "leave-last-one", "--segments", "rfm",
            "--by",
            "segment", "--quiet", "--no-latency",
        ])
        #expect(outcome.output.contains("by segment"), "\(outcome.output)")
        #expect(outcome.output.contains("Segments are made from the training part"))
    }

    @Test(arguments: [
        (["--segments", "rfm", "--users", "U", "--segment-by", "x"], "leave one out"),
        (["--users", "U"], "'--segment-by'"), (["--segment-by", "x"], "'--users'"),
        (["--users", "U", "--segment-by", "nothing"], "nothing"), (["--segments", "nowhere"], "neither rfm nor"),
        (["--segment-share", "0.5"], "needs segments"), (["--users", "U", "--segment-by", "tab"], "control"),
    ])
    func wrongUseIsNamed(options: [String], words: String) throws {
        let folder = try TemporaryDirectory()
        let users = try folder.write("userId,x,tab\na,1,p\tq\n", to: "users.csv")
        let outcome = try Subprocess.run(
            "foretaste",
            ["build", "--interactions", try orders(in: folder), "--index", folder.path("i.index"), "--quiet"]
                + options.map { $0 == "U" ? users : $0 })
        #expect(outcome.exitCode != 0 && outcome.errors.contains(words), "\(outcome.errors)")
    }
}
