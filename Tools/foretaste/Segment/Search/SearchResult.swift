import CommandLineInterface
import Embeddings
import LinearAlgebra
import Segmentation
import Telemetry

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Clusters of queries with their names, and the users in them.
struct SearchResult {
    struct Cluster {
        let name: String
        let queryCount: Int
        let userCount: Int
        let terms: [String]
        /// Per term, in how many of the cluster's queries it is.
        let termCounts: [Int]
        /// The queries nearest to the centre, different ones.
        let examples: [String]
    }

    let log: SearchLog
    let clustering: KMeansModel
    let clusters: [Cluster]
    /// Empty without users.
    let users: [UserSegments.Membership]
    /// The labels that could be given, and `[cluster][label]` the cosines of their meanings.
    let labels: [SearchLabel]
    let closeness: [[Double]]
    /// With what is known of the queries; nil where nothing is.
    let agreement: LabelAgreement?
    let configuration: KMeansConfiguration

    /// As many as a person reads at a glance.
    private static let shownTermCount = 8
    private static let exampleCount = 5

    init(
        log: SearchLog, clustering: KMeansModel, vectors: SearchVectors, labels: [SearchLabel],
        configuration: KMeansConfiguration
    ) {
        self.log = log
        self.clustering = clustering
        self.configuration = configuration
        self.labels = labels
        closeness = ClusterLabels.cosines(centres: clustering.centres, labels: vectors.labels)
        let strongest = ClusterTerms.strongest(
            rows: vectors.words.rows, labels: clustering.labels, clusterCount: clustering.clusterCount,
            count: Self.shownTermCount)
        let termCounts = Self.counts(of: strongest, vectors.words.rows, clustering.labels)
        let terms = strongest.map { $0.map { vectors.words.terms[Int($0)] } }
        let names = Self.names(terms, clustering, vectors, labels)
        let users = Self.users(log, clustering)
        self.users = users
        clusters = (0..<clustering.clusterCount).map { cluster in
            Cluster(
                name: names[cluster], queryCount: clustering.sizes[cluster],
                userCount: users.count { Int($0.segment) == cluster }, terms: terms[cluster],
                termCounts: termCounts[cluster], examples: Self.examples(of: cluster, log, clustering, vectors))
        }
        agreement = log.truth.map { truth in
            let known = truth.indices.filter { truth[$0] >= 0 }
            return LabelAgreement(known.map { clustering.labels[$0] }, known.map { truth[$0] })
        }
    }

    /// A label that several clusters share is told apart by a number, as are names made of words.
    private static func names(
        _ terms: [[String]], _ clustering: KMeansModel, _ vectors: SearchVectors, _ labels: [SearchLabel]
    ) -> [String] {
        let plain =
            labels.isEmpty
            ? terms.map { $0.isEmpty ? "other" : $0.prefix(2).joined(separator: "_") }
            : ClusterLabels.nearest(centres: clustering.centres, labels: vectors.labels).map { labels[$0].name }
        var uses: [String: Int] = [:]
        return plain.map { name in
            uses[name, default: 0] += 1
            let use = uses[name, default: 1]
            return use == 1 ? name : "\(name)_\(use)"
        }
    }

    /// Of each cluster's terms.
    private static func counts(of terms: [[Int32]], _ rows: SparseMatrix, _ labels: [Int32]) -> [[Int]] {
        var counts = terms.map { [Int](repeating: 0, count: $0.count) }
        for row in 0..<rows.rowCount {
            let cluster = Int(labels[row])
            for position in rows.range(ofRow: row) {
                guard let place = terms[cluster].firstIndex(of: rows.columnIndexes[position]) else { continue }
                counts[cluster][place] += 1
            }
        }
        return counts
    }

    private static func examples(
        of cluster: Int, _ log: SearchLog, _ clustering: KMeansModel, _ vectors: SearchVectors
    ) -> [String] {
        let width = clustering.centres.columnCount
        func closeness(_ query: Int) -> Float {
            var sum: Float = 0
            for column in 0..<width { sum += vectors.queries[query, column] * clustering.centres[cluster, column] }
            return sum
        }
        typealias Member = (query: Int, closeness: Float)
        let queries = clustering.labels.indices.filter { Int(clustering.labels[$0]) == cluster }
        let members = queries.map { query -> Member in (query, closeness(query)) }
            .sorted { (left: Member, right: Member) -> Bool in
                left.closeness == right.closeness ? left.query < right.query : left.closeness > right.closeness
            }
        var examples: [String] = []
        for member in members where examples.count < exampleCount {
            if !examples.contains(log.queries[member.query]) { examples.append(log.queries[member.query]) }
        }
        return examples
    }

