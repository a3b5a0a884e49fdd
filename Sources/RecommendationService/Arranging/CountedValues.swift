import ItemFilter

/// What a limit counts of items: equal numbers for equal values of one property.
struct CountedValues {
    private let column: PropertyColumn?
    private let changed: ChangedColumns?
    private let changedColumn: PropertyColumn?

    init(_ property: String, _ view: CatalogView) {
        column = view.serving.columns[property]
        changed = view.overlay?.columns
        changedColumn = changed?.columns[property]
    }

    /// nil: the item has none. Of a list the first counts: it is the main one.
    func value(of item: Int32) -> UInt64? {
        if let changed, let place = changed.place(of: item) {
            return changedColumn.flatMap { value(in: $0, place, isChanged: true) }
        }
        return column.flatMap { value(in: $0, Int(item), isChanged: false) }
    }

    private func value(in column: PropertyColumn, _ place: Int, isChanged: Bool) -> UInt64? {
        switch column {
        case .numbers(let numbers, _): return numbers[place].isNaN ? nil : (numbers[place] + 0).bitPattern
        case .booleans(let truths): return truths[place] == Truth.unknown ? nil : UInt64(truths[place])
        case .texts(let texts):
            let code = texts.codes[place]
            return code == TextColumn.missing ? nil : number(of: code, in: texts.dictionary, isChanged)
        case .textLists(let lists):
            let first = lists.offsets[place]
            guard first < lists.offsets[place + 1] else { return nil }
            return number(of: lists.codes[Int(first)], in: lists.dictionary, isChanged)
        }
    }

    /// The string's code in the index, or one that the index has not.
    private func number(of code: UInt32, in dictionary: any TextDictionary, _ isChanged: Bool) -> UInt64 {
        guard isChanged else { return UInt64(code) }
        let text = unsafe dictionary.bytes(at: Int(code))
        let known: Int? =
            switch column {
            case .texts(let texts): unsafe texts.dictionary.code(of: text)
            case .textLists(let lists): unsafe lists.dictionary.code(of: text)
            case .numbers, .booleans, nil: nil
            }
        return known.map { UInt64($0) } ?? UInt64(code) | 1 << 32
    }
}
