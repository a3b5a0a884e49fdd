import Evaluation
import IndexBuilding
import RecommendationIndex
import RecommendationService
import SeededRandom

/// Builds on the older sessions and measures one metric on how the newer ones go on.
struct SessionTrial: TrialMeasuring {
    private let queries: SessionQueries
    private let asked: [SessionQueries.Query]
    private let metric: RankingMetric
    private let cutOff: Int

    /// An answer takes microseconds: all validation queries of a shop's day are asked.
    static let defaultQueryLimit = 100_000

    init(_ queries: SessionQueries, metric: RankingMetric, cutOff: Int, queryLimit: Int, seed: UInt64) {
        self.queries = queries
        self.metric = metric
        self.cutOff = cutOff
        var generator = SplitMix64(seed: seed)
        asked = Array(generator.sample(queryLimit, of: queries.queries))
    }

    func run(_ configuration: BuildConfiguration, searchesBlend: Bool) throws -> TrialOutcome {
        var configuration = configuration
        // What a session gets, it gets from neighbours and rules.
        configuration.model = .none
        let serving = try SessionRun.index(
            of: queries, configuration: configuration, observer: ProgressObserver(quiet: true))
        let recommender = Recommender(serving)
        var options = RecommendationOptions(count: cutOff)
        options.excludeSeen = false
        let values = asked.map { query in
            let answer = recommender.recommend(session: query.prefix.reversed(), options: options)
            let next = Int32(serving.index.items.index(of: query.next) ?? -1)
            return RankedHits(ranked: answer.items.map(\.item.rawValue), wanted: [next]).value(of: metric, at: cutOff)
        }
        return TrialOutcome(weights: configuration.weights, values: values)
    }
}
