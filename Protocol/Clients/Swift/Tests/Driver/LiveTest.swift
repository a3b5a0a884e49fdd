import ForetasteClient

/// Asks a real server by every kind of wrapper, and does what the README's example does.
struct LiveTest {
    struct Wrong: Error, CustomStringConvertible {
        let description: String
    }

    let address: String

    func run() async throws {
        try await example()
        let client = try Client(ClientOptions(servers: address, name: "live test"))
        let known = try await client.hello().methods
        try expect(known.contains("recommend.user") && known.contains("ping"), "hello tells the methods")
        try expect(try await client.health().ready, "the server is ready")
        try expect(try await client.info().index?.items == 120, "the shop has 120 items")
        let answer = try await client.recommendUser(
            RecommendUserParams(
                userId: "u00001", count: 5, weights: Weights(content: 1), fields: ["*"], explain: "full",
                recentItems: [RecentItem(itemId: "i00001"), RecentItem(itemId: "i00002", weight: 2)]))
        try expect(answer.items.count == 5 && answer.items[0].contributions != nil, "five items with contributions")
        try await expectRefusal("recommend.item", ["itemId": 17])
        try await expectRefusal("ping", ["echo": .number(.infinity)])
        try await expectRefusal("ping", [1])
        let text = "\\ud83e 🧀\u{1}\u{2028}"
        try expect(try await client.ping(PingParams(echo: text)).echo == text, "the echo")
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<1000 {
                group.addTask { try await client.recommendUser(.init(userId: "u\(number)", count: 20)).items.count }
            }
            for try await count in group { try expect(count == 20, "a list of 20") }
        }
        let cancelled = Task { try await client.ping() }
        cancelled.cancel()
        do {
            _ = try await cancelled.value
        } catch is CancellationError {
            print("done")
            return
        }
        print("done, answered before it was cancelled")
    }

    private func expectRefusal(_ method: String, _ params: JSONValue) async throws {
        let client = try Client(ClientOptions(servers: address))
        do {
            _ = try await client.call(method, params)
        } catch is InvalidRequest {
            return
        }
        throw Wrong(description: "\(method) was sent with \(params)")
    }

    private func expect(_ isTrue: Bool, _ text: String) throws {
        if !isTrue { throw Wrong(description: "not so: \(text)") }
    }
}
