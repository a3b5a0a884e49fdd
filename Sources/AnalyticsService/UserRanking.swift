package import AnalyticsArtefacts

/// The users of an analysis by one figure, the highest first; of equal ones the first in the order of ids. Those without a value are not
/// among them.
package struct UserRanking: Sendable {
    /// Places in the document.
    package let places: [Int32]
    private let values: [Double?]

    /// Nil where nothing is known of anybody. O(users log users).
    package init?(_ figure: UserFigure, _ users: UsersDocument) {
        guard let values = figure.values(of: users) else { return nil }
        self.values = values
        places = (0..<Int32(values.count)).filter { values[Int($0)] != nil }.sorted { Self.precedes($0, $1, values) }
    }

    private static func precedes(_ first: Int32, _ second: Int32, _ values: [Double?]) -> Bool {
        let (a, b) = (values[Int(first)] ?? 0, values[Int(second)] ?? 0)
        return a == b ? first < second : a > b
    }

    package func value(_ place: Int32) -> Double { values[Int(place)] ?? 0 }

    /// How many have at least this. O(log users).
    package func count(atLeast bound: Double) -> Int { firstPlace { value($0) < bound } }

    /// Where those begin that come after this user; nil where the user is not among them. O(log users).
    package func place(after user: Int) -> Int? {
        guard values[user] != nil else { return nil }
        return firstPlace { Self.precedes(Int32(user), $0, values) }
    }

    /// Where the condition begins to hold, which it does to the end.
    private func firstPlace(_ holds: (Int32) -> Bool) -> Int {
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(places[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
