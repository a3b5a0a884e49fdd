import CommandLineInterface
import Embeddings
import Evaluation
import HybridBlending
import IndexBuilding
import Interactions
import RecommendationIndex
import RecommendationService
import Recommenders

/// Builds an index from a hold-out's training part, opens it and ranks for its test users as the server would.
struct HoldOutRun {
    let holdOut: HoldOut
    let configuration: BuildConfiguration
    let vectors: ItemVectors?
    let cutOffs: CutOffs
    /// The property that semantic accuracy is told by; nil: a usual one.
    let category: String?
    /// Whether single requests are timed. Without it two reports of the same files are equal.
    let measuresLatency: Bool
    /// Segments that come from files; they must not have been made from the test part.
    var segments: SegmentAssignment?
    /// Whether the figures are broken down by segment as well.
    var groupsBySegment = false
    /// Of those, by name; nil: all.
    var wantedSystems: [String]?
    let observer: ProgressObserver
    /// What the reader of the report must know of the data.
    var notes: [String] = []
    /// Where a system's lists are to be written; nil: nowhere.
    var listFile: (_ system: String) throws -> RankedListFile? = { _ in nil }

    static let systemNames = ["hybrid", "collaborative", "content", "fallback", "popularity"]
    /// Beside them where repeats are included: a user's items by how often the user had them, the last first among equals, then
    /// what is popular. It is hard to beat where the same is bought again (Li et al., A Next Basket Recommendation Reality Check,
    /// 2021).
    static let frequencyName = "personal-frequency"

    static let allNames = systemNames + [frequencyName]

    static func names(repeats: RepeatPolicy) -> [String] { repeats == .include ? allNames : systemNames }

    /// One ranker of the report.
    private enum System {
        /// A request with these weights.
        case blend(BlendWeights)
        case popularity
        case frequency
    }

    func report() throws -> EvaluationReport {
        let heldOut = try HeldOutIndex(
            of: holdOut, configuration: configuration, vectors: vectors, segments: segments, observer: observer)
        let weights = configuration.weights
        // A fallback of weight 0 still completes a list, and takes no part in the personal items.
        var systems: [System] = [
            .blend(weights), .blend(BlendWeights(content: 0, collaborative: 1, fallback: 0)),
            .blend(BlendWeights(content: 1, collaborative: 0, fallback: 0)),
            .blend(BlendWeights(content: 0, collaborative: 0, fallback: 1)), .popularity,
        ]
        let names = Self.names(repeats: holdOut.split.repeats)
        if holdOut.split.repeats == .include { systems.append(.frequency) }
        let items = try EvaluationItems.descriptions(
            of: holdOut, in: heldOut, category: category)
        let groupings = [UserGrouping(byActivityOf: holdOut.task)] + (groupsBySegment ? [bySegment(heldOut)] : [])
        let wanted = zip(names, systems).filter { wantedSystems?.contains($0.0) ?? true }
        let evaluations = try wanted.map { name, system in
            observer.stage("rank for \(holdOut.task.testUsers.count) users: \(name)")
            var times: [Int64] = []
            let ranker = ranker(system, heldOut) { if measuresLatency { times.append($0) } }
            let file = try listFile(name)
            let evaluation = try SystemEvaluation(
                of: name, on: holdOut.task, at: cutOffs, curve: CutOffs.curve, groupings: groupings, items: items,
                rank: { user, count in
                    let list = ranker(user, count)
                    try file?.add(
                        user: holdOut.users.id(at: Int(user)), items: list.map { holdOut.items.id(at: Int($0)) })
                    return list
                })
            return (evaluation: evaluation, latency: LatencySummary(nanoseconds: times))
        }
        let serving = heldOut.serving
        let manifest = serving.index.manifest
        return EvaluationReport(
            of: holdOut.split, task: holdOut.task, systems: evaluations, cutOffs: cutOffs, reference: "hybrid",
            categoryName: items.categoryName, setup: Self.setup(manifest),
            notes: [
                "collaborative model: \(manifest.collaborativeModel); content reliability \(serving.contentReliability), "
                    + "history decay \(serving.historyDecay.text), of people who come back "
                    + "\(serving.returningDecay.text) (given, or measured inside the training part); "
                    + Self.words(serving.fallbackShare)
            ] + modelNotes(serving.index) + timeNotes + segmentNotes + notes, warnings: holdOut.warnings)
    }

