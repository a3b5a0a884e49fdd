/// How well one feature by itself tells an outcome: the area under the ROC curve, 0.5 for nothing and 1 for everything,
/// whichever way round. A feature that tells it nearly alone was most likely measured after it.
package enum OutcomeLeak {
    /// From here on a feature deserves a warning: on real visits honest features stay below 0.7.
    package static let warningArea = 0.8

    /// Nil where one of the outcomes does not occur. Equal values count half. O(n log n).
    package static func area(_ values: [Double], _ isConverted: [Bool]) -> Double? {
        precondition(values.count == isConverted.count)
        let order = values.indices.sorted { values[$0] < values[$1] }
        let positives = isConverted.count { $0 }
        let negatives = values.count - positives
        guard positives > 0, negatives > 0 else { return nil }
        var rankSum = 0.0
        var start = 0
        while start < order.count {
            var end = start
            while end < order.count && values[order[end]] == values[order[start]] { end += 1 }
            // Ranks start + 1 to end share their mean.
            let rank = Double(start + 1 + end) / 2
            rankSum += rank * Double(order[start..<end].count { isConverted[$0] })
            start = end
        }
        let pairs = Double(positives) * Double(negatives)
        let area = (rankSum - Double(positives) * Double(positives + 1) / 2) / pairs
        return max(area, 1 - area)
    }
}
