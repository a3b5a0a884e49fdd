import TestSupport

extension TestClient {
    func request(_ method: String, _ parameters: String = "{}") throws -> JSON {
        try ask(#"{"id":1,"method":"\#(method)","params":\#(parameters)}"#)
    }

    /// For a peer that may have closed already, and whose last words are still to be read.
    @discardableResult
    func sendsAll(_ bytes: [UInt8]) -> Bool {
        do {
            try send(bytes)
            return true
        } catch {
            return false
        }
    }

    /// The ids of a recommendation, best first.
    func itemIds(_ method: String, _ parameters: String) throws -> [String] {
        let reply = try request(method, parameters)
        guard let items = reply["result"]?["items"]?.elements else { throw TestSupportError("no items: \(reply)") }
        return items.compactMap { $0["id"]?.text }
    }

    func indexVersion() throws -> String? { try request("info")["result"]?["index"]?["version"]?.text }

    /// Asks until the server answers from that version; false at the deadline.
    func seesVersion(_ version: String, timeoutSeconds: Double = Subprocess.usualTimeoutSeconds) throws -> Bool {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(timeoutSeconds)
        while clock.now < deadline {
            if try indexVersion() == version { return true }
        }
        return false
    }
}

extension Subprocess.Outcome {
    func json() throws -> JSON { try JSON.parse(outputBytes) }
}

extension BuiltShop {
    var currentVersion: String {
        get throws { String(try folder.text(of: "shop.index/CURRENT").dropLast()) }
    }

    func foretaste(_ arguments: String...) throws -> Subprocess.Outcome { try Subprocess.run("foretaste", arguments) }
}
