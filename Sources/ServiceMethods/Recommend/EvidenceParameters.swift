import RecommendationService
import WireProtocol

/// Parameters that say who asks: at least one of `userId` and `recentItems` is there.
protocol EvidenceParameters: RecommendParameters {
    /// Most recent first.
    var recentItems: [WireRecentItem] { get set }
}

extension EvidenceParameters {
    static var evidence: [Parameter<Self>] {
        [
            Parameter("recentItems", .list(of: WireRecentItem.kind, maximumCount: ProtocolLimits.recentItems)) {
                value, target throws(WireError) in
                target.recentItems = try WireRecentItem.list(value)
            }
        ]
    }

    func checkEvidence() throws(WireError) {
        guard common.userId == nil, recentItems.isEmpty else { return }
        throw WireError(
            .badField, "Name the user (userId), or what they did lately (recentItems), or both.", field: "params.userId"
        )
    }

    func evidence(_ serving: ServingIndex) -> UserEvidence {
        UserEvidence(
            userId: common.userId?.string,
            recentItems: recentItems.map { recent in
                let weight = recent.weight ?? recent.type.flatMap { serving.eventWeight(of: $0.string) } ?? 1
                return RecentItem(itemId: recent.itemId.string, eventWeight: weight)
            })
    }
}
