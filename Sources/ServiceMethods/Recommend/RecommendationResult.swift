import HybridBlending
import RecommendationService
import WireProtocol

/// Writes the result of a method `recommend.*`.
struct RecommendationResult {
    /// Items of the history that `explain: full` names for each recommended item.
    private static let becauseLimit = 3

    private let context: ServiceContext
    private let recommender: Recommender
    private let view: CatalogView
    private let explain: ExplanationLevel
    private let fields: PropertyFields?
    private let fallbackReason: WireReason
    private let counters: RecommendationCounters

    init(_ context: ServiceContext, _ wire: CommonParameters, fallbackReason: WireReason = .popular) {
        self.context = context
        recommender = context.recommender
        view = recommender.view
        explain = wire.explain
        fields = PropertyFields(view, wire.fields)
        self.fallbackReason = fallbackReason
        counters = context.counters
    }

    func write(_ answer: Recommendation, _ writer: inout JSONWriter) {
        if !recommender.filters.isMissingAny { counters.count(fallbackUsed: answer.fallbackUsed) }
        let fallbackReason = answer.segment == nil ? fallbackReason : .popularInSegment
        let becauseCount = Self.explainedCount(historyCount: answer.userState.usedItemCount)
        writer.beginRecommendations()
        // The items are worth having without their reasons, which take as long again.
        let isLate = explain == .full && context.isOverdue
        if isLate { context.quality = .partial }
        let explained = explain == .full && !isLate ? answer.items.prefix(becauseCount).map(\.item) : []
        let evidence = recommender.evidence(for: explained, limit: Self.becauseLimit)
        for (place, item) in answer.items.enumerated() {
            let (source, reason) = Self.wireSource(item.source, fallbackReason)
            unsafe writer.beginItem(
                id: view.id(of: item.item), score: item.score, source: source,
                reason: explain == .none ? nil : reason)
            fields?.write(of: item.item, &writer)
            if explain == .full { writeReasons(item, place < evidence.count ? evidence[place] : [], &writer) }
            writer.endItem()
        }
        let state = answer.userState
        writer.endRecommendations(
            fallbackUsed: answer.fallbackUsed,
            userState: WireUserState(
                isKnown: state.known, historyCount: state.usedItemCount, recentItemsUnknown: state.unknownItemCount))
    }

    /// How many items of an answer, from its first, `because` is worked out for.
    static func explainedCount(historyCount: Int) -> Int {
        historyCount > 0 ? ProtocolLimits.becausePairs / historyCount : .max
    }

    private func writeReasons(_ item: RecommendedItem, _ evidence: [ProfileEntry], _ writer: inout JSONWriter) {
        let boost = item.boost == 0 ? nil : item.boost
        guard item.source != .history else {
            writer.contributions(WireContributions(history: item.score - item.boost, boost: boost))
            return
        }
        guard item.source != .fallback else {
            writer.contributions(WireContributions(fallback: item.score - item.boost, boost: boost))
            return
        }
        let parts = item.contributions
        writer.contributions(
            WireContributions(
                content: parts.content, collaborative: parts.collaborative,
                fallback: parts.fallback > 0 ? parts.fallback : nil, boost: boost))
        writer.beginBecause()
        for entry in evidence {
            unsafe writer.because(itemId: view.id(of: entry.item), share: entry.weight)
        }
        writer.endBecause()
    }

    private static func wireSource(
        _ source: RecommendationSource, _ fallbackReason: WireReason
    ) -> (WireSource, WireReason) {
        switch source {
        case .content: (.content, .similarContent)
        case .collaborative: (.collaborative, .interactedTogether)
        case .hybrid: (.hybrid, .interactedTogetherAndSimilar)
        case .fallback: (.fallback, fallbackReason)
        case .pinned: (.pinned, .pinned)
        case .history: (.history, .again)
        }
    }
}
