import CommandLineInterface
import Interactions
import Segmentation

/// `foretaste segment visits`
enum SegmentVisitsCommand {
    static let command = Command(
        name: "segment visits", summary: "Segment visits by what happened in them.",
        discussion: """
            Takes events, or a table with a row per visit. Events of one user's session are a visit, whatever the \
            pauses; others are one until the user pauses for longer than half an hour. The hour, the weekend and the channel of a \
            visit are features only where --features names them. Features are standardised, those with a long tail after \
            their logarithm. What a visit achieved is no feature: it becomes the conversion rate of each cluster.

            Writes session_clusters.csv, cluster_centers.csv, k_diagnostics.csv, drift.csv, model_report.json and \
            report.html into the directory. Where it already holds a report with the same features, the clusters keep \
            their numbers.
            """,
        options: [
            .value(
                "events", "FILE", help: "A row per event: user or session, item or query, time, type. May be repeated."
            )
            .repeatable,
            .value(
                "columns", "MAP",
                help: "Which column of the events is what: userId=visitor,sessionId=visit,itemId=page,query=search,"
                    + "time=at,channel=app."),
            .value("event-type", "NAME", help: "The type of events that have none: view, purchase ..."),
            .value(
                "gap", "MINUTES", default: "\(SessionGap.standardMinutes)",
                help: "A longer pause of a user ends a visit, where the rows have no session ids."),
            .value("visits", "FILE", help: "Instead of events: a row per visit."),
            .value("id", "COLUMN", help: "The visits' ids. Default: the number of the row."),
            .value(
                "features", "A,B",
                help: "Columns to cluster by; columns of words become one feature a word. Default: all of numbers."),
            .value("without", "A,B", help: "Columns to leave out."),
            .value(
                "types", "MAP",
                help:
                    "What columns are: Bounce=number,Shop=text. A cell that is no number then ends the run. Default: told "
                    + "by the cells."),
            .value("conversion", "COLUMN", help: "The outcome: true or false, 1 or 0."),
            .value("period", "COLUMN", help: "The period of a visit, for drift: a number, a month or any name."),
            .required("out", "DIR", help: "Where the files go; made where it is missing.").asOutput(
                VisitDirectory.fileNames),
            .value("k", "N", help: "Clusters. Default: what the diagnostics recommend."),
            .value("max-k", "N", default: "10", help: "Diagnostics for 2 to N clusters; 1 for none."),
            .value("seed", "N", default: "42", help: "Seed of everything random."),
            .value("starts", "N", default: "10", help: "Starts of k-means, of which the best is kept."),
            .value("threads", "N", help: "Default: one per core. The result does not depend on it."),
            .flag("fresh", help: "Number the clusters anew, whatever the directory holds."),
            .flag("quiet", short: "q", help: "No progress."),
            .flag("json", help: "The model report as JSON on standard output."),
        ] + ReadingOptions.all,
        examples: [
            .init(
                "foretaste segment visits --events clicks.csv.gz --columns sessionId=visit,time=at --out visits",
                "Visits of a click log that says which click is of which visit."),
            .init(
                "foretaste segment visits --visits shop_visits.csv --conversion Revenue --period Month --out visits",
                "Visits that somebody has measured already."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let output = VisitDirectory(path: try parsed.string("out"))
        try OutputDirectory(path: output.path).check()
        let observer = ProgressObserver(quiet: parsed.flag("quiet"), verbose: parsed.flag("verbose"))
        let source = try source(parsed, observer)
        let bar = ProgressBar.standardError(quiet: parsed.flag("quiet"))
        bar.say("\(ReadableNumber.count(source.table.count)) visits with \(source.table.features.count) features")
        var configuration = try configuration(parsed)
        let greatest = min(try parsed.integer("max-k", in: 1...100), source.table.count)
        let counts = greatest < 2 ? [] : Array(2...greatest)
        bar.begin("compare 2 to \(greatest) clusters", unit: "steps")
        let scaling = ColumnScaling(source.table.features)
        let diagnostics = try ClusterCountDiagnostics(
            rows: scaling.scaled(source.table.features), clusterCounts: counts, configuration: configuration)
        configuration.clusterCount =
            try parsed.optionalInteger("k", in: 1...1000) ?? diagnostics.recommendation.clusterCount
        bar.begin("cluster into \(configuration.clusterCount)", unit: "steps")
        let previous =
            parsed.flag("fresh") ? nil : try output.previousCentres(features: source.table.features.map(\.name))
        let result = VisitResult(
            segmentation: try VisitSegmentation(source.table, configuration, previous: previous),
            diagnostics: diagnostics, configuration: configuration, source: source.report)
        bar.end()
        ClusterFiles.tellFewer(result.segmentation.clustering.clusterCount, than: configuration.clusterCount)
        try output.write(result)
        Terminal.standardOutput.write(
            parsed.flag("json") ? VisitModelFile.json(result).indented + "\n" : VisitSummary.text(result))
    }

    private static func source(_ parsed: ParsedCommand, _ observer: ProgressObserver) throws -> VisitSource {
        let options = try ReadingOptions.options(parsed, columns: "columns")
        switch (parsed.isGiven("events"), parsed.isGiven("visits")) {
        case (true, false):
            return try VisitSource.events(
                parsed, paths: try InputPaths.expanded(parsed, "events"), options, observer)
        case (false, true):
            return try VisitSource.visits(parsed, path: try InputPaths.single(parsed, "visits"), options, observer)
        default:
            throw UsageError(
                code: .missingOption, operation: parsed.operation,
                text: "give '--events FILE' or '--visits FILE', and not both.")
        }
    }

    private static func configuration(_ parsed: ParsedCommand) throws -> KMeansConfiguration {
        var configuration = KMeansConfiguration(clusterCount: 2)
        configuration.seed = UInt64(try parsed.integer("seed", in: 0...Int.max))
        configuration.initialisationCount = try parsed.integer("starts", in: 1...1000)
        configuration.threadCount =
            try parsed.optionalInteger("threads", in: 1...1024) ?? Machine.current.coreCount
        return configuration
    }
}

/// A finished segmentation with where it came from.
struct VisitResult {
    let segmentation: VisitSegmentation
    let diagnostics: ClusterCountDiagnostics
    let configuration: KMeansConfiguration
    let source: ReadReport

    /// What a reader must know before trusting the conversion rates.
    var warnings: [String] {
        guard let isConverted = segmentation.table.isConverted else { return [] }
        return segmentation.table.features.compactMap { feature in
            guard let area = OutcomeLeak.area(feature.values, isConverted), area >= OutcomeLeak.warningArea else {
                return nil
            }
            return "\(feature.name) tells the outcome almost by itself (AUC \(ReadableNumber.fixed(area, 3))): it was "
                + "probably measured after it. Leave it out with --without \(feature.name)."
        }
    }
}
