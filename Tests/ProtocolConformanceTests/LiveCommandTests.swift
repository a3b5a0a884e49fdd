import Foundation
import TestSupport
import Testing

/// The commands around live data, as a user runs them beside a running server.
@Suite(.serialized) struct LiveCommandTests {
    private let shop: BuiltShop
    private let folder: TemporaryDirectory

    init() throws {
        shop = try ConformanceShop.shared.get().shop
        folder = try TemporaryDirectory()
    }

    private var live: String { folder.path("live") }

    private func run(_ arguments: String..., exitCode: Int32 = 0) throws -> Subprocess.Outcome {
        let outcome = try Subprocess.run("foretaste", arguments)
        #expect(outcome.exitCode == exitCode, "\(arguments): \(outcome.output) \(outcome.errors)")
        return outcome
    }

    private func ask(_ client: TestClient, _ method: String, _ parameters: String) throws -> JSON {
        let reply = try client.ask(#"{"id":1,"method":"\#(method)","params":\#(parameters)}"#)
        return try #require(reply["result"], "\(reply)")
    }

    @Test func eventsAreImportedExportedBackedUpAndRestored() throws {
        let server = try shop.serve(["--live", live])
        let address = "127.0.0.1:\(server.port)"
        let lines = [
            #"{"eventId":"a1","type":"view","userId":"ann","itemId":"i00001","context":{"n":"é \" ,"}}"#, "",
            #"{"eventId":"a2","type":"purchase","userId":"ann","itemId":"i00002","value":2,"time":1700000000000}"#,
            #"{"eventId":"a3","type":"view","itemId":"i00002"}"#,
        ]
        let file = try folder.write(lines.joined(separator: "\n") + "\n", to: "events.jsonl")
        let imported = try run("events", "import", file, "--server", address, exitCode: 1)
        #expect(imported.output.contains("2 stored, 0 known already, 1 refused"), "\(imported.output)")
        #expect(imported.errors.contains("events.jsonl, line 4: Say who it was"), "\(imported.errors)")
        let again = try run("events", "import", file, "--server", address, exitCode: 1)
        #expect(again.output.contains("0 stored, 2 known already, 1 refused"), "\(again.output)")
        let table = try folder.write(
            "eventId,type,userId,itemId,value,time\r\nc1,cart,\"bob, \"\"b\"\"\",i00003,3,2024-05-17T09:30:00Z\r\nc2,view,cid,i00004,,\r\n",
            to: "events.csv")
        #expect(try run("events", "import", table, "--server", address).output.contains("2 stored"))
        let wrong = try folder.write("eventid,type\nx,view\n", to: "wrong.csv")
        #expect(
            try run("events", "import", wrong, "--server", address, exitCode: 1).errors.contains(
                "find the column of the userId"))
        let orders = try folder.write(
            "InvoiceNo;CustomerID;StockCode;InvoiceDate\n1;NULL;i00001;20240101\n2;dan;i00002;20240102\n",
            to: "orders.csv")
        let options = ["--columns", "itemId=StockCode,time=InvoiceDate", "--event-type", "purchase"]
        let refused = try Subprocess.run("foretaste", ["events", "import", orders, "--server", address] + options)
        #expect(refused.exitCode == 1 && refused.errors.contains("missingUserId 1"), "\(refused.errors)")
        let told = try Subprocess.run(
            "foretaste", ["events", "import", orders, "--server", address, "--max-bad-rows", "1"] + options)
        #expect(told.exitCode == 1 && told.output.contains("1 stored") && told.errors.contains("2024-01-02"))
        #expect(
            try run("events", "import", folder.path("none"), "--server", address, exitCode: 1).errors.contains("none"))

