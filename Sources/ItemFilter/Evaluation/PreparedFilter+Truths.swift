extension PreparedCondition {
    /// What the condition is of each item of the range.
    func truths(_ range: Range<Int>) -> [UInt8] {
        switch self {
        case .constant(let truth): return Array(repeating: truth, count: range.count)
        case .booleans(let values): return Self.mapped(values, range) { $0 }
        case .order(let comparison, let left, let right): return Self.ordered(comparison, left, right, range)
        case .equalNumbers(let left, let right):
            return Self.compared(left, right, range) { $0 == $1 ? Truth.yes : Truth.no }
        case .equalTruths(let left, let right):
            return Self.joined(left.truths(range), right.truths(range)) {
                $0 == $1 && $0 != Truth.unknown ? Truth.yes : Truth.no
            }
        case .numberIn(let number, let values): return Self.contained(number.numbers(range), in: values)
        case .code(let codes, let wanted): return Self.mapped(codes, range) { $0 == wanted ? Truth.yes : Truth.no }
        case .codeTable(let codes, let table): return Self.lookedUp(codes, table, range)
        case .listTable(let column, let table): return Self.lookedUp(column, table, range)
        case .pair(let holds): return range.map { holds($0) ? Truth.yes : Truth.no }
        case .missingNumber(let number): return number.numbers(range).map { $0.isNaN ? Truth.yes : Truth.no }
        case .missingTruth(let part): return part.truths(range).map { $0 == Truth.unknown ? Truth.yes : Truth.no }
        case .missingText(let codes):
            return Self.mapped(codes, range) { $0 == TextColumn.missing ? Truth.yes : Truth.no }
        case .missingTexts(let offsets): return range.map { offsets[$0] == offsets[$0 + 1] ? Truth.yes : Truth.no }
        case .not(let part):
            var truths = part.truths(range)
            for place in truths.indices { truths[place] = Truth.yes - truths[place] }
            return truths
        case .all(let parts): return Self.folded(parts, range, settled: Truth.no) { min($0, $1) }
        case .any(let parts): return Self.folded(parts, range, settled: Truth.yes) { max($0, $1) }
        }
    }

    /// Stops where the parts so far have settled every item.
    private static func folded(
        _ parts: [PreparedCondition], _ range: Range<Int>, settled: UInt8, _ fold: (UInt8, UInt8) -> UInt8
    ) -> [UInt8] {
        guard let first = parts.first else { return Array(repeating: Truth.yes - settled, count: range.count) }
        var truths = first.truths(range)
        for part in parts.dropFirst() {
            if !truths.contains(where: { $0 != settled }) { break }
            truths = joined(truths, part.truths(range), fold)
        }
        return truths
    }

    @inline(__always)
    private static func mapped<Element>(
        _ column: ColumnValues<Element>, _ range: Range<Int>, _ truth: (Element) -> UInt8
    ) -> [UInt8] {
        precondition(range.upperBound <= column.count)
        let values = unsafe column.values
        return unsafe [UInt8](unsafeUninitializedCapacity: range.count) { truths, count in
            for place in 0..<range.count { unsafe truths[place] = truth(values[range.lowerBound + place]) }
            count = range.count
        }
    }

    @inline(__always)
    private static func joined(_ left: [UInt8], _ right: [UInt8], _ join: (UInt8, UInt8) -> UInt8) -> [UInt8] {
        var truths = left
        for place in truths.indices { truths[place] = join(truths[place], right[place]) }
        return truths
    }

    @inline(__always)
    private static func compared(
        _ left: PreparedNumber, _ right: PreparedNumber, _ range: Range<Int>, _ compare: (Double, Double) -> UInt8
    ) -> [UInt8] {
        if case .constant(let constant) = right {
            if case .column(let column) = left { return mapped(column, range) { compare($0, constant) } }
            return left.numbers(range).map { compare($0, constant) }
        }
        let (first, second) = (left.numbers(range), right.numbers(range))
        return zip(first, second).map { compare($0, $1) }
    }

    private static func ordered(
        _ comparison: ComparisonOperator, _ left: PreparedNumber, _ right: PreparedNumber, _ range: Range<Int>
    ) -> [UInt8] {
        switch comparison {
        case .less: compared(left, right, range) { ($0 < $1 ? Truth.yes : Truth.no) | unknown($0, $1) }
        case .lessOrEqual: compared(left, right, range) { ($0 <= $1 ? Truth.yes : Truth.no) | unknown($0, $1) }
        case .greater: compared(left, right, range) { ($0 > $1 ? Truth.yes : Truth.no) | unknown($0, $1) }
        default: compared(left, right, range) { ($0 >= $1 ? Truth.yes : Truth.no) | unknown($0, $1) }
        }
    }

    /// A comparison with NaN is false, so that this alone remains.
    @inline(__always)
    private static func unknown(_ left: Double, _ right: Double) -> UInt8 {
        left.isNaN || right.isNaN ? Truth.unknown : Truth.no
    }

    private static func contained(_ numbers: [Double], in values: [Double]) -> [UInt8] {
        numbers.map { number in
            var low = 0
            var high = values.count
            while low < high {
                let middle = (low + high) / 2
                if values[middle] < number { low = middle + 1 } else { high = middle }
            }
            return low < values.count && values[low] == number ? Truth.yes : Truth.no
        }
    }

    private static func lookedUp(_ codes: ColumnValues<UInt32>, _ table: [Bool], _ range: Range<Int>) -> [UInt8] {
        mapped(codes, range) { code in
            // A damaged code is no string's.
            Int(code) < table.count && table[Int(code)] ? Truth.yes : Truth.no
        }
    }

    private static func lookedUp(_ column: TextListColumn, _ table: [Bool], _ range: Range<Int>) -> [UInt8] {
        range.map { item in
            for place in Int(column.offsets[item])..<Int(column.offsets[item + 1]) {
                let code = Int(column.codes[place])
                if code < table.count && table[code] { return Truth.yes }
            }
            return Truth.no
        }
    }
}
