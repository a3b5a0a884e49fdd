internal import Segmentation

/// Every visit as it was in the end, in figures that tell a person from a program.
package struct VisitShapes: Sendable {
    package let users: [Int32]
    /// Milliseconds since 1970.
    package let starts: [Int64]
    package let eventCounts: [Int]
    package let columns: [(name: String, values: [Double])]

    /// Visits with fewer events are alike.
    private static let leastEventCount = 2

    package init(_ tables: FeatureTables) {
        var (users, starts, counts): ([Int32], [Int64], [Int]) = ([], [], [])
        var values = Array(repeating: [Double](), count: 5)
        for (number, user) in tables.users.enumerated() {
            for visit in user.visits where visit.count >= Self.leastEventCount {
                let events = user.events[visit]
                let seconds = Double(events[visit.upperBound - 1].time - events[visit.lowerBound].time) / 1000
                let items = events.lazy.map(\.item).filter { $0 >= 0 }
                users.append(Int32(number))
                starts.append(events[visit.lowerBound].time)
                counts.append(visit.count)
                values[0].append(Double(visit.count))
                values[1].append(seconds)
                values[2].append(Double(visit.count) / max(seconds / 60, 1.0 / 60))
                values[3].append(Double(Set(items).count))
                values[4].append(Double(events.count { $0.kind == .purchase }))
            }
        }
        self.users = users
        self.starts = starts
        eventCounts = counts
        columns = zip(["events", "seconds", "events_per_minute", "distinct_items", "purchases"], values).map {
            ($0, $1)
        }
    }
}
