#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

// Design note. Every metric here is a function of two things: at which ranks of the list a wanted item stands, and how
// many items are wanted. They are found once per list; a cut-off k then reads only the ranks up to k.
// Gain is binary: an item is wanted or it is not. Ranks count from 1. A list shorter than k has misses in its empty places:
// no denominator is the length of the list. So is a k beyond the catalogue: precision@k falls, the others stay.
// Without a wanted item every metric is 0; such users are not test users and do not reach a mean.

/// Where a ranked list holds the items that a user is known to have wanted.
package struct RankedHits: Sendable, Equatable {
    /// Ranks of the wanted items in the list, from 1, ascending.
    package let ranks: [Int]
    /// How many different items are wanted, in the list or not.
    package let wantedCount: Int

    /// `ranked` holds no item twice: a wanted item that stands twice is a programmer's error, for it would count as two.
    /// `wanted` is ascending and without repeats. O(ranked * log wanted).
    package init(ranked: some Collection<Int32>, wanted: ArraySlice<Int32>) {
        var ranks: [Int] = []
        var found: [Int32] = []
        var rank = 0
        for item in ranked {
            rank += 1
            guard wanted.sortedContains(item) else { continue }
            precondition(!found.contains(item), "item \(item) stands twice in a ranked list")
            found.append(item)
            ranks.append(rank)
        }
        self.ranks = ranks
        wantedCount = wanted.count
    }

    package func value(of metric: RankingMetric, at k: Int) -> Double {
        switch metric {
        case .hitRate: hitRate(at: k)
        case .ndcg: ndcg(at: k)
        case .recall: recall(at: k)
        case .precision: precision(at: k)
        case .mrr: reciprocalRank(at: k)
        case .map: averagePrecision(at: k)
        }
    }

    /// Wanted items among the first k.
    package func hitCount(at k: Int) -> Int { ranks.prefix { $0 <= k }.count }

    /// 1 where at least one wanted item is among the first k, else 0.
    /// Source: Deshpande, Karypis: Item-Based Top-N Recommendation Algorithms, TOIS 2004.
    package func hitRate(at k: Int) -> Double { hitCount(at: k) > 0 ? 1 : 0 }

    /// DCG@k / ideal DCG@k, where DCG@k is the sum over hits at ranks r <= k of 1 / log2(r + 1) and the ideal has its
    /// hits at the ranks 1 to min(k, wanted): a perfect list scores 1 at every k.
    /// Source: Jarvelin, Kekalainen: Cumulated Gain-Based Evaluation of IR Techniques, TOIS 2002, with the discount
    /// of Burges et al., ICML 2005, which sets ranks 1 and 2 apart.
    package func ndcg(at k: Int) -> Double {
        let gain = ranks.prefix { $0 <= k }.reduce(0.0) { $0 + Self.discount($1) }
        guard gain > 0 else { return 0 }
        let idealCount = min(k, wantedCount)
        return gain / (1...idealCount).reduce(0.0) { $0 + Self.discount($1) }
    }

    /// Hits among the first k / wanted items. Where more than k are wanted, 1 is out of reach.
    /// Source: Herlocker et al.: Evaluating Collaborative Filtering Recommender Systems, TOIS 2004.
    package func recall(at k: Int) -> Double { wantedCount == 0 ? 0 : Double(hitCount(at: k)) / Double(wantedCount) }

    /// Hits among the first k / k, also where the list is shorter than k. Where fewer than k are wanted, 1 is out of reach.
    /// Source: as recall.
    package func precision(at k: Int) -> Double { Double(hitCount(at: k)) / Double(k) }

    /// 1 / rank of the first hit where that is at most k, else 0; its mean is MRR@k.
    /// Source: Voorhees: The TREC-8 Question Answering Track Report, 1999.
    package func reciprocalRank(at k: Int) -> Double {
        guard let first = ranks.first, first <= k else { return 0 }
        return 1 / Double(first)
    }

    /// The sum over hits at ranks r <= k of (hits up to r) / r, divided by min(k, wanted): a perfect list scores 1 at
    /// every k; its mean is MAP@k. (trec_eval's map_cut divides by all wanted items, which is less where they exceed k.)
    /// Source: Buckley, Voorhees: Evaluating Evaluation Measure Stability, SIGIR 2000, cut at k.
    package func averagePrecision(at k: Int) -> Double {
        guard wantedCount > 0 else { return 0 }
        var sum = 0.0
        for (position, rank) in ranks.enumerated() where rank <= k { sum += Double(position + 1) / Double(rank) }
        return sum / Double(min(k, wantedCount))
    }

    private static func discount(_ rank: Int) -> Double { 1 / log2(Double(rank) + 1) }
}