    private static func words(_ share: FallbackShare) -> String {
        let days = Double(share.returningAge) / 86_400_000
        return "the fallback counts \(ReadableNumber.fixed(Double(share.usual), 2)) times its weight in personal lists"
            + (share.returningAge > 0
                ? ", \(ReadableNumber.fixed(Double(share.returning), 2)) times for people who were here within "
                    + "\(ReadableNumber.fixed(days, 0)) days" : "")
    }

    private func bySegment(_ heldOut: HeldOutIndex) -> UserGrouping {
        let serving = heldOut.serving.segments
        return UserGrouping(
            by: "segment",
            labels: holdOut.task.testUsers.map { user in
                guard let serving, let member = serving.member(holdOut.users.id(at: Int(user))) else { return nil }
                return serving.names[serving.segment(ofMember: member)]
            })
    }

    private func modelNotes(_ index: RecommendationIndex) -> [String] {
        let facts = index.manifest.facts
        let qualities = facts.setting(.modelQualities).map {
            "NDCG@10 inside the training part, by which the model was chosen: \($0)"
        }
        let parts = facts.setting(.modelsMeasured).map {
            "Models were compared \($0) (--effort \(configuration.effort.rawValue))."
        }
        return [qualities, parts].compactMap(\.self)
    }

    private var segmentNotes: [String] {
        switch configuration.segments {
        case .none: []
        case .rfm: ["Segments are made from the training part: recency, frequency and value."]
        case .given: ["Segments come from a file: figures count only if it was made without the test part."]
        }
    }

    private var timeNotes: [String] {
        holdOut.split.strategy.ignoresTime
            ? ["The training part is used without times: a random split has no before and no after."] : []
    }

    /// What the manifest says, but for what differs from run to run.
    private static func setup(_ manifest: IndexManifest) -> [EvaluationReport.SetupFact] {
        let facts = manifest.facts
        var setup: [EvaluationReport.SetupFact] = [
            .init("toolVersion", facts.toolVersion), .init("collaborativeModel", manifest.collaborativeModel),
            .init("items", "\(manifest.itemCount)"), .init("users", "\(manifest.userCount)"),
        ]
        setup += facts.configuration.map { .init($0.name, $0.value) }
        setup += facts.counts.map { .init($0.name, "\($0.count)") }
        setup += facts.quality.map { .init($0.name, "\($0.value)") }
        setup += facts.sources.enumerated().map { number, source in
            .init(
                "source\(number + 1)",
                "\(source.name), \(source.byteCount) bytes, CRC-32 \(String(source.crc32, radix: 16))")
        }
        return setup
    }

    /// Ranks as a server would; `took` is given each request's nanoseconds.
    private func ranker(
        _ system: System, _ heldOut: HeldOutIndex, took: @escaping (Int64) -> Void
    ) -> (Int32, Int) -> [Int32] {
        let recommender = Recommender(heldOut.serving)
        let clock = ContinuousClock()
        let includesRepeats = holdOut.split.repeats == .include
        let habits = if case .frequency = system { holdOut.itemsByFrequency } else { [:] as [Int32: [Int32]] }
        return { user, count in
            let evidence = holdOut.evidence(of: user)
            var options = RecommendationOptions(count: count)
            options.excludeSeen = !includesRepeats
            options.onlyIds = holdOut.candidateIds(of: user)
            if case .popularity = system, !includesRepeats { options.excludeIds = evidence.recentItems.map(\.itemId) }
            let answer: Recommendation
            let start = clock.now
            switch system {
            case .blend(let weights):
                options.weights = weights
                answer = recommender.recommend(for: evidence, options: options)
            case .popularity, .frequency:
                answer = recommender.popular(.popular, userId: evidence.userId, options: options)
            }
            let time = (clock.now - start).components
            took(time.seconds * 1_000_000_000 + time.attoseconds / 1_000_000_000)
            let list = heldOut.numbers(of: answer)
            guard case .frequency = system else { return list }
            let candidates = options.onlyIds.map { Set($0) }
            let own = (habits[user] ?? []).filter { candidates?.contains(holdOut.items.id(at: Int($0))) ?? true }
            let taken = Set(own)
            return Array((own + list.filter { !taken.contains($0) }).prefix(count))
        }
    }
}
