import CommandLineInterface
import LinearAlgebra
import Segmentation

/// `foretaste segment hierarchical`
enum SegmentHierarchicalCommand {
    private static let rowLimit = ReadableNumber.count(HierarchicalClustering.greatestRowCount)

    static let command = Command(
        name: "segment hierarchical", summary: "Cluster the rows of a matrix by merging the nearest.",
        discussion: """
            Starts with every row on its own and merges the two nearest clusters until one is left; the tree is then cut \
            into as many clusters as asked for. For up to \(rowLimit) rows, which take 800 MB; 'segment kmeans' takes \
            more.

            The answer has the last merges and their heights. A merge far higher than the one before it joins what does not \
            belong together: a good number of clusters is what was left before that merge.
            """,
        options: [
            ClusterFiles.vectors,
            .required("k", "N", help: "Clusters."),
            .value(
                "linkage", "NAME", default: HierarchicalClustering.Linkage.ward.rawValue,
                help: "What is near: ward (least growth of the squared distances to the means) or average (least mean "
                    + "distance between rows)."),
            .value("merges", "FILE", help: "Write all merges as CSV, numbered as SciPy's linkage does.").asOutput,
            .value("threads", "N", help: "Default: one per core. The result does not depend on it."),
        ] + ClusterFiles.clusters + [.flag("json", help: "The answer as JSON.")],
        examples: [
            .init(
                "foretaste segment hierarchical --vectors rows.npy --k 6 --linkage average --labels labels.txt",
                "Six clusters.")
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let linkage = try parsed.choice("linkage", of: HierarchicalClustering.Linkage.self)
        let count = try parsed.integer("k", in: 1...HierarchicalClustering.greatestRowCount)
        let threadCount = try parsed.optionalInteger("threads", in: 1...1024) ?? Machine.current.coreCount
        let vectors = try ClusterFiles.Rows(parsed)
        let rows = vectors.matrix
        let previous = try ClusterFiles.previous(parsed, vectors)
        guard rows.rowCount > 0, rows.columnCount > 0 else {
            throw RunFailure(
                description:
                    "there is nothing to cluster: \(try parsed.string("vectors")) has \(rows.rowCount) rows of "
                    + "\(rows.columnCount) values.")
        }
        let clock = ContinuousClock()
        let start = clock.now
        let tree = try HierarchicalClustering.fit(rows, linkage: linkage, threadCount: threadCount)
        let clusters = TreeClusters(
            cutting: tree, of: rows, count: max(1, rows.distinctRowCount(limit: count)), previous: previous)
        let seconds = (clock.now - start) / .seconds(1)
        try vectors.check(clusters.labels)
        ClusterFiles.tellFewer(clusters.sizes.count, than: count)
        let answer = HierarchicalAnswer(
            linkage: linkage, rows: rows, steps: tree.steps, clusters: clusters, seconds: seconds)
        try ClusterFiles.write(
            parsed, labels: clusters.labels, centres: clusters.centres, of: vectors, merges: answer.merges)
        Terminal.standardOutput.write(parsed.flag("json") ? answer.json.indented + "\n" : answer.text)
    }
}

/// What the command says when it has finished.
private struct HierarchicalAnswer {
    let linkage: HierarchicalClustering.Linkage
    let rows: DenseMatrix
    let steps: [Dendrogram.Step]
    let clusters: TreeClusters
    let seconds: Double

    /// As many cuts as one compares at a glance.
    private static let shownStepCount = 12

    /// The last ones, from the top of the tree down, with how many clusters each leaves.
    private var lastSteps: [(clusterCount: Int, step: Dendrogram.Step)] {
        steps.suffix(Self.shownStepCount).reversed().enumerated().map { ($0.offset + 1, $0.element) }
    }

    var merges: String {
        "first,second,height,size\n"
            + steps.map { "\($0.first),\($0.second),\($0.height),\($0.size)\n" }.joined()
    }

    var json: JSONText {
        [
            "rows": .integer(rows.rowCount), "columns": .integer(rows.columnCount),
            "linkage": .string(linkage.rawValue), "k": .integer(clusters.sizes.count),
            "inertia": .number(ClusterSpread(rows: rows, labels: clusters.labels).inertia),
            "seconds": .number(seconds), "sizes": .array(clusters.sizes.map { .integer($0) }),
            "lastMerges": .array(
                lastSteps.map { clusterCount, step in
                    [
                        "clustersLeft": .integer(clusterCount), "height": .number(step.height),
                        "sizes": [.integer(step.firstSize), .integer(step.secondSize)],
                    ]
                }),
        ]
    }

    var text: String {
        func count(_ value: Int) -> String { ReadableNumber.count(value) }
        var sizes = TextTable([.right("cluster"), .right("rows"), .right("share")])
        for (number, size) in clusters.sizes.enumerated() {
            let share = 100 * Double(size) / Double(rows.rowCount)
            sizes.add(["\(number)", count(size), ReadableNumber.fixed(share, 1) + " %"])
        }
        var merges = TextTable([.right("clusters left"), .right("height"), .left("rows that came together")])
        for (clusterCount, step) in lastSteps {
            merges.add([
                "\(clusterCount)", ReadableNumber.fixed(step.height, 4),
                "\(count(step.firstSize)) + \(count(step.secondSize))",
            ])
        }
        return "\(linkage.rawValue) linkage of \(count(rows.rowCount)) rows, "
            + "\(ReadableNumber.duration(seconds: seconds))\n\n\(sizes.text)\n\(merges.text)"
    }
}
