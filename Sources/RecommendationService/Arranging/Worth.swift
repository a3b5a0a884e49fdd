import LinearAlgebra
import RecommendationIndex

/// What the items of a pool are worth behind those already placed: `(1 - diversity) relevance - diversity similarity`.
///
/// Similarity is the greatest to an item already placed, so with every place an item's worth can only fall, and what it was
/// worth is a bound (lazy evaluation of a greedy choice: Minoux 1978). The items of the pool are compared with placed ones only as
/// far as their bound is the greatest: the answer is the same as if all were compared with all.
struct Worth {
    private let diversity: Float
    private let vectors: ShardedDenseMatrix
    private let items: [Int32]
    /// 1 for the best; what the fallback adds goes on below what is personal.
    private var relevance: [Float] = []
    /// Of unlike lengths; 0 for an item without content, nil for what was not asked yet.
    private var norms: [Float?] = []
    /// Per item of the pool, to the most similar of the first `comparedCounts` placed ones.
    private var similarity: [Float] = []
    private var comparedCounts: [Int] = []
    /// Those with content.
    private var placed: [(item: Int32, norm: Float)] = []

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
        norms = Array(repeating: nil, count: items.count)
        similarity = Array(repeating: 0, count: items.count)
        comparedCounts = Array(repeating: 0, count: items.count)
    }

    /// Before anything is placed. Without diversity the earlier of two is worth more.
    var bounds: [Float] {
        diversity > 0 ? items.indices.map { worth(of: $0) } : items.indices.map { -Float($0) }
    }

    private func worth(of place: Int) -> Float {
        (1 - diversity) * relevance[place] - diversity * similarity[place]
    }

    /// The open place worth most, of equals the first.
    mutating func best(of open: inout OpenCandidates) -> Int? {
        while let place = open.best() {
            guard diversity > 0, comparedCounts[place] < placed.count, compare(place) else { return place }
            open.lower(place, to: worth(of: place))
        }
        return nil
    }

    /// Goes on comparing an item with the placed ones until it is worth less. False where it is worth what it was.
    private mutating func compare(_ place: Int) -> Bool {
        let norm = norms[place] ?? length(of: items[place])
        norms[place] = norm
        guard norm > 0 else { return false }
        for other in placed[comparedCounts[place]...] {
            comparedCounts[place] += 1
            let cosine = product(other.item, items[place]) / (other.norm * norm)
            if cosine > similarity[place] {
                similarity[place] = cosine
                return true
            }
        }
        return false
    }

    mutating func place(_ item: Int32) {
        guard diversity > 0 else { return }
        let norm = length(of: item)
        if norm > 0 { placed.append((item, norm)) }
    }

    private func length(of item: Int32) -> Float { product(item, item).squareRoot() }

    /// 0 for an item that the index lacks.
    private func product(_ left: Int32, _ right: Int32) -> Float {
        guard Int(max(left, right)) < vectors.rowCount else { return 0 }
        guard let first = unsafe vectors.row(Int(left)).baseAddress,
            let second = unsafe vectors.row(Int(right)).baseAddress
        else { return 0 }
        return unsafe BLAS.dot(first, second, count: vectors.columnCount)
    }
}
