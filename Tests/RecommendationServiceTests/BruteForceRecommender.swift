import HybridBlending
import RecommendationService

/// The product's rules once more, straight from their text and without speed in mind: dense loops in `Double`.
struct BruteForceRecommender {
    struct Ranked {
        var item: Int
        var score: Double
        var isFallback: Bool
    }

    let catalogue: SampleCatalogue

    /// The items of an answer's history and what they count, by the decay of distinct moments.
    func profile(ofUser user: Int) -> [(item: Int, weight: Double)] {
        var step = 0
        var previous: Int64?
        return catalogue.histories[user].map { entry in
            if let previous, previous != entry.time, catalogue.hasTimes { step += 1 }
            previous = entry.time
            return (entry.item, Double(entry.weight) * Self.decay(step))
        }
    }

    static func decay(_ step: Int) -> Double {
        // 0.7 to the power of `step`, by multiplication: exact to the last bits of a Double.
        0.15 + 0.85 * (0..<step).reduce(1) { power, _ in power * 0.7 }
    }

    func recommend(_ profile: [(item: Int, weight: Double)], excluded: Set<Int>, options: RecommendationOptions)
        -> [Ranked]
    {
        let weights = options.weights ?? catalogue.weights
        let content = weights.content > 0 ? sums(profile, catalogue.content) : [:]
        let collaborative = weights.collaborative > 0 ? sums(profile, catalogue.collaborative) : [:]
        let candidates = Set(content.keys).union(collaborative.keys).subtracting(excluded)
        // nil: no evidence of the item.
        func evidence(_ sums: [Int: Double], _ isKnown: (Int) -> Bool) -> [Int: Double] {
            var known: [Int: Double] = [:]
            for item in candidates {
                if let sum = sums[item] { known[item] = sum } else if !sums.isEmpty && isKnown(item) { known[item] = 0 }
            }
            return known
        }
        let contentOf = evidence(content) { catalogue.hasVector[$0] }
        let collaborativeOf = evidence(collaborative) {
            catalogue.interactionCounts[$0] > 0 || (catalogue.coldItemsHaveLinks && catalogue.hasVector[$0])
        }
        let contentRMS = rootMeanSquare(contentOf)
        let collaborativeRMS = rootMeanSquare(collaborativeOf)
        var scores: [Int: Double] = [:]
        for item in candidates {
            var score = 0.0
            let wContent = Double(weights.content)
            let wCollaborative = Double(weights.collaborative)
            if let raw = contentOf[item], contentRMS > 0 {
                let takenOver = collaborativeOf[item] == nil && wContent > 0 ? wCollaborative : 0
                score += (wContent + takenOver) * Double(catalogue.reliability) * raw / contentRMS
            }
            if let raw = collaborativeOf[item], collaborativeRMS > 0 {
                let takenOver = contentOf[item] == nil && wCollaborative > 0 ? wContent : 0
                score += (wCollaborative + takenOver) * raw / collaborativeRMS
            }
            scores[item] = score
        }
        let dislikes = Set(profile.filter { $0.weight < 0 }.map(\.item))
        return rank(scores, excluded, dislikes, options, fallbackWeight: Double(weights.fallback))
    }

    private func rank(
        _ scores: [Int: Double], _ excluded: Set<Int>, _ dislikes: Set<Int>, _ options: RecommendationOptions,
        fallbackWeight: Double
    ) -> [Ranked] {
        let smallest = Double(options.minScore ?? 0)
        let personal = scores.filter { $0.value > 0 && $0.value >= smallest }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .prefix(options.count).map { Ranked(item: $0.key, score: $0.value, isFallback: false) }
        guard !options.strict else { return personal }
        let fallback = (0..<catalogue.itemCount)
            .filter { item in !excluded.contains(item) && !personal.contains { $0.item == item } }
            .filter { item in
                // What the personal part refused for its score does not come back, unless it is a dislike of the user's own.
                let score = scores[item] ?? 0
                return dislikes.contains(item) || score == 0 || score >= options.minScore.map(Double.init) ?? -.infinity
            }
            .map { Ranked(item: $0, score: fallbackWeight * fallbackScore($0), isFallback: true) }
            .filter { $0.score >= smallest }
            .sorted { left, right in
                let isLeftLast = dislikes.contains(left.item) || scores[left.item] ?? 0 < 0
                let isRightLast = dislikes.contains(right.item) || scores[right.item] ?? 0 < 0
                if isLeftLast != isRightLast { return isRightLast }
                return (right.score, left.item) < (left.score, right.item)
            }
        return personal + fallback.prefix(options.count - personal.count)
    }

    private func fallbackScore(_ item: Int) -> Double {
        func share(_ values: [Float]) -> Double {
            let largest = values.max() ?? 0
            return largest > 0 ? Double(values[item]) / Double(largest) : 0
        }
        return 0.70 * share(catalogue.recent) + 0.25 * share(catalogue.popularity) + 0.05 * share(catalogue.trending)
    }

    /// Only items that some row of the profile links.
    private func sums(_ profile: [(item: Int, weight: Double)], _ links: [[Float]]) -> [Int: Double] {
        var sums: [Int: Double] = [:]
        for entry in profile {
            for (column, value) in links[entry.item].enumerated() where value != 0 {
                sums[column, default: 0] += entry.weight * Double(value)
            }
        }
        return sums
    }

    private func rootMeanSquare(_ values: [Int: Double]) -> Double {
        values.isEmpty ? 0 : (values.values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
    }
}
