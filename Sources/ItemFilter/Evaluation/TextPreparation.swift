/// Turns tests of strings into tests of codes, where one side is the same for all items.
struct TextPreparation {
    let watch: EvaluationWatch

    private func truth(_ holds: Bool) -> PreparedCondition { .constant(holds ? Truth.yes : Truth.no) }

    func test(_ test: FilterTextTest, _ text: PreparedTerm, _ part: PreparedTerm) -> PreparedCondition {
        switch (text, part) {
        case (.missing, _), (_, .missing): return truth(false)
        case (.constant(let text), .constant(let part)): return truth(holds(test, text, part))
        case (.column(let column), .constant(let part)):
            if test == .equal { return equal(column, part) }
            return unsafe .codeTable(column.codes, table(column.dictionary) { unsafe holds(test, $0, part) })
        case (.constant(let text), .column(let column)):
            if test == .equal { return equal(column, text) }
            return unsafe .codeTable(
                column.codes,
                table(column.dictionary) { bytes in
                    unsafe text.withUnsafeBufferPointer { unsafe test.holds($0, bytes) }
                })
        case (.column(let left), .column(let right)):
            return .pair { item in
                let (leftCode, rightCode) = (left.codes[item], right.codes[item])
                guard leftCode != TextColumn.missing, rightCode != TextColumn.missing else { return false }
                return unsafe test.holds(
                    left.dictionary.bytes(at: Int(leftCode)), right.dictionary.bytes(at: Int(rightCode)))
            }
        }
    }

    private func equal(_ column: TextColumn, _ wanted: [UInt8]) -> PreparedCondition {
        column.dictionary.code(of: wanted).map { .code(column.codes, UInt32($0)) } ?? truth(false)
    }

    private func holds(_ test: FilterTextTest, _ text: [UInt8], _ part: [UInt8]) -> Bool {
        unsafe text.withUnsafeBufferPointer { unsafe holds(test, $0, part) }
    }

    private func holds(_ test: FilterTextTest, _ text: UnsafeBufferPointer<UInt8>, _ part: [UInt8]) -> Bool {
        unsafe part.withUnsafeBufferPointer { unsafe test.holds(text, $0) }
    }

    private func table(
        _ dictionary: any TextDictionary, _ isMeant: (UnsafeBufferPointer<UInt8>) -> Bool
    ) -> [Bool] {
        var table = [Bool](repeating: false, count: dictionary.count)
        for first in stride(from: 0, to: table.count, by: EvaluationWatch.step) where watch.goesOn() {
            let codes = first..<min(first + EvaluationWatch.step, table.count)
            unsafe dictionary.forEach(codes) { code, text in table[code] = unsafe isMeant(text) }
        }
        return table
    }

    private func table(_ dictionary: any TextDictionary, _ wanted: [[UInt8]]) -> [Bool] {
        var table = [Bool](repeating: false, count: dictionary.count)
        for text in wanted {
            if let code = dictionary.code(of: text) { table[code] = true }
        }
        return table
    }

    func isIn(_ text: PreparedTerm, _ list: PreparedTerms) -> PreparedCondition {
        switch (text, list) {
        case (.missing, _): return truth(false)
        case (.constant(let text), .constant(let list)): return truth(list.contains(text))
        case (.column(let column), .constant(let list)):
            if list.count == 1 { return equal(column, list[0]) }
            return .codeTable(column.codes, table(column.dictionary, list))
        case (.constant(let text), .column(let column)):
            return .listTable(column, table(column.dictionary, [text]))
        case (.column(let text), .column(let list)):
            return .pair { item in
                let code = text.codes[item]
                guard code != TextColumn.missing else { return false }
                let wanted = unsafe text.dictionary.bytes(at: Int(code))
                return unsafe list.contains(item) { unsafe FilterTextTest.equal.holds($0, wanted) }
            }
        }
    }

    func overlap(_ left: PreparedTerms, _ right: PreparedTerms) -> PreparedCondition {
        switch (left, right) {
        case (.constant(let left), .constant(let right)): return truth(left.contains { right.contains($0) })
        case (.column(let column), .constant(let list)), (.constant(let list), .column(let column)):
            return .listTable(column, table(column.dictionary, list))
        case (.column(let left), .column(let right)):
            return .pair { item in
                unsafe left.contains(item) { text in
                    unsafe right.contains(item) { unsafe FilterTextTest.equal.holds($0, text) }
                }
            }
        }
    }
}

extension TextListColumn {
    func contains(_ item: Int, where isMeant: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
        for place in Int(offsets[item])..<Int(offsets[item + 1]) {
            if unsafe isMeant(dictionary.bytes(at: Int(codes[place]))) { return true }
        }
        return false
    }
}
