import AnalyticsArtefacts
import AnalyticsService
import CommandLineInterface
import RecommendationIndex
import RecommendationService
import Reporting
import ServiceMethods
import WireProtocol

/// Whether the server is well, which versions there are, and what it serves.
struct HealthPage {
    private let source: PageSource

    init(_ source: PageSource) { self.source = source }

    var content: PageContent {
        let live = LiveFigures(source.context)
        return PageContent(
            title: "Health", lede: "These figures refresh themselves.",
            facts: [
                live.fact("server is", "state"), live.fact("up for", "uptime"), live.fact("connections", "connections"),
                live.fact("requests answered", "answered"), live.fact("failed", "failed"),
                live.fact("failed share", "failedShare"), live.fact("index", "indexVersion"),
                live.fact("built before", "indexAge"), live.fact("analysed", "analysed"),
            ], sections: [versions, index, analysis].compactMap(\.self))
    }

    private var versions: PageSection {
        let path = source.context.recommender.serving.index.path
        let served = source.context.indexSummary.version
        var (rows, problem): ([[DashboardTable.Cell]], String) = ([], "")
        do throws(IndexError) {
            rows = try IndexDirectory(path: path).versions().map { version -> [DashboardTable.Cell] in
                let state = [version.name == served ? "served" : nil, version.isCurrent ? "current" : nil]
                return [
                    .words(version.name), .words(state.compactMap(\.self).joined(separator: ", ")),
                    DashboardTable.Cell(
                        text: ReadableNumber.byteCount(version.byteCount), value: "\(version.byteCount)"),
                ]
            }
        } catch {
            // What names files is for the log.
            problem = "The versions cannot be listed now: the directory of the index cannot be read."
        }
        return PageSection(
            title: "Index versions",
            note: problem.isEmpty
                ? "'foretaste activate' goes back to an older one; the server follows within a second." : problem,
            tables: [
                DashboardTable(id: "versions", title: "Versions", head: ["version", "state", "bytes"], rows: rows)
            ])
    }

    private var index: PageSection {
        let summary = source.context.indexSummary
        return PageSection(
            title: "What is served",
            tables: [
                DashboardTable(
                    id: "served", title: "The index", head: ["what", "how many"],
                    rows: [
                        [.words("users"), .count(summary.users)], [.words("items"), .count(summary.items)],
                        [.words("interactions"), .count(summary.interactions)],
                        [.words("bytes"), .count(summary.bytes)],
                    ])
            ])
    }

    private var analysis: PageSection? {
        guard let manifest = source.view?.bundle.manifest else { return nil }
        return PageSection(
            title: "The analysis", note: "Events of \(manifest.facts.sources.map(Shown.text).joined(separator: ", ")).",
            tables: [
                DashboardTable(
                    id: "documents", title: "Documents", head: ["document", "bytes", "checksum"],
                    rows: manifest.documents.map {
                        [.words($0.name.rawValue), .count($0.byteCount), .words($0.checksum)]
                    })
            ])
    }
}
