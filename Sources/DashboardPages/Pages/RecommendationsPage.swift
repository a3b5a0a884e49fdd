import HybridBlending
import Interactions
import RecommendationIndex
import RecommendationService
import Reporting
import ServiceMethods
import WireProtocol

/// Lists as the server gives them, with their reasons.
struct RecommendationLists {
    /// Items of the history that are named for each item, as `explain: full` does.
    private static let becauseCount = 3
    /// In this order: what an item is called.
    private static let titleNames = ["title", "name", "description"]
    private static let titleLength = 80

    private let source: PageSource

    init(_ source: PageSource) { self.source = source }

    private var recommender: Recommender { source.context.recommender }
    private var view: CatalogView { source.context.view }

    func title(_ item: ItemNumber) -> String {
        let properties = view.properties(of: item)
        for name in Self.titleNames {
            if case .string(let text)? = properties.first(where: { $0.name == name })?.value {
                return text.count <= Self.titleLength ? text : text.prefix(Self.titleLength) + "…"
            }
        }
        return ""
    }

    func table(forUser id: String, count: Int) -> DashboardTable {
        let answer = recommender.recommend(
            for: UserEvidence(userId: id), options: RecommendationOptions(count: count))
        return table(answer, "For this user")
    }

    func table(similarTo item: ItemNumber, count: Int) -> DashboardTable {
        table(recommender.recommend(similarTo: item, options: RecommendationOptions(count: count)), "Beside this item")
    }

    private func table(_ answer: Recommendation, _ title: String) -> DashboardTable {
        // As many as a method would explain: each pair of items costs.
        let used = answer.userState.usedItemCount
        let explained = answer.items.prefix(used > 0 ? ProtocolLimits.becausePairs / used : .max)
        let evidence = recommender.evidence(for: explained.map(\.item), limit: Self.becauseCount)
        let rows = answer.items.enumerated().map { place, one -> [DashboardTable.Cell] in
            let id = view.idString(of: one.item)
            let because = place < evidence.count ? evidence[place].map { view.idString(of: $0.item) } : []
            return [
                .words(id, link: PageSource.item(id)), .words(self.title(one.item)), .number(Double(one.score)),
                .words(Self.reason(one.source, answer.segment)), .number(Double(one.contributions.content)),
                .number(Double(one.contributions.collaborative)), .words(because.joined(separator: ", ")),
            ]
        }
        return DashboardTable(
            id: "recommendations", title: title,
            head: ["item", "title", "score", "why", "from content", "from others", "because of"], rows: rows,
            emptyText: "Nothing may be shown: every item is hidden or excluded.")
    }

    private static func reason(_ source: RecommendationSource, _ segment: Int?) -> String {
        switch source {
        case .content: "similar"
        case .collaborative: "chosen together"
        case .hybrid: "similar and chosen together"
        case .fallback: segment == nil ? "popular" : "popular in the segment"
        case .pinned: "pinned"
        case .history: "had before"
        }
    }
}

/// Look a user or an item up: the list, the reasons, and why an item is not in it.
struct RecommendationsPage {
    private let source: PageSource
    private let lists: RecommendationLists

    init(_ source: PageSource) {
        self.source = source
        lists = RecommendationLists(source)
    }

    func content() throws(DashboardError) -> PageContent {
        let user = try source.query.text("user", maximumBytes: 256)
        let item = try source.query.text("item", maximumBytes: 256)
        let missed = try source.query.text("whyNot", maximumBytes: 256)
        let count = try source.query.choice("count", of: ["10", "20", "50", "100"])
        var sections: [PageSection] = []
        if let user { sections += forUser(user, missed, Int(count) ?? 10) }
        if let item { sections.append(try beside(item, Int(count) ?? 10)) }
        if missed != nil && user == nil {
            throw .badArgument("whyNot", "of no use without a user, whose list an item is missing from")
        }
        return PageContent(
            title: "Recommendations", lede: "What the server answers now, and why. Name a user, an item, or both.",
            filters: [
                DashboardFilter(name: "user", label: "User", kind: .text(placeholder: "an id"), value: user ?? ""),
                DashboardFilter(name: "item", label: "Item", kind: .text(placeholder: "an id"), value: item ?? ""),
                DashboardFilter(
                    name: "whyNot", label: "Why not this item?", kind: .text(placeholder: "an id"), value: missed ?? ""),
                DashboardFilter(
                    name: "count", label: "Length",
                    kind: .choice(["10", "20", "50", "100"].map { ($0, "\($0) items") }), value: count),
            ], sections: sections)
    }

