import SyntheticShop
import Testing

/// The shop is only of use if plain recommenders rank on it as they do on real data: popularity last, content and
/// collaborative each well above it, their blend first.
@Suite struct RecommendableShopTests {
    private let items: [WrittenShop.Item]
    /// For each user the items met, as indexes in the order of first meeting; the last is the answer to be guessed.
    private let histories: [[Int]]

    init() throws {
        let shop = try WrittenShop.usual.get()
        items = shop.items
        let index = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1.id, $0) })
        var histories: [[Int]] = []
        var user = ""
        for event in shop.events {
            if event.user != user { histories.append([]) }
            user = event.user
            let item = try #require(index[event.item])
            if !histories[histories.count - 1].contains(item) { histories[histories.count - 1].append(item) }
        }
        self.histories = histories.filter { $0.count > 2 }
    }

    /// Cosine of the item columns, from everything but each user's last item.
    private func collaborative() -> [[Double]] {
        var together = [[Double]](repeating: [Double](repeating: 0, count: items.count), count: items.count)
        for history in histories {
            for first in history.dropLast() {
                for second in history.dropLast() { together[first][second] += 1 }
            }
        }
        let counts = items.indices.map { together[$0][$0] }
        for first in items.indices {
            for second in items.indices where together[first][second] > 0 {
                // Shrinkage as usual: a pair seen once proves little.
                together[first][second] /= (counts[first] * counts[second]).squareRoot() + 10
            }
        }
        return together
    }

    /// Overlap of words, brand, category and tags, rare ones counting more.
    private func content() -> [[Double]] {
        let features = items.map { item in
            return item.words.union(["b:\(item.brand)", "c:\(item.category3)"]).union(item.tags.map { "t:\($0)" })
        }
        var counts: [String: Double] = [:]
        for set in features { for feature in set { counts[feature, default: 0] += 1 } }
        let vocabulary = Dictionary(uniqueKeysWithValues: counts.keys.sorted().enumerated().map { ($1, $0) })
        let weights = counts.keys.sorted().map { 1 / (counts[$0] ?? 1) }
        let rows = features.map { $0.compactMap { vocabulary[$0] }.sorted() }
        return rows.map { row in
            var isThere = [Bool](repeating: false, count: weights.count)
            for feature in row { isThere[feature] = true }
            return rows.map { $0.reduce(0) { $0 + (isThere[$1] ? weights[$1] : 0) } }
        }
    }

    /// The share of users whose last item is among the ten best by the score.
    private func hitRateAt10(_ score: ([Int]) -> [Double]) -> Double {
        var hits = 0
        for history in histories {
            let known = Array(history.dropLast())
            let scores = score(known)
            let answer = history[history.count - 1]
            let better = items.indices.filter { item in
                !known.contains(item) && (scores[item], -item) > (scores[answer], -answer)
            }
            if better.count < 10 { hits += 1 }
        }
        return Double(hits) / Double(histories.count)
    }

    private func sums(_ similarity: [[Double]], _ known: [Int]) -> [Double] {
        var sums = [Double](repeating: 0, count: items.count)
        for item in known {
            for (other, value) in similarity[item].enumerated() { sums[other] += value }
        }
        for item in known { sums[item] = 0 }
        let greatest = sums.max() ?? 0
        return greatest > 0 ? sums.map { $0 / greatest } : sums
    }

    @Test func theBlendBeatsItsPartsAndTheyBeatPopularity() {
        let (collaborative, content) = (collaborative(), content())
        var popularity = [Double](repeating: 0, count: items.count)
        for history in histories { for item in history.dropLast() { popularity[item] += 1 } }
        let byPopularity = hitRateAt10 { _ in popularity }
        let byCollaborative = hitRateAt10 { sums(collaborative, $0) }
        let byContent = hitRateAt10 { sums(content, $0) }
        let byBlend = hitRateAt10 { known in
            zip(sums(collaborative, known), sums(content, known)).map { 0.6 * $0 + 0.4 * $1 }
        }
        let figures =
            "popularity \(byPopularity), content \(byContent), collaborative \(byCollaborative), blend \(byBlend)"
        #expect(byCollaborative > 1.5 * byPopularity, "\(figures)")
        #expect(byContent > 1.5 * byPopularity, "\(figures)")
        #expect(byBlend > byCollaborative && byBlend > byContent, "\(figures)")
    }
}
