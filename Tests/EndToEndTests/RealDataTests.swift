import Foundation
import TestSupport
import Testing

/// The two data sets of the main job with its commands, whole. The release build of `Tools/check-metrics` measures them; here it
/// matters that they build, verify and answer. EASE alone: to measure it beside its rivals takes a debug build minutes.
@Suite(.serialized) struct RealDataTests {
    @Test(.enabled(if: DataSets.have("movielens-1m"), "\(DataSets.reason)"))
    func movieLens1M() throws {
        let folder = try TemporaryDirectory()
        let index = folder.path("ml1m.index")
        let built = try Subprocess.run(
            "foretaste",
            [
                "build", "--interactions", DataSets.path("movielens-1m/ratings_order.csv.gz"), "--format",
                "movielens-1m", "--items", DataSets.path("movielens-1m/movies.dat.gz"), "--index", index, "--model",
                "ease", "--json", "--quiet",
            ])
        #expect(built.exitCode == 0, "\(built.errors)")
        #expect(try built.json()["users"] == .number(6040))
        try checkAnswers(index, users: ["1", "10", "100", "1000", "3000", "6040"], item: "1")
    }

    @Test(.enabled(if: DataSets.have("online-retail"), "\(DataSets.reason)"))
    func onlineRetail() throws {
        let folder = try TemporaryDirectory()
        let index = folder.path("retail.index")
        let file = DataSets.path("online-retail/online_retail.csv.gz")
        let built = try Subprocess.run(
            "foretaste",
            [
                "build", "--interactions", file, "--columns",
                "userId=CustomerID,itemId=StockCode,time=InvoiceDate,value=Quantity", "--event-type", "purchase",
                "--items", file, "--item-columns", "itemId=StockCode,title=Description", "--max-bad-rows", "30%",
                "--index", index, "--model", "ease", "--json", "--quiet",
            ])
        #expect(built.exitCode == 0, "\(built.errors)")
        #expect(try built.json()["users"] == .number(4339))
        // Bad rows are told even when quiet.
        #expect(built.errors.contains("135,080 missingUserId"), "\(built.errors)")
        try checkAnswers(index, users: ["17850", "13047", "12583", "14688", "15311", "16098"], item: "85123A")
    }

    private func checkAnswers(_ index: String, users: [String], item: String) throws {
        let server = try RunningServer(["--index", index])
        let client = try TestClient(port: server.port)
        let lists = try users.map { try client.itemIds("recommend.user", #"{"userId":"\#($0)","count":20}"#) }
        #expect(lists.allSatisfy { $0.count == 20 && Set($0).count == 20 })
        #expect(Set(lists).count == users.count, "personal lists differ between users")
        let popular = try client.itemIds("recommend.popular", #"{"count":20}"#)
        for list in lists { #expect(Set(list).intersection(popular).count < 15, "a list is little but popular items") }
        let similar = try client.itemIds("recommend.item", #"{"itemId":"\#(item)","count":20}"#)
        #expect(similar.count == 20 && !similar.contains(item))
        let again = try users.map { try client.itemIds("recommend.user", #"{"userId":"\#($0)","count":20}"#) }
        #expect(again == lists)
        #expect(try server.stop().exitCode == 0)
    }
}
