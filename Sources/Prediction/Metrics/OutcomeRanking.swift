internal import SeededRandom

// Design note. Rows in descending order of their scores, cut where scores differ: all that ranking metrics need.
//
//     after each cut   positives, negatives so far
//
// Rows of one score are one step, so no metric depends on the order in which they came.

/// How well scores put the rows of an outcome before the others.
package struct OutcomeRanking: Sendable {
    private let scores: [Double]
    private let outcomes: [Bool]
    /// Descending by score.
    private let order: [Int]
    /// In `order`, where each run of one score ends.
    private let ends: [Int]
    package let positiveCount: Int
    package let negativeCount: Int

    /// Scores are finite.
    package init(_ scores: [Double], _ outcomes: [Bool]) {
        precondition(scores.count == outcomes.count && scores.allSatisfy(\.isFinite))
        self.scores = scores
        self.outcomes = outcomes
        let order = scores.indices.sorted { scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1] }
        self.order = order
        ends = order.indices.filter {
            $0 + 1 == order.count || scores[order[$0]] != scores[order[$0 + 1]]
        }.map { $0 + 1 }
        positiveCount = outcomes.count { $0 }
        negativeCount = outcomes.count - positiveCount
    }

    private var hasBoth: Bool { positiveCount > 0 && negativeCount > 0 }

    /// The area under the ROC curve: the share of pairs of a positive and a negative row that are in order, ties half
    /// (Hanley, McNeil 1982). Its variance is DeLong's (DeLong, DeLong, Clarke-Pearson 1988; by ranks: Sun, Xu 2014), its
    /// interval that of its log-odds. Nil where an outcome does not occur. O(n log n).
    package var area: EstimatedValue? {
        guard hasBoth else { return nil }
        let (m, n) = (Double(positiveCount), Double(negativeCount))
        // Per row, the share of the other outcome that it is in order with.
        var (sumPositive, squarePositive, sumNegative, squareNegative) = (0.0, 0.0, 0.0, 0.0)
        var (above, below) = (0.0, n)
        var start = 0
        for end in ends {
            let positives = Double(order[start..<end].count { outcomes[$0] })
            let negatives = Double(end - start) - positives
            below -= negatives
            let (positive, negative) = ((below + negatives / 2) / n, (above + positives / 2) / m)
            sumPositive += positives * positive
            squarePositive += positives * positive * positive
            sumNegative += negatives * negative
            squareNegative += negatives * negative * negative
            above += positives
            start = end
        }
        let area = sumPositive / m
        let variancePositive = (squarePositive - sumPositive * sumPositive / m) / max(m - 1, 1) / m
        let varianceNegative = (squareNegative - sumNegative * sumNegative / n) / max(n - 1, 1) / n
        let error = max(0, variancePositive + varianceNegative).squareRoot()
        guard error > 1e-9, area < 1, area > 0 else {
            // All pairs are alike, which tells that errors are fewer than three in so many (Hanley, Lippman-Hand 1983).
            let room = min(1, 3 / min(m, n))
            return EstimatedValue(area, lower: max(0, area - room), upper: min(1, area + room))
        }
        return EstimatedValue(share: area, standardError: error)
    }

    /// The mean precision at the ranks of the positives: the sum over cuts of (recall - recall before) * precision, without
    /// interpolation. Nil where an outcome does not occur. The interval is by resampling rows of each outcome (Efron 1979).
    package func averagePrecision(seed: UInt64) -> EstimatedValue? {
        guard hasBoth else { return nil }
        let counts = [Int32](repeating: 1, count: order.count)
        let value = averagePrecision(counts)
        // Enough resamples for two quantiles, fewer where rows are so many that the interval is narrow anyway.
        let repeats = min(400, max(50, 20_000_000 / order.count))
        var random = SplitMix64(seed: seed)
        let places = (0..<order.count).filter { outcomes[order[$0]] }
        let others = (0..<order.count).filter { !outcomes[order[$0]] }
        var drawn = counts
        let values = (0..<repeats).map { _ in
            for place in drawn.indices { drawn[place] = 0 }
            for _ in places { drawn[places[random.nextIndex(below: places.count)]] += 1 }
            for _ in others { drawn[others[random.nextIndex(below: others.count)]] += 1 }
            return averagePrecision(drawn)
        }
        return EstimatedValue(value, resampled: values)
    }

    /// - Parameter counts: how often the row at each place of the order counts.
    private func averagePrecision(_ counts: [Int32]) -> Double {
        var (positives, total, sum) = (0.0, 0.0, 0.0)
        var start = 0
        for end in ends {
            var gained = 0.0
            for place in start..<end {
                let count = Double(counts[place])
                total += count
                if outcomes[order[place]] { gained += count }
            }
            positives += gained
            if gained > 0 { sum += gained * (positives / total) }
            start = end
        }
        return positives > 0 ? sum / positives : 0
    }

    /// Among the highest scores, this share of all rows (rounded up), how many positives, where rows of one score share what is left.
    package func positives(inTop share: Double) -> (found: Double, rows: Int) {
        let wanted = min(order.count, max(1, Int((share * Double(order.count) - 1e-9).rounded(.up))))
        var (found, start) = (0.0, 0)
        for end in ends {
            let positives = Double(order[start..<end].count { outcomes[$0] })
            if end >= wanted {
                found += positives * Double(wanted - start) / Double(end - start)
                break
            }
            found += positives
            start = end
        }
        return (found, wanted)
    }

    /// The points of the ROC curve after each cut, beginning at (0, 0), at most so many, the corners of it evenly among them.
    package func curve(pointLimit: Int) -> [(falseRate: Double, trueRate: Double)] {
        guard hasBoth else { return [] }
        var points: [(Double, Double)] = [(0, 0)]
        var (positives, negatives, start) = (0, 0, 0)
        for end in ends {
            let gained = order[start..<end].count { outcomes[$0] }
            positives += gained
            negatives += end - start - gained
            points.append((Double(negatives) / Double(negativeCount), Double(positives) / Double(positiveCount)))
            start = end
        }
        guard points.count > pointLimit, pointLimit > 1 else { return points }
        return (0..<pointLimit).map { points[$0 * (points.count - 1) / (pointLimit - 1)] }
    }
}
