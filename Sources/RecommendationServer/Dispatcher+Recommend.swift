import HybridBlending
import RecommendationIndex
import RecommendationService
import WireProtocol

extension Dispatcher {
    /// Items of the history that `explain: full` names for each recommended item.
    private static let becauseLimit = 3

    func recommendForUser(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) {
        let parameters = try RecommendUserParameters(request)
        let recommender = loop.recommender
        let answer = recommender.recommend(
            for: UserEvidence(
                userId: parameters.common.userId?.string, recentItems: recentItems(parameters.recentItems)),
            options: options(parameters.common))
        writer.beginReply(to: request)
        write(answer, parameters.common, fallbackReason: .popular, &writer)
    }

    func recommendLikeItem(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) {
        let parameters = try RecommendItemParameters(request)
        let items = loop.recommender.serving.index.items
        guard let item = unsafe items.index(of: parameters.itemId.bytes) else {
            throw WireError(
                .itemNotFound, "The index has no such item.", field: "params.itemId")
        }
        let answer = loop.recommender.recommend(
            similarTo: Int32(item), userId: parameters.common.userId?.string, options: options(parameters.common))
        writer.beginReply(to: request)
        write(answer, parameters.common, fallbackReason: .popular, &writer)
    }

    func recommendForSession(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) {
        let parameters = try RecommendSessionParameters(request)
        let answer = loop.recommender.recommend(
            session: parameters.items.map(\.string), userId: parameters.common.userId?.string,
            options: options(parameters.common))
        writer.beginReply(to: request)
        write(answer, parameters.common, fallbackReason: .popular, &writer)
    }

    func recommendPopular(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) {
        let parameters = try RecommendPopularParameters(request)
        let (kind, reason) = Self.popularity(parameters.kind)
        var segment: Int?
        if let name = parameters.segment { segment = try number(of: name, try segments()) }
        let answer = loop.recommender.popular(
            kind, segment: segment, userId: parameters.common.userId?.string, options: options(parameters.common))
        writer.beginReply(to: request)
        write(answer, parameters.common, fallbackReason: reason, &writer)
    }

    private static func popularity(
        _ kind: PopularListKind
    ) -> (PopularityKind, WireReason) {
        switch kind {
        case .popular: (.popular, .popular)
        case .trending: (.trending, .trending)
        case .recent: (.recent, .recent)
        }
    }

    // MARK: From the wire to the service

    private func options(_ wire: CommonParameters) -> RecommendationOptions {
        var options = RecommendationOptions(count: wire.count)
        options.excludeIds = wire.excludeIds.map(\.string)
        options.excludeSeen = wire.excludeSeen
        options.minScore = wire.minScore
        options.strict = wire.strict
        if !wire.weights.isEmpty {
            var weights = loop.recommender.serving.weights
            weights.content = wire.weights.content ?? weights.content
            weights.collaborative = wire.weights.collaborative ?? weights.collaborative
            weights.fallback = wire.weights.fallback ?? weights.fallback
            options.weights = weights
        }
        return options
    }

    private func recentItems(_ wire: [WireRecentItem]) -> [RecentItem] {
        let serving = loop.recommender.serving
        return wire.map { recent in
            let weight = recent.weight ?? recent.type.flatMap { serving.eventWeight(of: $0.string) } ?? 1
            return RecentItem(itemId: recent.itemId.string, eventWeight: weight)
        }
    }

    // MARK: From the service to the wire

    private func write(
        _ answer: Recommendation, _ wire: CommonParameters, fallbackReason: WireReason,
        _ writer: inout JSONWriter
    ) {
        let index = loop.recommender.serving.index
        let fallbackReason = answer.segment == nil ? fallbackReason : .popularInSegment
        writer.beginRecommendations()
        for item in answer.items {
            let (source, reason) = Self.wireSource(item.source, fallbackReason)
            unsafe writer.beginItem(
                id: index.items.bytes(at: Int(item.itemIndex)), score: item.score, source: source,
                reason: wire.explain == .none ? nil : reason)
            PropertyFields(index: index, selection: wire.fields).write(ofItem: Int(item.itemIndex), &writer)
            if wire.explain == .full { explain(item, &writer) }
            writer.endItem()
        }
        let state = answer.userState
        writer.endRecommendations(
            fallbackUsed: answer.fallbackUsed,
            userState: WireUserState(
                isKnown: state.known, historyCount: state.usedItemCount, recentItemsUnknown: state.unknownItemCount))
    }

    private func explain(_ item: RecommendedItem, _ writer: inout JSONWriter) {
        guard item.source != .fallback else {
            writer.contributions(WireContributions(fallback: item.score))
            return
        }
        let parts = item.contributions
        writer.contributions(
            WireContributions(
                content: parts.content, collaborative: parts.collaborative,
                fallback: parts.fallback > 0 ? parts.fallback : nil))
        let index = loop.recommender.serving.index
        writer.beginBecause()
        for entry in loop.recommender.evidence(for: item.itemIndex, limit: Self.becauseLimit) {
            unsafe writer.because(itemId: index.items.bytes(at: Int(entry.itemIndex)), share: entry.weight)
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
        }
    }
}
