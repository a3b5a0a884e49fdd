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

    private enum Purpose: Hashable { case filter, boost }

    private struct Source: Hashable {
        let purpose: Purpose
        /// By bytes, as results are.
        let text: [UInt8]
    }

    /// What was found for a filter: of the index alone, and with what has changed since.
    private struct Found<Plain, Result> {
        let plain: Plain
        let result: Result
        /// Of the overlay that `result` is for.
        let generation: Int
    }

    private let serving: ServingIndex
    private var itemCount: Int
    private var changed: ChangedColumns?
    private var schema: FilterSchema
    private var generation = 0
    private var typed = BoundedCache<Source, TypedFilter>(countLimit: textLimit, byteLimit: textByteLimit)
    private var bits = BoundedCache<FilterKey, Found<[UInt64], ItemBits>>(
        countLimit: bitCountLimit, byteLimit: bitByteLimit)
    private var boosts = BoundedCache<FilterKey, Found<[Float], ItemBoosts>>(
        countLimit: boostCountLimit, byteLimit: boostByteLimit)
    /// Results that had to be worked out, for tests.
    package private(set) var evaluationCount = 0

    init(_ serving: ServingIndex) {
        self.serving = serving
        itemCount = serving.index.itemCount
        schema = serving.filterSchema
    }

    /// Between two requests: what has changed since the index was built.
    func take(_ overlay: CatalogOverlay?) {
        itemCount = overlay?.itemCount ?? serving.index.itemCount
        changed = overlay?.columns
        generation += 1
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

    private func typed(_ text: String, _ purpose: Purpose) throws(FilterError) -> TypedFilter {
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

    func bits(_ filter: TypedFilter, _ bindings: FilterBindings) -> ItemBits {
        let key = filter.key(bindings)
        let known = bits.value(for: key)
        if let known, known.generation == generation { return known.result }
        let plain = known?.plain ?? evaluated { filter.bits(over: serving.columns, bindings) }
        var words = plain
        words += Array(repeating: 0, count: (itemCount + 63) / 64 - words.count)
        if let changed {
            let own = filter.bits(over: changed.columns, bindings)
            for (place, item) in changed.items.enumerated() {
                let bit: UInt64 = 1 << UInt64(item % 64)
                let isAdmitted = own[place / 64] >> UInt64(place % 64) & 1 == 1
                if isAdmitted { words[Int(item) / 64] |= bit } else { words[Int(item) / 64] &= ~bit }
            }
        }
        let found = ItemBits(itemCount: itemCount, capacity: serving.workspaceCapacity, words: words)
        bits.insert(
            Found(plain: plain, result: found, generation: generation), for: key,
            byteCount: 8 * plain.count + found.byteCount + key.byteCount)
        return found
    }

    func boosts(_ boost: TypedFilter, _ bindings: FilterBindings) -> ItemBoosts {
        let key = boost.key(bindings)
        let known = boosts.value(for: key)
        if let known, known.generation == generation { return known.result }
        let plain = known?.plain ?? evaluated { boost.factors(over: serving.columns, bindings) }
        var factors = plain
        factors += Array(repeating: 1, count: itemCount - factors.count)
        if let changed {
            let own = boost.factors(over: changed.columns, bindings)
            for (place, item) in changed.items.enumerated() { factors[Int(item)] = own[place] }
        }
        let found = ItemBoosts(factors, capacity: serving.workspaceCapacity)
        boosts.insert(
            Found(plain: plain, result: found, generation: generation), for: key,
            byteCount: 4 * plain.count + found.byteCount + key.byteCount)
        return found
    }

    private func evaluated<Plain>(_ evaluate: () -> Plain) -> Plain {
        evaluationCount += 1
        return evaluate()
    }
}
