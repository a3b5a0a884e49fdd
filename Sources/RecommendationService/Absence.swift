import ItemFilter
import RecommendationIndex
import Recommenders
import ScoringKernels

/// Where an item fell out of an answer. Places count from 0.
package enum Absence: Sendable, Equatable {
    /// It did not: it is in the answer.
    case listed(place: Int)
    /// Nobody is shown it now.
    case hidden
    /// The request names it among those that must not appear.
    case excluded
    /// The user has it.
    case seen
    /// Conditions of the filter, each as text, that do not hold for it; whether the key's filter leaves it out, whose conditions
    /// are nobody's business.
    case filtered([String], byKey: Bool = false)
    /// By its score it would be at that place; pinned items, limits or diversity have kept it out.
    case arranged(place: Int, score: Float)
    /// Others score more; nil: more than `Recommender.absencePlaces` of them, or nothing speaks for the item and the request wants
    /// no fallback, or it scores less than the request asks for.
    case outranked(place: Int?, score: Float?, lastScore: Float?)
}

extension Recommender {
    /// Down to which place an absent item is looked for.
    package static let absencePlaces = 10_000

    /// Why an answer to `recommend(for:options:)` does not have an item. Ranks once, down to `absencePlaces`.
    package func absence(
        of item: ItemNumber, for evidence: UserEvidence, options: RecommendationOptions
    ) -> Absence {
        let answer = recommend(
            for: evidence, options: options, keepingPlaces: max(Self.absencePlaces, options.count))
        if let place = answer.items.firstIndex(where: { $0.item == item }) { return .listed(place: place) }
        let flags = admission[item.rawValue]
        if flags.contains(.hidden) { return .hidden }
        if flags.contains(.excluded) { return .excluded }
        if flags.contains(.seen) { return .seen }
        if admission.restriction?.contains(item.rawValue) == false {
            return .filtered(
                options.filter.map { failedParts(of: $0, item, options, userId: evidence.userId) } ?? [],
                byKey: options.keyFilter.map {
                    !failedParts(of: $0, item, options, userId: options.keyUserId ?? evidence.userId).isEmpty
                } ?? false)
        }
        let all = state.ranking
        guard let place = all.firstIndex(where: { $0.item == item }) else {
            return .outranked(place: nil, score: nil, lastScore: answer.items.last?.score)
        }
        if place < options.count { return .arranged(place: place, score: all[place].score) }
        return .outranked(place: place, score: all[place].score, lastScore: answer.items.last?.score)
    }

    private func failedParts(
        of filter: TypedFilter, _ item: ItemNumber, _ options: RecommendationOptions, userId: String?
    ) -> [String] {
        let columns = PropertyColumns(
            items: [view.properties(of: item)], ids: [view.idString(of: item)], types: filters.propertyTypes)
        return filter.failedParts(over: columns, bindings(options, userId: userId, context: nil))
    }
}
