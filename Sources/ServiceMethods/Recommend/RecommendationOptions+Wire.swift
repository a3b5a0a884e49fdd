import HybridBlending
import ItemFilter
import RecommendationService
import WireProtocol

extension RecommendationOptions {
    /// Looks up names and ids, and says which are wrong.
    /// - Parameter shown: items that stay out besides `excludeIds`.
    init(_ wire: CommonParameters, _ context: ServiceContext, without shown: [String] = []) throws(WireError) {
        let serving = context.serving
        self.init(count: wire.count)
        excludeIds = wire.excludeIds.map(\.string) + shown
        excludeSeen = wire.excludeSeen
        minScore = wire.minScore
        strict = wire.strict
        now = context.now()
        if let days = wire.seenWithinDays { seenSince = now - Int64(days) * 86_400_000 }
        try setRules(wire, context)
        try setArrangement(wire, context)
        guard !wire.weights.isEmpty else { return }
        var weights = serving.weights
        weights.content = wire.weights.content ?? weights.content
        weights.collaborative = wire.weights.collaborative ?? weights.collaborative
        weights.fallback = wire.weights.fallback ?? weights.fallback
        self.weights = weights
    }

    private mutating func setRules(_ wire: CommonParameters, _ context: ServiceContext) throws(WireError) {
        let filters = context.recommender.filters
        if let ofKey = context.caller.keyFilter {
            do throws(FilterError) { keyFilter = try filters.filter(ofKey.text) } catch {
                throw WireError(keyFilter: error)
            }
            keyUserId = ofKey.userId
        }
        if let source = wire.filter {
            do throws(FilterError) {
                switch source {
                case .text(let text): filter = try filters.filter(text)
                case .document(let document): filter = try filters.filter(document)
                }
            } catch {
                throw WireError(error, field: "params.filter")
            }
        }
        if let source = wire.boost {
            do throws(FilterError) {
                switch source {
                case .text(let text): boost = try filters.boost(text)
                case .document(let document): boost = try filters.boost(document)
                }
            } catch {
                throw WireError(error, field: "params.boost")
            }
        }
        if let item = wire.context {
            guard let number = unsafe context.view.item(item.itemId.bytes) else {
                throw WireError(.itemNotFound, "The index has no such item.", field: "params.context.itemId")
            }
            contextItem = number
        }
    }
}
