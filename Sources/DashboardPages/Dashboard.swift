import AnalyticsArtefacts
import AnalyticsService
import Reporting
package import ServiceMethods

// Pages for analysts, made on the server of what it serves: the analysis, the index and itself.
//
//     path, arguments ─▶ DashboardPage ─▶ PageContent: filters, figures, charts, tables ─▶ frame with navigation ─▶ HTML
//                                                                    └─ table=ID ─▶ CSV
//
// Nothing is kept between two requests. Who may see it, and over what, is the transport's business.

/// What is sent back.
package struct DashboardReply: Sendable {
    package enum Kind: Sendable { case html, css, javaScript, json, csv(fileName: String) }

    package let status: Int
    package let kind: Kind
    package let body: [UInt8]
}

package enum Dashboard {
    package static let path = "/dashboard"

    /// - Parameters:
    ///   - rest: of the path, behind `path`; decoded.
    ///   - arguments: decoded.
    ///   - mayWrite: whether to offer what changes something.
    package static func answer(
        _ rest: String, _ arguments: [(name: String, value: String)], _ context: ServiceContext, mayWrite: Bool
    ) -> DashboardReply {
        switch rest {
        case "/style.css": return DashboardReply(status: 200, kind: .css, body: DashboardStyle.bytes)
        case "/script.js": return DashboardReply(status: 200, kind: .javaScript, body: DashboardScript.bytes)
        case "/live": return DashboardReply(status: 200, kind: .json, body: LiveFigures(context).json)
        default: break
        }
        let name = rest.isEmpty || rest == "/" ? DashboardPage.overview.rawValue : String(rest.dropFirst())
        guard let page = DashboardPage(rawValue: name), page != .overview || rest.count < 2 else {
            return failure(
                DashboardError(status: 404, message: "There is no such page; the navigation has those that there are."),
                nil)
        }
        let query = DashboardQuery(arguments: arguments)
        do throws(DashboardError) {
            return try answer(page, query, PageSource(context, query, mayWrite: mayWrite))
        } catch {
            return failure(error, page)
        }
    }

    private static func answer(
        _ page: DashboardPage, _ query: DashboardQuery, _ source: PageSource
    ) throws(DashboardError) -> DashboardReply {
        let content = try page.content(source)
        try query.refuseOthers(than: content.filters.map(\.name))
        let address = DashboardAddress(page.path, query.arguments.filter { $0.name != "table" && !$0.value.isEmpty })
        guard let wanted = try query.text("table") else {
            return DashboardReply(
                status: 200, kind: .html, body: DashboardFrame(page, content, address, source.stamp).bytes)
        }
        let tables = content.sections.flatMap(\.tables)
        guard let table = tables.first(where: { $0.id == wanted }) else {
            throw .badArgument("table", "none of: " + tables.map(\.id).joined(separator: ", "))
        }
        return DashboardReply(
            status: 200, kind: .csv(fileName: "foretaste-\(page.rawValue)-\(table.id).csv"), body: table.csv)
    }

    private static func failure(_ error: DashboardError, _ page: DashboardPage?) -> DashboardReply {
        let content = PageContent(
            title: error.status == 404 ? "Not found" : "This cannot be shown", lede: error.message, sections: [])
        return DashboardReply(
            status: error.status, kind: .html,
            body: DashboardFrame(page, content, DashboardAddress(page?.path ?? path), "").bytes)
    }

    /// What is shown where somebody may not see a page, or shows no key.
    package static func refusal(status: Int, _ message: String) -> DashboardReply {
        failure(DashboardError(status: status, message: message), nil)
    }
}

/// The pages, in the order of the navigation.
enum DashboardPage: String, CaseIterable {
    case overview, trends, segments, predictions, anomalies, insights, recommendations, evaluation, health
    /// Reached from lists of users.
    case person

    static let navigation = allCases.filter { $0 != .person }

    var path: String { self == .overview ? Dashboard.path : Dashboard.path + "/" + rawValue }

    var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

    func content(_ source: PageSource) throws(DashboardError) -> PageContent {
        switch self {
        case .overview: try OverviewPage(source).content
        case .trends: try TrendsPage(source).content()
        case .segments: try SegmentsPage(source).content
        case .predictions: try PredictionsPage(source).content()
        case .anomalies: try AnomaliesPage(source).content()
        case .insights: try InsightsPage(source).content()
        case .recommendations: try RecommendationsPage(source).content()
        case .evaluation: QualityPage(source).content
        case .health: HealthPage(source).content
        case .person: try PersonPage(source).content()
        }
    }
}

/// What a page is made of.
struct PageSource {
    let context: ServiceContext
    let query: DashboardQuery
    let mayWrite: Bool
    /// One for the whole page.
    let view: AnalyticsView?
    let states: AnomalyStates

    init(_ context: ServiceContext, _ query: DashboardQuery, mayWrite: Bool) {
        self.context = context
        self.query = query
        self.mayWrite = mayWrite
        view = context.analytics?.view
        states = context.analytics?.states ?? AnomalyStates()
        context.beginPage()
    }

    /// Rows of a page of a long list. A file has the whole list, as far as a spreadsheet takes it.
    private static let fileRowCount = 100_000

    /// What of a long list is shown: which rows, and whether more follow.
    func shown(
        of total: Int, count: Int
    ) throws(DashboardError) -> (rows: Range<Int>, next: Int?) {
        let isFile = try query.text("table") != nil
        let page = try query.integer("page", in: 1...Self.fileRowCount, default: 1)
        if isFile { return (0..<min(total, Self.fileRowCount), nil) }
        let start = min((page - 1) * count, total)
        let end = min(start + count, total)
        return (start..<end, end < total ? page + 1 : nil)
    }

    /// What the page was made of.
    var stamp: String {
        guard let facts = view?.bundle.manifest.facts else { return "" }
        return "Events from \(facts.from) to \(facts.to) (\(facts.timeZone)), analysed \(Shown.time(facts.created))."
    }

    /// - Parameter what: the document holds, for people.
    func document<Document>(
        _ path: KeyPath<AnalyticsBundle, Document?>, _ what: String
    ) throws(DashboardError) -> Document {
        guard let view else {
            throw DashboardError(
                status: 409,
                message:
                    "This server has no analysis. Make one with 'foretaste analyse all --events FILE --out DIR', and start "
                    + "the server with --analytics DIR.")
        }
        guard let document = view.bundle[keyPath: path] else {
            throw DashboardError(status: 409, message: "The analysis has no \(what): its events say nothing of it.")
        }
        return document
    }

    static func person(_ id: String) -> String {
        DashboardAddress(DashboardPage.person.path, [("user", id)]).text
    }

    static func item(_ id: String) -> String {
        DashboardAddress(DashboardPage.recommendations.path, [("item", id)]).text
    }
}
