import RecommendationIndex
import RecommendationService
import Reporting
import ServiceMethods
import WireProtocol

/// How good the served index is, as far as its build measured it, and how it was built.
struct QualityPage {
    private let source: PageSource

    init(_ source: PageSource) { self.source = source }

    var content: PageContent {
        let manifest = source.context.recommender.serving.index.manifest
        let quality = manifest.facts.quality
        return PageContent(
            title: "Evaluation",
            lede: "Of the index version \(source.context.indexSummary.version), measured while it was built.",
            verdict: verdict(manifest),
            sections: [
                PageSection(
                    title: "Measured", note: "On interactions that were held out of the training data.",
                    tables: [
                        DashboardTable(
                            id: "quality", title: "Metrics", head: ["metric", "value"],
                            rows: quality.map { [.words($0.name), .number($0.value)] },
                            emptyText: "The build measured nothing. 'foretaste evaluate' tells what a model finds.")
                    ]),
                PageSection(
                    title: "Built from",
                    tables: [
                        DashboardTable(
                            id: "counts", title: "Counts", head: ["what", "how many"],
                            rows: manifest.facts.counts.map { [.words(Shown.words($0.name)), .count($0.count)] }),
                        DashboardTable(
                            id: "settings", title: "Settings", head: ["setting", "value"],
                            rows: manifest.facts.configuration.map { [.words($0.name), .words($0.value)] }),
                    ]),
            ])
    }

    private func verdict(_ manifest: IndexManifest) -> String {
        let hit = manifest.facts.quality.first { $0.name.lowercased().contains("hit") }
        let ndcg = manifest.facts.quality.first { $0.name.lowercased().contains("ndcg") }
        guard hit != nil || ndcg != nil else {
            return "Nobody knows how good this index is: its build measured nothing."
        }
        let parts = [hit, ndcg].compactMap { $0.map { "\(Shown.text($0.name)) \(Shown.number($0.value))" } }
        return
            "The model \(Shown.text(manifest.collaborativeModel)) came to \(parts.joined(separator: " and ")) on what it had not seen."
    }
}
