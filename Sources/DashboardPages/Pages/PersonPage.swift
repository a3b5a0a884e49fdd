import AnalyticsArtefacts
import AnalyticsService
import RecommendationService
import Reporting
import ServiceMethods

/// All that is known of one person.
struct PersonPage {
    private static let recommendationCount = 10
    private let source: PageSource

    init(_ source: PageSource) { self.source = source }

    func content() throws(DashboardError) -> PageContent {
        let filter = DashboardFilter(
            name: "user", label: "User", kind: .text(placeholder: "an id"), value: try source.query.text("user") ?? "")
        guard let id = try source.query.text("user", maximumBytes: 256) else {
            return PageContent(title: "A person", lede: "Name a user.", filters: [filter], sections: [])
        }
        guard !source.context.view.isErased(id) else {
            throw DashboardError(status: 404, message: "This person asked to be forgotten.")
        }
        let users = source.view?.bundle.users
        let place = users?.place(of: id)
        let lists = RecommendationLists(source)
        let isKnown = source.context.view.user(id) != nil
        guard place != nil || isKnown else {
            throw DashboardError(
                status: 404,
                message:
                    "Neither the analysis nor the index has this user: their events came later, or nobody has this id.")
        }
        var sections: [PageSection] = []
        var facts: [PageContent.Fact] = []
        if let users, let place {
            facts = Self.facts(users, place, source)
            sections.append(predictions(users, place))
            sections += unusual(id)
        }
        sections.append(
            PageSection(
                title: "Recommendations",
                note: isKnown
                    ? "As the server gives them now." : "The index does not know this user: these are for anybody.",
                tables: [lists.table(forUser: id, count: Self.recommendationCount)]))
        let link = DashboardAddress(DashboardPage.recommendations.path, [("user", id)]).text
        sections.append(
            PageSection(
                title: "Why not?",
                content: "<p><a href=\"\(Markup.escaped(link))\">Look up why an item is missing from this list</a></p>")
        )
        return PageContent(
            title: "User \(id)", lede: place == nil ? "The analysis does not have this user." : "",
            filters: [filter], facts: facts, sections: sections)
    }

    private static func facts(_ users: UsersDocument, _ place: Int, _ source: PageSource) -> [PageContent.Fact] {
        func known(_ column: [Double?]) -> Double? { column.isEmpty ? nil : column[place] }
        var facts = [
            PageContent.Fact(
                name: "segment", value: Shown.words(UserTable(users: users, source: source).segment(place)),
                link: DashboardPage.segments.path),
            PageContent.Fact(name: "events", value: Shown.count(users.events[place])),
            PageContent.Fact(name: "purchases", value: Shown.count(users.purchases[place])),
            PageContent.Fact(name: "last seen", value: Shown.day(ofMilliseconds: users.lastTimes[place])),
        ]
        if let revenue = known(users.revenue) { facts.append(.init(name: "revenue", value: Shown.number(revenue))) }
        if let alive = known(users.alive) { facts.append(.init(name: "still a customer", value: Shown.percent(alive))) }
        if let value = known(users.value) {
            facts.append(.init(name: "value, next \(users.valueDays) days", value: Shown.number(value)))
        }
        return facts
    }

    private func predictions(_ users: UsersDocument, _ place: Int) -> PageSection {
        let known = users.models.filter { !$0.predictions.isEmpty && $0.predictions[place] != nil }
        let rows = known.map { model -> [DashboardTable.Cell] in
            let probability = model.predictions[place]
            let reasons = model.reasons(ofUser: place).map {
                "\(Shown.words($0.feature)) \($0.value >= 0 ? "+" : "")\(Shown.number($0.value))"
            }
            let isExpected = probability.map { $0 >= model.threshold } ?? false
            return [
                .words(model.name), .words(model.outcome), .percent(probability), .words(isExpected ? "yes" : "no"),
                .words(reasons.joined(separator: "; ")),
            ]
        }
        return PageSection(
            title: "What is foretold", note: "Reasons are what each feature adds to the log-odds, strongest first.",
            tables: [
                DashboardTable(
                    id: "predictions", title: "Predictions",
                    head: ["model", "foretells", "probability", "expected", "because"],
                    rows: rows, emptyText: "Nothing is foretold of this user.")
            ])
    }

    private func unusual(_ id: String) -> [PageSection] {
        let found = (source.view?.bundle.anomalies?.visitors ?? []).filter { $0.user == id }
        guard !found.isEmpty else { return [] }
        return [
            PageSection(
                title: "Unusual",
                tables: [
                    DashboardTable(
                        id: "unusual", title: "Unlike others", head: ["what", "events", "score", "why"],
                        rows: found.map { one in
                            [
                                .words(one.start.map { "visit of \(Shown.time($0))" } ?? "the user"),
                                .count(one.events),
                                .number(one.score),
                                .words(
                                    one.reasons.map {
                                        "\(Shown.words($0.feature)) \(Shown.number($0.value)), usual \(Shown.number($0.usual))"
                                    }.joined(separator: "; ")),
                            ]
                        })
                ])
        ]
    }
}
