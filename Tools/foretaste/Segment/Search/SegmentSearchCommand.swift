import CommandLineInterface
import Interactions
import LinearAlgebra
import Segmentation

/// `foretaste segment search`
enum SegmentSearchCommand {
    static let command = Command(
        name: "segment search", summary: "Segment users by what they search for.",
        discussion: """
            Queries become vectors and clusters; a cluster is named after the label of a list that means most the same, \
            or after its most telling words. A user belongs to the segment that most of the searches speak for; a search \
            that led to a click counts twice. Queries without a letter or a digit are left out.

            Writes query_clusters.csv, user_segments.jsonl (user_id, segment, updated_at) where there are users, \
            segment_report.json and report.html into the directory.
            """,
        options: [
            .required("searches", "FILE", help: "A row per search: \(ReadingOptions.accepted)."),
            .value(
                "columns", "MAP",
                help: "Which column is what: query=search_query,userId=user_id,time=at,clicks=clicked_product_ids,"
                    + "truth=intent. A column of truth is compared with the clusters."),
            .value(
                "labels", "FILE",
                help: "Names to give: a line each, 'name: words that describe it'. 'shop' takes the five built-in ones."
            ),
            .value(
                "embedder", "NAME", default: "tfidf",
                help: "What queries are compared by: tfidf (words) or minilm (meaning)."),
            .value("model-directory", "DIR", help: "The model of '--embedder minilm', made by Tools/fetch-minilm."),
            .required("out", "DIR", help: "Where the files go; made where it is missing.").asOutput(
                SearchDirectory.fileNames),
            .value("k", "N", default: "5", help: "Clusters."),
            .value("seed", "N", default: "42", help: "Seed of everything random."),
            .value("starts", "N", default: "10", help: "Starts of k-means, of which the best is kept."),
            .value("threads", "N", help: "Default: one per core. The result does not depend on it."),
            .flag("quiet", short: "q", help: "No progress."),
            .flag("json", help: "The report as JSON on standard output."),
        ] + ReadingOptions.all,
        examples: [
            .init(
                "foretaste segment search --searches searches.jsonl --labels shop --out segments",
                "The five segments of a shop's visitors."),
            .init(
                "foretaste segment search --searches queries.csv --columns query=text,truth=category --k 77 --out segments",
                "Clusters of queries whose intents are known, and how far both agree."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let output = SearchDirectory(path: try parsed.string("out"))
        try OutputDirectory(path: output.path).check()
        let bar = ProgressBar.standardError(quiet: parsed.flag("quiet"))
        let log = try read(parsed)
        let labels = try SearchLabel.list(parsed.optionalString("labels"))
        var configuration = KMeansConfiguration(clusterCount: try parsed.integer("k", in: 1...10_000))
        configuration.seed = UInt64(try parsed.integer("seed", in: 0...Int.max))
        configuration.initialisationCount = try parsed.integer("starts", in: 1...1000)
        configuration.threadCount =
            try parsed.optionalInteger("threads", in: 1...1024) ?? Machine.current.coreCount
        bar.begin("embed \(ReadableNumber.count(log.queries.count)) queries", unit: "steps")
        let vectors =
            if let directory = try EmbedderOption.modelDirectory(parsed) {
                try SearchVectors(
                    meaning: log.queries, labels: labels.map(\.text),
                    encoder: try EmbedderOption.encoder(in: directory), threadCount: configuration.threadCount)
            } else {
                try SearchVectors(
                    words: log.queries, labels: labels.map(\.text), seed: configuration.seed,
                    threadCount: configuration.threadCount)
            }
        let asked = configuration.clusterCount
        configuration.clusterCount = min(asked, vectors.distinctQueryCount)
        ClusterFiles.tellFewer(configuration.clusterCount, than: asked, what: "queries")
        bar.begin("cluster", unit: "steps")
        let result = SearchResult(
            log: log, clustering: try SearchClustering.fit(vectors, configuration, labelCount: labels.count),
            vectors: vectors, labels: labels,
            configuration: configuration)
        bar.end()
        try output.write(result)
        Terminal.standardOutput.write(
            parsed.flag("json") ? result.report.indented + "\n" : SearchSummary.text(result))
    }

    private static func read(_ parsed: ParsedCommand) throws -> SearchLog {
        let observer = ProgressObserver(quiet: parsed.flag("quiet"), verbose: parsed.flag("verbose"))
        let options = try ReadingOptions.options(parsed, columns: nil)
        let mapping = parsed.isGiven("columns") ? try parsed.pairs("columns") : []
        let log = try ReadingOptions.telling(observer) {
            try SearchLog.read(try InputPaths.single(parsed, "searches"), columns: mapping, options, observer)
        }
        if log.wordlessCount > 0 {
            Terminal.standardError.write(
                "\(log.report.path): \(ReadableNumber.count(log.wordlessCount)) of "
                    + "\(ReadableNumber.count(log.report.goodRowCount)) searches were left out: no letter and no digit in "
                    + "the query\n")
        }
        return log
    }
}
