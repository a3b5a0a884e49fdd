package import HybridBlending
import Interactions
package import ItemFilter
package import RecommendationIndex
package import Recommenders
import ScoringKernels

/// Which list `Recommender.popular` takes.
package enum PopularityKind: Sendable {
    /// By the number of distinct users, all time.
    case popular
    /// By how much more an item is asked for now than in the long run.
    case trending
    /// By recency-weighted popularity.
    case recent
}

/// Which open index something is of, for who must not keep the index open.
final class ServingIdentity: Sendable, Hashable {
    static func == (left: ServingIdentity, right: ServingIdentity) -> Bool { left === right }

    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// An open index with what is derived from it once, at open, and then shared by every loop: immutable, but for the overlay that
/// `live` tells. A request goes by its `CatalogView`, which knows what has changed.
package final class ServingIndex: Sendable {
    package let index: RecommendationIndex
    /// Up to which sequence of the live store the index knows everything.
    package let consumedSequence: UInt64
    /// The weights that the index was built with.
    package let weights: BlendWeights
    /// What the build measured of how far content can be trusted beside the collaborative component, in 0...1.
    package let contentReliability: Float
    /// What the build measured of how much the fallback counts in personal lists.
    package let fallbackShare: FallbackShare
    /// The same for people who come back.
    package let returningDecay: HistoryDecay
    /// nil: the weights are the same for everybody.
    let adaptiveWeights: AdaptiveWeights?
    /// Milliseconds since 1970: of all stored interactions.
    let newestTime: Int64
    /// How fast an interaction's weight faded in the build; nil: not at all.
    let halfLifeDays: Double?
    /// What histories weigh as others' neighbours; nil where users are not compared.
    let neighbourWeights: HistoryWeights?
    /// Whether the interactions had times; without them no step of a history is more recent than another.
    let hasTimes: Bool
    /// What the build chose.
    package let historyDecay: HistoryDecay
    private let coldItemsHaveLinks: Bool
    private let eventWeights: EventWeights
    /// What factors count beside item lists, where the index has both.
    let factorShare: Float
    /// What the build was told of how sessions are answered.
    let sessionScoring: SessionScoring.Configuration
    /// Scores in 0...1 of what needs no personal evidence.
    let fallbackScores: PaddedScores
    let identity = ServingIdentity()
    /// What has changed since the index was built.
    package let live = CurrentOverlay()
    /// Items that a loop's workspaces have room for: what a posting can name, and new ones.
    let workspaceCapacity: Int
    /// nil: the index knows no segments.
    package let segments: ServingSegments?
    /// What filters and boosts look at.
    package let columns: PropertyColumns
    /// The names that filters and boosts may use.
    package let filterSchema: FilterSchema

    /// - Parameter consumedSequence: of the live store that it is served beside; nil: as the index says.
    package init(_ index: RecommendationIndex, consumedSequence: UInt64? = nil) {
        self.index = index
        let facts = index.manifest.facts
        self.consumedSequence = consumedSequence ?? facts.consumedSequence
        weights = BlendWeights(
            content: Float(facts.blendWeights.content), collaborative: Float(facts.blendWeights.collaborative),
            fallback: Float(facts.blendWeights.fallback))
        // An index from elsewhere may hold anything here; what is no share counts as full trust.
        let reliability = facts.setting(.contentReliability).flatMap { Float($0) } ?? 1
        contentReliability = (0...1).contains(reliability) ? reliability : 1
        fallbackShare = facts.setting(.fallbackShare).flatMap { FallbackShare($0) } ?? .none
        let historyDecay = facts.setting(.historyDecay).flatMap { HistoryDecay($0) } ?? .standard
        self.historyDecay = historyDecay
        returningDecay = facts.setting(.returningDecay).flatMap { HistoryDecay($0) } ?? historyDecay
        adaptiveWeights = facts.setting(.adaptiveWeights).flatMap { AdaptiveWeights($0) }
        newestTime = Self.newestTime(index)
        halfLifeDays = facts.setting(.halfLifeDays).flatMap { Double($0) }.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
        neighbourWeights = index.usersOfItems.map { _ in HistoryWeights(index.histories) }
        hasTimes = facts.setting(.hasTimes) == "true"
        coldItemsHaveLinks = facts.setting(.coldItemsHaveLinks) == "true"
        eventWeights = Self.eventWeights(facts.setting(.eventWeights))
        let share = facts.setting(.factorShare).flatMap { Float($0) } ?? ScorePair.standardFactorShare
        factorShare = (0...1).contains(share) ? share : ScorePair.standardFactorShare
        sessionScoring =
            facts.setting(.sessionScoring).flatMap { SessionScoring.Configuration($0) }
            ?? SessionScoring.Configuration()
        let segments = index.segments.map { ServingSegments($0, of: index) }
        self.segments = segments
        columns = PropertyColumns(index)
        filterSchema = FilterSchema(
            itemTypes: columns.types, userTypes: segments == nil ? [:] : [FilterBindings.segmentName: .string])
        let roomForNew = (index.itemCount + CatalogOverlay.itemLimit + 15) / 16 * 16
        workspaceCapacity = max(index.neighbours.format.columnLimit, roomForNew)
        fallbackScores = unsafe PaddedScores(index.fallback.scores, capacity: workspaceCapacity)
    }

    /// Histories begin with their most recent entry. O(users).
    private static func newestTime(_ index: RecommendationIndex) -> Int64 {
        var newest = Int64.min
        for user in 0..<index.users.count {
            newest = max(newest, unsafe index.histories.history(ofUser: user).times.first ?? .min)
        }
        return newest
    }

    /// An index that keeps none, or some that this version cannot read, was built with what it took for granted.
    private static func eventWeights(_ stored: String?) -> EventWeights {
        guard let stored else { return .standard }
        do {
            return try EventWeights(parsing: stored)
        } catch {
            return .standard
        }
    }

    /// What an event that came live adds to the sum of its item, as a build would have it; nil where a build takes none such.
    package func liveWeight(ofType type: String, value: Double?) -> Double? {
        eventWeights.liveRow(ofType: type, value: value).map { eventWeights.weight(of: $0) }
    }

    /// What an interaction of this type was worth when the index was built; nil for a type it did not know.
    package func eventWeight(of type: String) -> Float? { eventWeights.weight(of: type).map { Float($0) } }

    /// Who has evidence of an item: content where it has a vector or is somebody's neighbour; the collaborative component where
    /// somebody has it, or its links were predicted from its content.
    func flags(ofItem item: Int) -> ItemFlags {
        var flags: ItemFlags = []
        if unsafe index.contentKnown[item] != 0 { flags.insert(.hasContent) }
        if unsafe index.interactionCounts[item] > 0 || (coldItemsHaveLinks && flags.contains(.hasContent)) {
            flags.insert(.hasCollaborative)
        }
        return flags
    }

    /// Which of two items with equal scores comes first: by ascending id.
    func precedes(_ left: Int32, _ right: Int32) -> Bool {
        unsafe index.items.ranks[Int(left)] < index.items.ranks[Int(right)]
    }

    /// As the index has it; of a segment it has the list of `segments`.
    func ranked(_ list: RankedList) -> RankedItems {
        switch list {
        case .everybodys(.popular): index.popularity
        case .everybodys(.trending): index.trending
        case .everybodys(.recent): index.recentPopularity
        case .fallback, .ofSegment: index.fallback
        }
    }
}
