// What an evaluation takes, told before it is begun: whoever must not be held up hands on what is long. Rather too much than too
// little, from the figures of decision 0050.

/// Sums that stay at the largest number instead of trapping.
private struct Nanoseconds {
    private(set) var value = 0

    mutating func add(_ count: Int, times each: Int = 1) {
        let product = count.multipliedReportingOverflow(by: each)
        let sum = value.addingReportingOverflow(product.partialValue)
        value = product.overflow || sum.overflow ? .max : sum.partialValue
    }
}

extension TypedFilter {
    /// What looking at all items of the columns takes about.
    package func nanoseconds(over columns: PropertyColumns) -> Int {
        let used = itemProperties.map { columns[$0] }
        switch root {
        case .condition(let condition): return FilterCost(columns: used, itemCount: columns.itemCount).of(condition)
        case .number(let number): return FilterCost(columns: used, itemCount: columns.itemCount).of(number)
        }
    }
}

private struct FilterCost {
    /// One operator on one item.
    private static let perItem = 4
    /// A logarithm.
    private static let perFunction = 20
    /// One string that is looked for or looked at, beside its bytes.
    private static let perText = 20
    /// Looking a string up in a dictionary.
    private static let perLookUp = 200

    /// In the order of `TypedFilter.itemProperties`.
    let columns: [PropertyColumn?]
    let itemCount: Int

    func of(_ condition: FilterCondition) -> Int {
        var time = Nanoseconds()
        add(condition, &time)
        return time.value
    }

    func of(_ number: FilterNumber) -> Int {
        var time = Nanoseconds()
        add(number, &time)
        return time.value
    }

    private func add(_ condition: FilterCondition, _ time: inout Nanoseconds) {
        time.add(itemCount, times: Self.perItem)
        switch condition {
        case .constant, .reference, .missingText, .missingTexts: break
        case .order(_, let left, let right), .equalNumbers(let left, let right):
            add(left, &time)
            add(right, &time)
        case .equalTruths(let left, let right):
            add(left, &time)
            add(right, &time)
        case .numberIn(let number, let values):
            add(number, &time)
            time.add(itemCount, times: Self.perItem * (1 + Int.bitWidth - values.count.leadingZeroBitCount))
        case .textTest(let test, let left, let right): add(test, left, right, &time)
        case .textIn(let term, let terms): add(term, isIn: terms, &time)
        case .overlap(let left, let right): add(left, overlaps: right, &time)
        case .missingNumber(let number): add(number, &time)
        case .missingTruth(let part), .not(let part): add(part, &time)
        case .all(let parts), .any(let parts): for part in parts { add(part, &time) }
        }
    }

    private func add(_ number: FilterNumber, _ time: inout Nanoseconds) {
        time.add(itemCount, times: Self.perItem)
        switch number {
        case .constant, .reference, .now: break
        case .arithmetic(_, let left, let right):
            add(left, &time)
            add(right, &time)
        case .negated(let part): add(part, &time)
        case .function(_, let parts):
            time.add(itemCount, times: Self.perFunction)
            for part in parts { add(part, &time) }
        case .condition(let condition): add(condition, &time)
        }
    }

    private func add(_ test: FilterTextTest, _ left: FilterTerm, _ right: FilterTerm, _ time: inout Nanoseconds) {
        let used = [texts(left), texts(right)].compactMap { $0 }
        if used.count == 1 && test == .equal { return time.add(Self.perLookUp) }
        // Each item's own two strings may be the longest there are.
        guard used.count == 1 else {
            return time.add(itemCount, times: Self.perText + (used.map { $0.byteCount }.max() ?? 0))
        }
        time.add(used[0].count, times: Self.perText)
        time.add(used[0].byteCount)
    }

    private func add(_ term: FilterTerm, isIn terms: FilterTerms, _ time: inout Nanoseconds) {
        switch terms {
        case .constant(let wanted):
            guard let texts = texts(term) else { return time.add(wanted.count, times: Self.perText) }
            time.add(wanted.count, times: Self.perLookUp)
            time.add(texts.count)
        case .reference(let reference):
            guard let lists = lists(reference) else { return time.add(Self.perLookUp) }
            let each = texts(term).map { min($0.byteCount, lists.dictionary.byteCount) + Self.perText }
            time.add(lists.codes.count, times: each ?? 2)
            time.add(lists.dictionary.count)
        }
    }

    private func add(_ left: FilterTerms, overlaps right: FilterTerms, _ time: inout Nanoseconds) {
        let used = [left, right].compactMap { terms -> TextListColumn? in
            if case .reference(let reference) = terms { lists(reference) } else { nil }
        }
        if used.count == 2 {
            // Each string of an item's one list may be compared with each of the other one.
            return time.add(used[0].codes.count, times: max(1, used[1].codes.count))
        }
        for lists in used {
            time.add(lists.codes.count, times: 2)
            time.add(lists.dictionary.count)
        }
        for case .constant(let wanted) in [left, right] { time.add(wanted.count, times: Self.perLookUp) }
    }

    private func texts(_ term: FilterTerm) -> (count: Int, byteCount: Int)? {
        guard case .reference(.item(let place)) = term, case .texts(let column) = columns[place] else { return nil }
        return (column.dictionary.count, column.dictionary.byteCount)
    }

    private func lists(_ reference: FilterReference) -> TextListColumn? {
        guard case .item(let place) = reference, case .textLists(let column) = columns[place] else { return nil }
        return column
    }
}
