// Items are looked at in batches, so that what one operator leaves is still in the processor's nearest memory when the next one
// takes it. A batch's truths are bytes: `and`, `or` and `not` are least, greatest and 2 minus.

extension TypedFilter {
    /// Items that are looked at together.
    static let batchItemCount = 2_048

    /// A bit an item, from the lowest bit of the first word: 1 where the filter holds. What is unknown does not hold.
    /// - Returns: Whole words; bits beyond the last item are 0.
    package func bits(over columns: PropertyColumns, _ bindings: FilterBindings) -> [UInt64] {
        guard case .condition(let condition) = root else { preconditionFailure("a boost is no filter") }
        let prepared = FilterPreparation(self, columns, bindings).prepared(condition)
        var words: [UInt64] = []
        words.reserveCapacity((columns.itemCount + 63) / 64)
        Self.forEachBatch(columns.itemCount) { range in
            let truths = prepared.truths(range)
            for first in stride(from: 0, to: truths.count, by: 64) {
                words.append(Self.word(truths, first))
            }
        }
        return words
    }

    /// Of the conditions that must all hold, those that do not hold for the one item of the columns, as text.
    package func failedParts(over columns: PropertyColumns, _ bindings: FilterBindings) -> [String] {
        precondition(columns.itemCount == 1)
        guard case .condition(let condition) = root else { preconditionFailure("a boost is no filter") }
        let preparation = FilterPreparation(self, columns, bindings)
        var parts = [condition]
        if case .all(let own) = condition { parts = own }
        return zip(parts, partTexts).filter { part, _ in preparation.prepared(part).truths(0..<1) != [Truth.yes] }.map(
            \.1)
    }

    private static func word(_ truths: [UInt8], _ first: Int) -> UInt64 {
        var word: UInt64 = 0
        let count = min(64, truths.count - first)
        for place in 0..<count { word |= UInt64(truths[first + place] >> 1) << UInt64(place) }
        return word
    }

    /// A factor an item, within `FilterLimits.boost`; 1 where the boost has no value.
    package func factors(over columns: PropertyColumns, _ bindings: FilterBindings) -> [Float] {
        guard case .number(let number) = root else { preconditionFailure("a filter is no boost") }
        let prepared = FilterPreparation(self, columns, bindings).prepared(number)
        var factors: [Float] = []
        factors.reserveCapacity(columns.itemCount)
        Self.forEachBatch(columns.itemCount) { range in
            for value in prepared.numbers(range) {
                let bounded = min(max(value, FilterLimits.boost.lowerBound), FilterLimits.boost.upperBound)
                factors.append(value.isNaN ? 1 : Float(bounded))
            }
        }
        return factors
    }

    private static func forEachBatch(_ itemCount: Int, _ body: (Range<Int>) -> Void) {
        for first in stride(from: 0, to: itemCount, by: batchItemCount) {
            body(first..<min(first + batchItemCount, itemCount))
        }
    }
}
