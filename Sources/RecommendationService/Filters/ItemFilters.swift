package import ItemFilter
import RecommendationIndex
import ScoringKernels

/// The filters and boosts that a loop was asked for, with what they come to on one index. One thread's.
package final class ItemFilters {
    /// Of texts: a shop has some dozens of filters; those with an id of somebody in them come and go.
    private static let textLimit = 512
    private static let textByteLimit = 2 << 20
    /// Of results, in a loop: 64 filters of a million items, or 600 of 100,000.
    private static let bitCountLimit = 1_024
    private static let bitByteLimit = 16 << 20
    /// Four boosts of a million items.
    private static let boostCountLimit = 64
    private static let boostByteLimit = 32 << 20

    private struct Source: Hashable {
        let purpose: RulePurpose
        /// By bytes, as results are.
        let text: [UInt8]
    }

    private struct BitsPair: Hashable {
        let left: ObjectIdentifier
        let right: ObjectIdentifier
    }

    /// Keeps what it is of, so that their addresses are nobody else's.
    private struct Meeting {
        let left: ItemBits
        let right: ItemBits
        let both: ItemBits
    }

    private let serving: ServingIndex
    private var itemCount: Int
    private var changed: ChangedColumns?
    private var schema: FilterSchema
    /// How often an overlay had been published when `changed` was taken.
    private var generation: UInt64 = 0
    private var typed = BoundedCache<Source, TypedFilter>(countLimit: textLimit, byteLimit: textByteLimit)
    private var bits = BoundedCache<RuleKey, RuleResult>(countLimit: bitCountLimit, byteLimit: bitByteLimit)
    private var boosts = BoundedCache<RuleKey, RuleResult>(countLimit: boostCountLimit, byteLimit: boostByteLimit)
    private var meetings = BoundedCache<BitsPair, Meeting>(countLimit: bitCountLimit, byteLimit: bitByteLimit)
    /// Results that had to be worked out over a whole index here, for tests.
    package private(set) var evaluationCount = 0

    /// Who looks over what takes long; nil: it is done here.
    package var desk: RuleDesk?
    private var mayWait = false
    private var lent: [RuleKey: RuleResult] = [:]
    private var missing: [RuleKey: RuleEvaluation] = [:]

    init(_ serving: ServingIndex) {
        self.serving = serving
        itemCount = serving.index.itemCount
        schema = serving.filterSchema
    }

    /// Between two requests: what has changed since the index was built.
    /// - Parameter generation: how often an overlay had been published.
    func take(_ overlay: CatalogOverlay?, generation: UInt64) {
        itemCount = overlay?.itemCount ?? serving.index.itemCount
        changed = overlay?.columns
        self.generation = generation
        let schema = changed?.schema ?? serving.filterSchema
        guard schema != self.schema else { return }
        self.schema = schema
        typed.removeAll()
    }

    var propertyTypes: [String: FilterType] { schema.itemTypes }

    /// What expressions may name of items, ascending.
    package var propertyNames: [String] { schema.itemNames }

    package func filter(_ text: String) throws(FilterError) -> TypedFilter { try typed(text, .filter) }

    package func boost(_ text: String) throws(FilterError) -> TypedFilter { try typed(text, .boost) }

    package func filter(_ document: FilterDocument) throws(FilterError) -> TypedFilter {
        try FilterTyping.filter(try FilterDocumentReader.parse(document), schema)
    }

    package func boost(_ document: FilterDocument) throws(FilterError) -> TypedFilter {
        try FilterTyping.boost(try FilterDocumentReader.parse(document), schema)
    }

    private func typed(_ text: String, _ purpose: RulePurpose) throws(FilterError) -> TypedFilter {
        let source = Source(purpose: purpose, text: Array(text.utf8))
        if let known = typed.value(for: source) { return known }
        let node = try FilterParser.parse(text)
        let filter =
            switch purpose {
            case .filter: try FilterTyping.filter(node, schema)
            case .boost: try FilterTyping.boost(node, schema)
            }
        // Nodes take some ten times their text.
        typed.insert(filter, for: source, byteCount: 16 * text.utf8.count + 256)
        return filter
    }

    // MARK: Results

    /// Before a request.
    /// - Parameters:
    ///   - lent: what it has waited for. It holds for it whatever has changed meanwhile, so that a request waits once only.
    ///   - mayWait: whether it can be answered later, by `desk`.
    package func begin(lent results: [RuleResult], mayWait: Bool) {
        self.mayWait = mayWait
        if !missing.isEmpty { missing = [:] }
        if !lent.isEmpty { lent = [:] }
        for result in results where result.identity === serving.identity { lent[result.key] = result }
    }

    /// The request has to wait: what it is answered now means nothing.
    package var isMissingAny: Bool { !missing.isEmpty }

    /// What the request has to wait for before it is answered; nil: nothing. What it was answered means nothing then.
    package func takeMissing() -> RuleEvaluation? {
        guard let least = missing.min(by: { $0.value.nanoseconds < $1.value.nanoseconds }) else { return nil }
        missing = [:]
        return least.value
    }

    /// nil: it is missing.
    func bits(_ filter: TypedFilter, _ bindings: FilterBindings) -> ItemBits? {
        result(filter, bindings, .filter, &bits)?.bits
    }

    /// What two filters both admit. O(catalogue / 16) where the two meet for the first time.
    func both(_ left: ItemBits, _ right: ItemBits) -> ItemBits {
        let pair = BitsPair(left: ObjectIdentifier(left), right: ObjectIdentifier(right))
        if let known = meetings.value(for: pair) { return known.both }
        let meeting = Meeting(left: left, right: right, both: ItemBits(left, and: right))
        meetings.insert(meeting, for: pair, byteCount: 3 * meeting.both.byteCount)
        return meeting.both
    }

    /// nil: it is missing.
    func boosts(_ boost: TypedFilter, _ bindings: FilterBindings) -> ItemBoosts? {
        result(boost, bindings, .boost, &boosts)?.boosts
    }

    private func result(
        _ rule: TypedFilter, _ bindings: FilterBindings, _ purpose: RulePurpose,
        _ cache: inout BoundedCache<RuleKey, RuleResult>
    ) -> RuleResult? {
        let key = RuleKey(purpose: purpose, filter: rule.key(bindings))
        let known = cache.value(for: key)
        if let known, known.generation == generation { return known }
        if let result = lent[key], result.bits?.itemCount ?? 0 <= itemCount {
            // However much has changed since, what it says of the index holds.
            if known == nil || result.generation == generation { keep(result, in: &cache) }
            return result
        }
        let evaluation = RuleEvaluation(
            serving: serving, changed: changed, itemCount: itemCount, generation: generation, rule: rule,
            bindings: bindings, key: key, plain: known?.plain)
        guard let result = found(evaluation) else { return nil }
        keep(result, in: &cache)
        return result
    }

    private func keep(_ result: RuleResult, in cache: inout BoundedCache<RuleKey, RuleResult>) {
        cache.insert(result, for: result.key, byteCount: result.byteCount + result.key.filter.byteCount)
    }

    private func found(_ evaluation: RuleEvaluation) -> RuleResult? {
        if mayWait, let desk, evaluation.nanoseconds > desk.quickNanoseconds {
            if let known = desk.known(evaluation) { return known }
            missing[evaluation.key] = evaluation
            return nil
        }
        if evaluation.plain == nil { evaluationCount += 1 }
        return evaluation.run()
    }
}
