/// A partition of a task's test users, for a breakdown of the metrics: by activity, or by any table of user and label
/// such as a segmentation.
package struct UserGrouping: Sendable, Equatable {
    package struct Group: Sendable, Equatable {
        package let name: String
        /// What puts a user in it, as a phrase; empty where the name says it.
        package let rule: String
    }

    /// What the users are divided by, as the key in JSON and after "by" in a heading: "activity", "segment".
    package let name: String
    package let groups: [Group]
    /// The number in `groups` of each test user, in the task's order.
    package let groupOfUser: [Int]

    /// By the number of different items that training knows of a user: none is new; the others are divided at the terciles
    /// of the test users' own numbers, so that the three groups are about as large as equal numbers allow: light up to
    /// the first tercile, medium up to the second, heavy above. Four groups, also where some are empty.
    package init(byActivityOf task: RankingTask) {
        let counts = task.testUsers.map { task.trainingItems(of: $0).count }
        let ascending = counts.filter { $0 > 0 }.sorted()
        func tercile(_ part: Int) -> Int {
            ascending.isEmpty ? 0 : ascending[(part * ascending.count + 2) / 3 - 1]
        }
        let (first, second) = (tercile(1), tercile(2))
        name = "activity"
        groups = [
            Group(name: "new", rule: "no training item"),
            Group(name: "light", rule: Self.range(from: 1, to: first)),
            Group(name: "medium", rule: Self.range(from: first + 1, to: second)),
            Group(
                name: "heavy", rule: ascending.last ?? 0 > second ? "\(second + 1) or more training items" : "nobody"),
        ]
        groupOfUser = counts.map { $0 == 0 ? 0 : $0 <= first ? 1 : $0 <= second ? 2 : 3 }
    }

    /// By a label for each test user, in the task's order; users without one come last, as "(none)". Labels ascend by
    /// their bytes.
    package init(by name: String, labels: [String?]) {
        let names = Set(labels.compactMap(\.self)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let hasUnlabelled = labels.contains { $0 == nil }
        var numbers: [String: Int] = [:]
        for (number, label) in names.enumerated() { numbers[label] = number }
        self.name = name
        groups = names.map { Group(name: $0, rule: "") } + (hasUnlabelled ? [Group(name: "(none)", rule: "")] : [])
        groupOfUser = labels.map { label in label.flatMap { numbers[$0] } ?? names.count }
    }

    private static func range(from least: Int, to greatest: Int) -> String {
        if greatest < least { return "nobody" }
        if greatest == least { return "\(least) training item\(least == 1 ? "" : "s")" }
        return "\(least) to \(greatest) training items"
    }
}
