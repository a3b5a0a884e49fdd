import Interactions
import ItemFilter
import RecommendationIndex
import ScoringKernels

extension FilterBindings {
    /// Of a user: the name of their segment.
    static let segmentName = "segment"
}

extension Recommender {
    /// Restricts the request to what its filter admits, and notes its boost.
    /// - Parameter context: the item that the answer is about, where the request names none itself.
    /// - Returns: false where one of them is not known yet: the request waits for `filters.takeMissing()` and begins anew.
    func applyRules(_ options: RecommendationOptions, userId: String?, context: ItemNumber? = nil) -> Bool {
        guard options.filter != nil || options.boost != nil || options.keyFilter != nil else { return true }
        let bindings = bindings(options, userId: userId, context: context)
        var isComplete = true
        var admitted: ItemBits?
        if let filter = options.filter {
            admitted = filters.bits(filter, bindings)
            if admitted == nil { isComplete = false }
        }
        if let filter = options.keyFilter {
            let ofKey = filters.bits(
                filter, self.bindings(options, userId: options.keyUserId ?? userId, context: context))
            if ofKey == nil { isComplete = false }
            if let own = admitted, let ofKey { admitted = filters.both(own, ofKey) } else { admitted = ofKey }
        }
        if isComplete, let admitted { admission.restrict(to: admitted) }
        if let boost = options.boost {
            state.boosts = filters.boosts(boost, bindings)
            if state.boosts == nil { isComplete = false }
        }
        return isComplete
    }

    /// What the request's filter and boost know of it.
    func bindings(_ options: RecommendationOptions, userId: String?, context: ItemNumber?) -> FilterBindings {
        var bindings = FilterBindings(now: options.now)
        let used = [options.filter, options.keyFilter, options.boost].compactMap { $0 }
        if let item = options.contextItem ?? context {
            bindings.context = contextValues(item, Set(used.flatMap(\.contextProperties)))
        }
        if let userId { bindings.user = userValues(userId) }
        return bindings
    }

    private func contextValues(_ item: ItemNumber, _ names: Set<String>) -> [String: PropertyValue] {
        guard !names.isEmpty else { return [:] }
        var values: [String: PropertyValue] = [:]
        for property in view.properties(of: item) where names.contains(property.name) {
            values[property.name] = property.value
        }
        values[FilterSchema.idName] = .string(view.idString(of: item))
        return values
    }

    private func userValues(_ userId: String) -> [String: PropertyValue] {
        var values: [String: PropertyValue] = [FilterSchema.idName: .string(userId)]
        if let segments = view.segments, let member = segments.member(userId) {
            values[FilterBindings.segmentName] = .string(segments.names[segments.segment(ofMember: member)])
        }
        return values
    }
}
