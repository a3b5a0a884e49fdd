// Items are looked at in batches, so that what one operator leaves is still in the processor's nearest memory when the next one
// takes it. A batch's truths are bytes: `and`, `or` and `not` are least, greatest and 2 minus.

extension TypedFilter {
    /// Items that are looked at together.
    static let batchItemCount = 2_048

    /// A bit an item, from the lowest bit of the first word: 1 where the filter holds. What is unknown does not hold.
    /// - Returns: Whole words; bits beyond the last item are 0.
    package func bits(over columns: PropertyColumns, _ bindings: FilterBindings) -> [UInt64] {
        bits(over: columns, bindings, while: { true }) ?? []
    }

    /// The same for who may lose interest.
    /// - Parameter isWanted: asked now and then; nil is returned where it is not.
    package func bits(
        over columns: PropertyColumns, _ bindings: FilterBindings, while isWanted: @escaping () -> Bool
    ) -> [UInt64]? {
        guard case .condition(let condition) = root else { preconditionFailure("a boost is no filter") }
        let watch = EvaluationWatch(isWanted)
        let prepared = FilterPreparation(self, columns, bindings, watch).prepared(condition)
        var words: [UInt64] = []
        words.reserveCapacity((columns.itemCount + 63) / 64)
        Self.forEachBatch(columns.itemCount, watch) { range in Self.append(prepared.truths(range), to: &words) }
        return watch.hasStopped ? nil : words
    }

    /// Of the conditions that must all hold, those that do not hold for the one item of the columns, as text.
    package func failedParts(over columns: PropertyColumns, _ bindings: FilterBindings) -> [String] {
        precondition(columns.itemCount == 1)
        guard case .condition(let condition) = root else { preconditionFailure("a boost is no filter") }
        let preparation = FilterPreparation(self, columns, bindings, EvaluationWatch { true })
        var parts = [condition]
        if case .all(let own) = condition { parts = own }
        return zip(parts, partTexts).filter { part, _ in preparation.prepared(part).truths(0..<1) != [Truth.yes] }.map(
            \.1)
    }

    /// Eight truths at a time: `yes` alone has their second bit, and one product brings eight bits together.
    private static func append(_ truths: [UInt8], to words: inout [UInt64]) {
        unsafe truths.withUnsafeBytes { bytes in
            let whole = bytes.count / 64 * 64
            for first in stride(from: 0, to: whole, by: 64) {
                var word: UInt64 = 0
                for part in 0..<8 {
                    let eight = unsafe UInt64(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: first + 8 * part, as: UInt64.self))
                    let gathered = ((eight >> 1 & 0x0101_0101_0101_0101) &* 0x0102_0408_1020_4080) >> 56
                    word |= gathered << UInt64(8 * part)
                }
                words.append(word)
            }
            guard whole < bytes.count else { return }
            var word: UInt64 = 0
            for place in whole..<bytes.count { word |= unsafe UInt64(bytes[place] >> 1) << UInt64(place - whole) }
            words.append(word)
        }
    }

    /// A factor an item, within `FilterLimits.boost`; 1 where the boost has no value.
    package func factors(over columns: PropertyColumns, _ bindings: FilterBindings) -> [Float] {
        factors(over: columns, bindings, while: { true }) ?? []
    }

    /// The same for who may lose interest.
    /// - Parameter isWanted: asked now and then; nil is returned where it is not.
    package func factors(
        over columns: PropertyColumns, _ bindings: FilterBindings, while isWanted: @escaping () -> Bool
    ) -> [Float]? {
        guard case .number(let number) = root else { preconditionFailure("a filter is no boost") }
        let watch = EvaluationWatch(isWanted)
        let prepared = FilterPreparation(self, columns, bindings, watch).prepared(number)
        var factors: [Float] = []
        factors.reserveCapacity(columns.itemCount)
        Self.forEachBatch(columns.itemCount, watch) { range in
            for value in prepared.numbers(range) {
                let bounded = min(max(value, FilterLimits.boost.lowerBound), FilterLimits.boost.upperBound)
                factors.append(value.isNaN ? 1 : Float(bounded))
            }
        }
        return watch.hasStopped ? nil : factors
    }

    private static func forEachBatch(_ itemCount: Int, _ watch: EvaluationWatch, _ body: (Range<Int>) -> Void) {
        for first in stride(from: 0, to: itemCount, by: batchItemCount) {
            guard watch.goesOn() else { return }
            body(first..<min(first + batchItemCount, itemCount))
        }
    }
}
