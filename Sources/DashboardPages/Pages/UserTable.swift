import AnalyticsArtefacts
import AnalyticsService
import Reporting

/// Users as rows, each leading to their own page.
struct UserTable {
    let users: UsersDocument
    let source: PageSource

    private var hasValue: Bool { !users.value.isEmpty }

    private func known(_ column: [Double?], _ place: Int) -> Double? { column.isEmpty ? nil : column[place] }

    func probability(_ model: String, _ place: Int) -> Double? {
        users.model(model).flatMap { known($0.predictions, place) }
    }

    func segment(_ place: Int) -> String {
        users.segments.indices.contains(users.segmentPlaces[place]) ? users.segments[users.segmentPlaces[place]] : ""
    }

    func table(_ id: String, _ title: String, _ places: [Int]) -> DashboardTable {
        let models = ["purchase", "churn"].filter { !(users.model($0)?.predictions.isEmpty ?? true) }
        let head =
            ["user", "segment", "last seen", "purchases"] + (users.revenue.isEmpty ? [] : ["revenue"])
            + models.map { $0 == "churn" ? "will be lost" : "will buy" } + (hasValue ? ["value"] : [])
        let rows = places.map { place -> [DashboardTable.Cell] in
            var row: [DashboardTable.Cell] = [
                .words(users.ids[place], link: PageSource.person(users.ids[place])),
                .words(Shown.words(segment(place))), .words(Shown.day(ofMilliseconds: users.lastTimes[place])),
                .count(users.purchases[place]),
            ]
            if !users.revenue.isEmpty { row.append(.number(known(users.revenue, place))) }
            for model in models { row.append(.percent(probability(model, place))) }
            if hasValue { row.append(.number(known(users.value, place))) }
            return row
        }
        return DashboardTable(id: id, title: title, head: head, rows: rows, emptyText: "Nobody.")
    }
}