        let client = try TestClient(port: server.port)
        _ = try ask(
            client, "items.upsert",
            #"{"items":[{"itemId":"new","text":"A kite","properties":{"p":9.5,"t":{"time":5}}}]}"#)
        _ = try ask(client, "users.upsert", #"{"users":[{"userId":"bea","properties":{"city":"Riga"}}]}"#)
        _ = try ask(client, "users.merge", #"{"fromUserId":"cid","intoUserId":"bea"}"#)
        let backup = folder.path("copy.backup")
        #expect(try run("backup", backup, "--live", live).output.contains("5 events, nothing wrong"))
        let reply = try client.ask(#"{"id":1,"method":"users.erase","params":{"userId":"ann"}}"#)
        client.disconnect()
        #expect(try run("live", "verify", "--live", live).output.contains("3 events, 1 items, 1 users, 1 erasures"))
        try checkReceipt(reply)

        let exported = try run("events", "export", "--live", live).output.split(separator: "\n")
        #expect(exported.count == 3)
        let dump = try run("dump", "--live", live).output
        #expect(try run("load", folder.path("none"), "--live", live, exitCode: 1).errors.contains("none"))
        let dumped = try folder.write(dump, to: "dump.jsonl")
        #expect(try run("load", dumped, "--live", live, exitCode: 1).errors.contains("in use by process"))
        try server.stop()
        _ = try run("load", dumped, "--live", folder.path("loaded"))
        #expect(try run("dump", "--live", folder.path("loaded")).output == dump)
        #expect(try run("live", "verify", "--live", folder.path("loaded")).output.contains("nothing wrong"))

        #expect(try run("restore", backup, "--live", live).output.contains("1 erasures kept"))
        let restored = try run("events", "export", "--live", live).output
        #expect(restored.split(separator: "\n").count == 3 && !restored.contains("ann"), "\(restored)")
    }

    private func checkReceipt(_ reply: JSON) throws {
        let result = try #require(reply["result"])
        let copies = (result["copies"]?.elements ?? []).map { copy in
            #"{"kind":"\#(copy["kind"]?.text ?? "")","name":"\#(copy["name"]?.text ?? "")","until":"\#(copy["until"]?.text ?? "")"}"#
        }
        func receipt(events: Int) -> String {
            #"{"receiptId":"\#(result["receiptId"]?.text ?? "")","userIds":["ann"],"sequence":"\#(result["sequence"]?.text ?? "")","#
                + #""time":\#(Int(result["time"]?.number ?? 0)),"removed":{"events":\#(events),"propertySets":0,"merges":0},"#
                + #""copies":[\#(copies.joined(separator: ","))],"checksum":"\#(result["checksum"]?.text ?? "")"}"#
        }
        let good = try folder.write(receipt(events: 2), to: "receipt.json")
        #expect(try run("receipt", "verify", good, "--live", live).output.contains("intact; 1 ids, 2 events removed"))
        let bad = try folder.write(receipt(events: 3), to: "forged.json")
        #expect(try run("receipt", "verify", bad, exitCode: 1).errors.contains("not as it was given"))
    }

    @Test func aBuildTakesLiveDataOnceAndLeavesOutWhoWasForgotten() throws {
        let index = folder.path("grown.index")
        let base = ["build", "--interactions", shop.interactionsPath, "--items", shop.itemsPath, "--index", index]
        #expect(try Subprocess.run("foretaste", base + ["--quiet"]).exitCode == 0)
        let server = try RunningServer(["--index", index, "--live", live])
        let client = try TestClient(port: server.port)
        let bought =
            #"{"events":[{"type":"purchase","userId":"zoe","itemId":"i00001"},{"type":"purchase","userId":"zoe","itemId":"i00002"}]}"#
        _ = try ask(client, "events.put", bought)
        _ = try ask(client, "users.erase", #"{"userId":"u00003"}"#)
        _ = try ask(client, "items.delete", #"{"itemIds":["i00005"]}"#)
        let before = try ask(client, "recommend.user", #"{"userId":"zoe","count":10}"#)
        let built = try Subprocess.run("foretaste", base + ["--from-live", live])
        #expect(built.exitCode == 0 && built.errors.contains("2 live events taken, 0 of no use"), "\(built.errors)")
        let facts = try JSON.parse(try run("inspect", index, "--json").output.utf8)
        #expect(facts["userCount"]?.number == 200, "one came, one was forgotten")
        #expect(facts["itemCount"]?.number == 99, "one is deleted")
        #expect(server.logs("index replaced"))
        let after = try ask(client, "recommend.user", #"{"userId":"zoe","count":10}"#)
        #expect(after["userState"]?["historyCount"]?.number == 2, "nothing counts twice: \(after)")
        #expect(before["userState"]?["historyCount"]?.number == 2)
        #expect(try ask(client, "recommend.user", #"{"userId":"u00003"}"#)["fallbackUsed"] == .boolean(true))
        client.disconnect()
        try server.stop()
        try checkOtherStores(index)
    }

    /// The index has taken `live`: a restored backup of it is served, what was loaded from a dump is refused, also at a swap, and a
    /// store that begins anew counts beside what the index has.
    private func checkOtherStores(_ index: String) throws {
        let (restored, loaded) = (folder.path("restored.live"), folder.path("loaded.live"))
        _ = try run("backup", folder.path("b"), "--live", live)
        _ = try run("restore", folder.path("b"), "--live", restored)
        let dumped = try folder.write(try run("dump", "--live", live).output, to: "d.jsonl")
        _ = try run("load", dumped, "--live", loaded)
        let foreign = try Subprocess.run(
            "foretaste-server", ["--index", index, "--live", loaded, "--listen", "127.0.0.1:0"])
        #expect(foreign.exitCode == 1 && foreign.errors.contains("--from-live \(loaded)"), "\(foreign)")
        let doctor = try Subprocess.run("foretaste", ["doctor", "--index", index, "--live", loaded])
        #expect(doctor.exitCode == 1 && doctor.output.contains("count twice"), "\(doctor)")
        for (path, log) in [(restored, "listening"), (folder.path("new.live"), "this one is empty")] {
            let server = try RunningServer(["--index", index, "--live", path])
            #expect(server.logs(log))
            let client = try TestClient(port: server.port)
            let bought = #"{"events":[{"type":"purchase","userId":"zoe","itemId":"i00003"}]}"#
            _ = try ask(client, "events.put", bought)
            let state = try ask(client, "recommend.user", #"{"userId":"zoe"}"#)["userState"]
            #expect(state?["historyCount"]?.number == 3, "\(path)")
            client.disconnect()
            try server.stop()
        }
        try checkSwap(index, loaded)
    }

    /// The version before has taken nothing of any store, so it is served; the newer one is not swapped in.
    private func checkSwap(_ index: String, _ loaded: String) throws {
        let versions = try JSON.parse(try run("versions", index, "--json").output.utf8)
        let newest = try #require(versions.elements?.first?["version"]?.text)
        _ = try run("activate", index)
        let server = try RunningServer(["--index", index, "--live", loaded])
        _ = try run("activate", index, newest)
        #expect(server.logs("index not replaced"))
        try server.stop()
    }
}
