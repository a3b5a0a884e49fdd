import AnalyticsArtefacts
import AnalyticsService
import RecommendationService
import Reporting
import ServiceMethods

/// Who will buy, who will be lost, and how far the models can be believed.
struct PredictionsPage {
    private static let count = 50
    private static let lists: [(figure: UserFigure, label: String)] = [
        (.churn, "likely to be lost"), (.loss, "would cost most if lost"), (.value, "will be worth most"),
        (.purchase, "likely to buy"), (.conversion, "latest visit likely to convert"), (.revenue, "spent most"),
    ]

    private let source: PageSource

    init(_ source: PageSource) { self.source = source }

    func content() throws(DashboardError) -> PageContent {
        let users = try source.document(\.users, "single users")
        let known = Self.lists.filter { source.view?.ranking(by: $0.figure) != nil }
        let list = try source.query.choice("list", of: known.map(\.figure.rawValue))
        let label = known.first { $0.figure.rawValue == list }?.label ?? ""
        let (shown, total, next) = try places(users, list)
        let address = DashboardAddress(DashboardPage.predictions.path, [("list", list)])
        var sections = [
            PageSection(
                title: "Users: \(label)",
                note: "\(Shown.count(total)) users; \(Self.count) a page.",
                tables: [UserTable(users: users, source: source).table("users", "Users", shown)])
        ]
        if known.isEmpty { sections = [] }
        return PageContent(
            title: "Predictions",
            lede:
                "As of \(Shown.day(ofMilliseconds: users.moment)), from what happened before it; \(users.days) days ahead.",
            filters: known.isEmpty
                ? []
                : [
                    DashboardFilter(
                        name: "list", label: "Users",
                        kind: .choice(known.map { ($0.figure.rawValue, $0.label) }), value: list),
                    DashboardFilter(name: "page", label: "", kind: .hidden, value: ""),
                ], sections: sections + [models(users)] + importances(users),
            next: next.map { address.with("page", "\($0)") })
    }

    private func places(
        _ users: UsersDocument, _ list: String
    ) throws(DashboardError) -> (shown: [Int], total: Int, next: Int?) {
        guard let figure = UserFigure(rawValue: list), let ranking = source.view?.ranking(by: figure) else {
            return ([], 0, nil)
        }
        let total =
            figure == .churn
            ? ranking.count(atLeast: users.model(figure.rawValue)?.threshold ?? 0) : ranking.places.count
        let (rows, next) = try source.shown(of: total, count: Self.count)
        let shown = ranking.places[rows].map { Int($0) }.filter { !source.context.view.isErased(users.ids[$0]) }
        return (shown, total, next)
    }

    private func models(_ users: UsersDocument) -> PageSection {
        func measure(_ model: UsersDocument.Model, _ name: String) -> DashboardTable.Cell {
            guard let one = model.measures.first(where: { $0.name == name }) else { return .words("") }
            guard let lower = one.lower, let upper = one.upper else { return .number(one.value) }
            return DashboardTable.Cell(
                text: "\(Shown.number(one.value)) (\(Shown.number(lower)) to \(Shown.number(upper)))",
                value: "\(one.value)")
        }
        return PageSection(
            title: "The models",
            note: "Measured on rows later than those that a model learned from; in brackets 95 % intervals.",
            tables: [
                DashboardTable(
                    id: "models", title: "How good they are",
                    head: ["model", "foretells", "by", "rows", "that came true", "AUC", "average precision", "Brier"],
                    rows: users.models.map { model in
                        [
                            .words(model.name), .words(model.outcome),
                            .words(model.learner ?? "none: \(model.refusal ?? "no reason is known")"),
                            .count(model.rows), .count(model.positives), measure(model, "auc"),
                            measure(model, "averagePrecision"), measure(model, "brier"),
                        ]
                    })
            ])
    }

    private func importances(_ users: UsersDocument) -> [PageSection] {
        let charts = users.models.compactMap { model -> String? in
            let best = model.importances.enumerated().filter { $1 > 0 }.sorted { a, b in
                a.element == b.element ? a.offset < b.offset : a.element > b.element
            }.prefix(8)
            guard !best.isEmpty else { return nil }
            return RowCharts.bars(
                Shown.text(model.name).capitalizedFirst,
                best.map { place, value in
                    .init(
                        name: Shown.words(model.features[place]), value: value, label: Shown.number(value), series: 0)
                })
        }
        guard !charts.isEmpty else { return [] }
        return [
            PageSection(
                title: "What they go by",
                note: "What a feature adds: how much AUC is lost where its values are shuffled.",
                content: Markup.charts(charts))
        ]
    }
}