    private static func users(_ log: SearchLog, _ clustering: KMeansModel) -> [UserSegments.Membership] {
        guard let users = log.users else { return [] }
        let votes = users.indices.filter { users[$0] >= 0 }.map { search in
            UserSegments.Vote(
                user: users[search], segment: clustering.labels[search],
                weight: log.isClicked[search] ? UserSegments.clickedWeight : 1, time: log.times?[search] ?? 0)
        }
        return UserSegments(votes, segmentCount: clustering.clusterCount).memberships
    }

    /// `segment_report.json`
    var report: JSONText {
        [
            "queries": .integer(log.queries.count), "left_out": .integer(log.wordlessCount),
            "users": .integer(users.count),
            "k": .integer(clustering.clusterCount), "inertia": .number(clustering.inertia),
            "seed": .string("\(configuration.seed)"), "starts": .integer(configuration.initialisationCount),
            "agreement": agreement.map { agreement in
                [
                    "adjusted_mutual_information": .number(agreement.adjustedMutualInformation),
                    "normalized_mutual_information": .number(agreement.normalizedMutualInformation),
                    "adjusted_rand_index": .number(agreement.adjustedRandIndex),
                ]
            } ?? .null,
            "segments": .array(
                clusters.enumerated().map { number, cluster in
                    [
                        "segment_id": .integer(number), "segment": .string(cluster.name),
                        "queries": .integer(cluster.queryCount),
                        "users": .integer(cluster.userCount),
                        "terms": .array(cluster.terms.map { .string($0) }),
                        "examples": .array(cluster.examples.map { .string($0) }),
                    ]
                }),
        ]
    }

    /// `user_segments.jsonl`: without times nobody knows when a segment was last confirmed.
    var userLines: String {
        users.map { member in
            let text: JSONText = [
                "user_id": .string(log.userIds[Int(member.user)]),
                "segment": .string(clusters[Int(member.segment)].name),
                "share": .number(member.share),
                "updated_at": log.times == nil ? .null : .string(Self.timestamp(member.updated)),
            ]
            return text.compact + "\n"
        }.joined()
    }

    /// `query_clusters.csv`
    var queryTable: String {
        var text = "query,segment_id,segment\n"
        for (query, label) in zip(log.queries, clustering.labels) {
            text += "\(CSVField.text(query)),\(label),\(CSVField.text(clusters[Int(label)].name))\n"
        }
        return text
    }

    private static func timestamp(_ milliseconds: Int64) -> String {
        var bytes: [UInt8] = []
        appendTimestamp(milliseconds: milliseconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The directory that `foretaste segment search` writes.
struct SearchDirectory {
    let path: String

    static let fileNames = ["query_clusters.csv", usersName, "report.html", "segment_report.json"]
    private static let usersName = "user_segments.jsonl"

    func write(_ result: SearchResult) throws {
        let users = result.users.isEmpty ? [] : [(Self.usersName, result.userLines)]
        try OutputDirectory(path: path).write(
            [("query_clusters.csv", result.queryTable)] + users + [
                ("report.html", SearchReportPage(result).html),
                ("segment_report.json", result.report.indented + "\n"),
            ], absent: users.isEmpty ? [Self.usersName] : [])
    }
}

/// What the command says when it has finished.
enum SearchSummary {
    static func text(_ result: SearchResult) -> String {
        var table = TextTable([
            .left("segment"), .right("queries"), .right("users"), .left("telling words", columnLimit: 80),
        ])
        for cluster in result.clusters {
            table.add([
                cluster.name, ReadableNumber.count(cluster.queryCount), ReadableNumber.count(cluster.userCount),
                cluster.terms.joined(separator: " "),
            ])
        }
        guard let agreement = result.agreement else { return table.text }
        return table.text + """

            agreement with what is known: adjusted mutual information \
            \(ReadableNumber.fixed(agreement.adjustedMutualInformation, 4)), normalized \
            \(ReadableNumber.fixed(agreement.normalizedMutualInformation, 4)), adjusted Rand index \
            \(ReadableNumber.fixed(agreement.adjustedRandIndex, 4))

            """
    }
}
