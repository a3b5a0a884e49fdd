// The example of the README, as it stands there: Tools/check-clients compares them.

import ForetasteClient

extension LiveTest {
    func example() async throws {
        let client = try Client(ClientOptions(servers: address))
        let answer = try await client.recommendUser(.init(userId: "u00001", count: 5, fields: ["title"]))
        for item in answer.items { print(item.id, item.score, item.source) }

        // Ids are strings. What the server refuses is told by `reason`.
        do {
            _ = try await client.recommendItem(.init(itemId: "no such item"))
        } catch let error as ServerError where error.reason == "ITEM_NOT_FOUND" {
            print(error.message)
        }

        // Many requests in flight at once.
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let params = RecommendUserParams(userId: "u\(number)", count: 3)
                    return try await client.recommendUser(params, options: CallOptions(deadlineMs: 500)).items.count
                }
            }
            for try await count in group { print(count) }
        }
        client.close()
    }
}
