import TestSupport

/// Events at random, in many spellings.
struct RandomEvents {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    func rows(_ count: Int, users: Int) -> [String] {
        var generator = generator
        func pick(_ values: [String]) -> String { values[Int.random(in: 0..<values.count, using: &generator)] }
        return (0..<count).map { _ in
            let user = "u\(Int.random(in: 0..<users, using: &generator))"
            let item = pick(["shoe1", "shoe2", "lamp", "odd", "unlisted"])
            let event = pick(["visit", "view", "search", "purchase", "cart", "ignored"])
            let query = event == "search" ? pick(["shoes", "Desk Lamp", "acme  shoe"]) : ""
            return "\(user),\(item),\(event),\(query),\(pick(["", "web", "WEB", "App"])),"
                + "\(pick(["", "", "m", "female"])),\(pick(["", "1", "Tier 1", "tier 2", "METRO", "Metro"]))\n"
        }
    }
}
