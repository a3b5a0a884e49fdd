import LinearAlgebra
import RecommendationIndex

/// Fills places one after another from a ranked pool.
///
/// A place takes the item of the pool that is worth most there among those that every limit lets in: the first in the pool's
/// order, or by maximal marginal relevance the one with the greatest `(1 - diversity) relevance - diversity similarity`, where
/// similarity is the greatest cosine of its content with that of an item already placed. Limits look at the places before, so
/// they hold on every beginning of the list.
struct Arrangement {
    private let limits: [(limit: PropertyLimit, values: CountedValues)]
    private let diversity: Float
    private let vectors: ShardedDenseMatrix
    private let pinned: [Int: RecommendedItem]

    init(_ options: RecommendationOptions, pinned: [Int: RecommendedItem], _ view: CatalogView) {
        limits = options.limits.map { ($0, CountedValues($0.property, view)) }
        diversity = options.diversity
        vectors = view.serving.index.vectors
        self.pinned = pinned
    }

    /// At most `count` items; fewer where the pool has no more that the limits let in. O(count x pool) at worst.
    func chosen(from pool: [RecommendedItem], count: Int) -> [RecommendedItem] {
        var chosen: [RecommendedItem] = []
        let fixed = Set(pinned.values.map(\.item))
        var isTaken = pool.map { fixed.contains($0.item) }
        var counts = limits.map { limit, values in ValueCounts(limit, values, pool) }
        var worth = Worth(pool, diversity: diversity, vectors)
        var first = 0
        while chosen.count < count {
            if let item = pinned[chosen.count] {
                chosen.append(item)
                for rule in counts.indices { counts[rule].append(counts[rule].value(of: item.item)) }
                worth.place(item.item.rawValue)
                continue
            }
            while first < pool.count, isTaken[first] { first += 1 }
            let free = pool[first...].indices.lazy.filter { place in
                !isTaken[place] && counts.allSatisfy { $0.lets(place) }
            }
            guard let next = worth.best(of: free) else { break }
            isTaken[next] = true
            chosen.append(pool[next])
            for rule in counts.indices { counts[rule].append(counts[rule].pool[next]) }
            worth.place(pool[next].item.rawValue)
        }
        return chosen
    }
}

/// How often each value stands among the places that a limit looks back at.
private struct ValueCounts {
    /// Of the pool's items.
    let pool: [UInt64?]
    private let limit: PropertyLimit
    private let values: CountedValues
    private var placed: [UInt64?] = []
    private var counts: [UInt64: Int] = [:]

    init(_ limit: PropertyLimit, _ values: CountedValues, _ pool: [RecommendedItem]) {
        self.limit = limit
        self.values = values
        self.pool = pool.map { values.value(of: $0.item.rawValue) }
    }

    func value(of item: ItemNumber) -> UInt64? { values.value(of: item.rawValue) }

    /// Whether the item at that place of the pool may come next.
    func lets(_ place: Int) -> Bool { pool[place].map { counts[$0, default: 0] < limit.count } ?? true }

    mutating func append(_ value: UInt64?) {
        placed.append(value)
        if let value { counts[value, default: 0] += 1 }
        // The next place looks back at one fewer than the window has.
        guard let window = limit.window, placed.count >= window, let gone = placed[placed.count - window] else {
            return
        }
        counts[gone, default: 0] -= 1
    }
}

/// What the items of a pool are worth behind those already placed.
private struct Worth {
    private let diversity: Float
    private let vectors: ShardedDenseMatrix
    private let items: [Int32]
    /// 1 for the best; what the fallback adds goes on below what is personal.
    private var relevance: [Float] = []
    /// Of unlike lengths; 0 for an item without content.
    private var norms: [Float] = []
    /// Per item of the pool, to the most similar one that was placed.
    private var similarity: [Float] = []

    init(_ pool: [RecommendedItem], diversity: Float, _ vectors: ShardedDenseMatrix) {
        self.diversity = diversity
        self.vectors = vectors
        items = pool.map(\.item.rawValue)
        guard diversity > 0 else { return }
        let best = pool.first?.score ?? 0
        let leastPersonal = pool.last { $0.source != .fallback }.map { best > 0 ? $0.score / best : 0 } ?? 1
        let bestFallback = pool.first { $0.source == .fallback }?.score ?? 0
        relevance = pool.map { item in
            guard item.source == .fallback else { return best > 0 ? item.score / best : 0 }
            return bestFallback > 0 ? leastPersonal * item.score / bestFallback : 0
        }
        norms = items.map { Self.product(vectors, $0, $0).squareRoot() }
        similarity = Array(repeating: 0, count: items.count)
    }

    /// 0 for an item that the index lacks.
    private static func product(_ vectors: ShardedDenseMatrix, _ left: Int32, _ right: Int32) -> Float {
        guard Int(max(left, right)) < vectors.rowCount else { return 0 }
        guard let first = unsafe vectors.row(Int(left)).baseAddress,
            let second = unsafe vectors.row(Int(right)).baseAddress
        else { return 0 }
        return unsafe BLAS.dot(first, second, count: vectors.columnCount)
    }

    /// The earliest of those worth most.
    func best(of places: some Sequence<Int>) -> Int? {
        guard diversity > 0 else { return places.first { _ in true } }
        var best: (place: Int, worth: Float)?
        for place in places {
            let worth = (1 - diversity) * relevance[place] - diversity * similarity[place]
            if worth > best?.worth ?? -.infinity { best = (place, worth) }
        }
        return best?.place
    }

    mutating func place(_ item: Int32) {
        guard diversity > 0 else { return }
        let own = Self.product(vectors, item, item).squareRoot()
        guard own > 0 else { return }
        for place in items.indices where norms[place] > 0 {
            let cosine = Self.product(vectors, item, items[place]) / (own * norms[place])
            similarity[place] = max(similarity[place], cosine)
        }
    }
}