    private func forUser(_ id: String, _ missed: String?, _ count: Int) -> [PageSection] {
        let isKnown = source.context.view.user(id) != nil
        var sections = [
            PageSection(
                title: "For user \(id)",
                note: isKnown ? "" : "The index does not know this user, so that the list is what anybody is shown.",
                content: isKnown
                    ? "<p><a href=\"\(Markup.escaped(PageSource.person(id)))\">All about this user</a></p>" : "",
                tables: [lists.table(forUser: id, count: count)])
        ]
        if let missed {
            sections.insert(
                PageSection(
                    title: "Why not \(missed)?",
                    content: "<p class=\"verdict\"><bdi>\(Markup.escaped(whyNot(missed, id, count)))</bdi></p>"), at: 0)
        }
        return sections
    }

    private func beside(_ id: String, _ count: Int) throws(DashboardError) -> PageSection {
        guard let item = source.context.view.item(id) else {
            throw DashboardError(status: 404, message: "The catalogue has no item of this id.")
        }
        let title = lists.title(item)
        return PageSection(
            title: "Beside item \(id)", note: title.isEmpty ? "" : Shown.text(title),
            tables: [itemTable(item), lists.table(similarTo: item, count: count).renamed("similar")])
    }

    private func itemTable(_ item: ItemNumber) -> DashboardTable {
        DashboardTable(
            id: "item", title: "What is known of it", head: ["property", "value"],
            rows: source.context.view.properties(of: item).map { [.words($0.name), .words(Self.text($0.value))] },
            emptyText: "It has no properties.")
    }

    private static func text(_ value: PropertyValue) -> String {
        switch value {
        case .string(let text): text
        case .strings(let texts): texts.joined(separator: ", ")
        case .number(let number): Shown.number(number)
        case .boolean(let value): value ? "yes" : "no"
        case .time(let time): Shown.time(time)
        }
    }

    private func whyNot(_ missed: String, _ user: String, _ count: Int) -> String {
        guard let item = source.context.view.item(missed) else { return "The catalogue does not have this item." }
        let absence = source.context.recommender.absence(
            of: item, for: UserEvidence(userId: user), options: RecommendationOptions(count: count))
        func score(_ score: Float?) -> String { Shown.number(score.map { Double($0) }) }
        switch absence {
        case .listed(let place): return "It is in the list, at place \(place + 1)."
        case .hidden: return "Nobody is shown it now: it was deleted, or is not available."
        case .excluded: return "The request excludes it."
        case .seen: return "The user has it already."
        case .filtered: return "A filter leaves it out."
        case .arranged(let place, let value):
            return
                "By its score of \(score(value)) it would be at place \(place + 1); variety or pinned items take its place."
        case .outranked(let place?, let value, let last):
            return
                "Others suit better: it would be at place \(place + 1) with the score \(score(value)), and the list's last item has \(score(last))."
        case .outranked(nil, _, let last):
            return
                "Nothing speaks for it, or more than \(Shown.count(Recommender.absencePlaces)) items suit better; the list's last item has \(score(last))."
        }
    }
}

extension DashboardTable {
    /// Two tables of a page have different ids.
    func renamed(_ id: String) -> DashboardTable {
        DashboardTable(id: id, title: title, head: head, rows: rows, emptyText: emptyText)
    }
}
