import CommandLineInterface
import LinearAlgebra
import Segmentation

/// `foretaste segment kmeans`
enum SegmentKMeansCommand {
    private enum Method: String, CaseIterable {
        case lloyd
        case miniBatch = "mini-batch"
    }

    private enum Seeding: String, CaseIterable {
        case plusPlus = "k-means++"
        case parallel = "k-means||"
    }

    static let command = Command(
        name: "segment kmeans", summary: "Cluster the rows of a matrix.",
        discussion: "The time in the answer is that of the clustering alone.",
        options: [
            ClusterFiles.vectors,
            .required("k", "N", help: "Clusters."),
            .value("method", "NAME", default: "lloyd", help: "lloyd or mini-batch."),
            .value("seeding", "NAME", default: "k-means++", help: "k-means++ or k-means||."),
            .value("starts", "N", default: "10", help: "Starts, of which the best is kept."),
            .value("batch", "ROWS", default: "4096", help: "Rows of a batch of mini-batch."),
            .value("tolerance", "T", default: "1e-4", help: "Ends when centres move less; 0: when no label changes."),
            .value("seed", "N", default: "42", help: "Seed of everything random."),
            .value("threads", "N", help: "Default: one per core. The result does not depend on it."),
        ] + ClusterFiles.clusters + [
            .flag("diagnostics", help: "Add silhouette, Davies-Bouldin and Calinski-Harabasz."),
            .flag("json", help: "The answer as JSON, which is the only form there is."),
        ],
        examples: [.init("foretaste segment kmeans --vectors rows.npy --k 20 --labels labels.txt", "Twenty clusters.")])

    static func run(_ parsed: ParsedCommand) throws {
        let vectors = try ClusterFiles.Rows(parsed)
        let rows = vectors.matrix
        let previous = try ClusterFiles.previous(parsed, vectors)
        let configuration = try configuration(parsed)
        let clock = ContinuousClock()
        let start = clock.now
        let model = try KMeans.fit(rows, configuration.fitting(rows), previous: previous)
        let seconds = (clock.now - start) / .seconds(1)
        try vectors.check(model.labels)
        ClusterFiles.tellFewer(model.clusterCount, than: configuration.clusterCount)
        try ClusterFiles.write(parsed, labels: model.labels, centres: model.centres, of: vectors)
        var members: [JSONText.Member] = [
            .init("rows", .integer(rows.rowCount)), .init("columns", .integer(rows.columnCount)),
            .init("k", .integer(model.clusterCount)), .init("inertia", .number(model.inertia)),
            .init("iterations", .integer(model.iterationCount)), .init("seconds", .number(seconds)),
            .init("sizes", .array(model.sizes.map { .integer($0) })),
        ]
        if parsed.flag("diagnostics") {
            let spread = ClusterSpread(rows: rows, labels: model.labels)
            let silhouette = Silhouette.mean(
                rows: rows, labels: model.labels, threadCount: configuration.threadCount)
            members += [
                .init("silhouette", .number(silhouette)), .init("daviesBouldin", .number(spread.daviesBouldin)),
                .init("calinskiHarabasz", .number(spread.calinskiHarabasz)),
            ]
        }
        Terminal.standardOutput.write(JSONText.object(members).indented + "\n")
    }

    private static func configuration(_ parsed: ParsedCommand) throws -> KMeansConfiguration {
        var configuration = KMeansConfiguration(clusterCount: try parsed.integer("k", in: 1...100_000))
        let batchSize = try parsed.integer("batch", in: 1...10_000_000)
        configuration.method =
            try parsed.choice("method", of: Method.self) == .lloyd ? .lloyd : .miniBatch(batchSize: batchSize)
        configuration.seeding =
            try parsed.choice("seeding", of: Seeding.self) == .plusPlus ? .plusPlus : .parallel
        configuration.initialisationCount = try parsed.integer("starts", in: 1...1000)
        configuration.tolerance = try parsed.number("tolerance", in: 0...1e6)
        configuration.seed = UInt64(try parsed.integer("seed", in: 0...Int.max))
        configuration.threadCount =
            try parsed.optionalInteger("threads", in: 1...1024) ?? Machine.current.coreCount
        return configuration
    }
}
