import HybridBlending
import Interactions
import Recommenders

// How people who come back differ from those who are here: how well the fallback predicts beside the collaborative
// component, s = NDCG@10(fallback) / NDCG@10(collaborative):
//
//     usual       the newest items of each user are hidden                    s₀
//     returning   everything after a moment is hidden, of everybody           s₁ = (n s + 20 s₀) / (n + 20)
//
// The second split is what a server meets: what is asked for next is asked for now. It holds for people who have not been
// away for longer than those it was measured on, all but the tenth of them that were away longest, and asks for times. Few people
// come back in some data (16 of a film site's validation split), so its ratio is drawn towards the first one.

struct FallbackMeasurement {
    /// Returning users at which their own ratio counts half: of so few, its standard error is about a third of it (decision
    /// 0020).
    private static let priorUserCount = 20.0
    /// Enough for a ratio good to a few percent; no model answers fewer (`MeasuredModel.historyLimit`).
    private static let userLimit = 1000

    let popularity: ItemPopularity.Configuration

    /// NDCG@10 of the fallback in shares of what a model has; nil where the model finds nothing.
    func ratio(_ sample: HistorySample, _ model: MeasuredModel, _ decay: HistoryDecay) throws(BuildError) -> Double? {
        let users = Array(sample.users.prefix(Self.userLimit))
        let personal = try sample.split.qualities(of: model, users, decay: decay).reduce(0, +)
        guard personal > 0 else { return nil }
        let fallback = sample.split.qualities(ofScores: sample.split.fallbackScores(popularity), users)
        return fallback.reduce(0, +) / personal
    }

    /// - Parameters:
    ///   - usual: the ratio of those who are here.
    ///   - ratio: that of those who come back.
    static func share(usual: Double, returning ratio: Double, of sample: HistorySample) -> FallbackShare {
        let count = Double(min(sample.users.count, userLimit))
        let drawn = (count * ratio + priorUserCount * usual) / (count + priorUserCount)
        let ages = sample.ages.sorted()
        return FallbackShare(
            usual: FallbackShare.factor(ofRatio: usual), returning: FallbackShare.factor(ofRatio: drawn),
            returningAge: ages[ages.count * 9 / 10])
    }
}
