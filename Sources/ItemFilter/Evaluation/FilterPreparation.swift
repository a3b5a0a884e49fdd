import Interactions

/// Puts the request's values and the columns in.
struct FilterPreparation {
    private let columns: [PropertyColumn?]
    private let bindings: FilterBindings
    private let texts: TextPreparation

    init(_ filter: TypedFilter, _ columns: PropertyColumns, _ bindings: FilterBindings, _ watch: EvaluationWatch) {
        self.columns = filter.itemProperties.map { columns[$0] }
        self.bindings = bindings
        texts = TextPreparation(watch: watch)
    }

    func prepared(_ condition: FilterCondition) -> PreparedCondition {
        switch condition {
        case .constant(let holds): return .constant(holds ? Truth.yes : Truth.no)
        case .reference(let reference): return boolean(reference)
        case .order(let comparison, let left, let right): return .order(comparison, prepared(left), prepared(right))
        case .equalNumbers(let left, let right): return .equalNumbers(prepared(left), prepared(right))
        case .equalTruths(let left, let right): return .equalTruths(prepared(left), prepared(right))
        case .numberIn(let number, let values): return .numberIn(prepared(number), values.sorted())
        case .textTest(let test, let left, let right): return texts.test(test, term(left), term(right))
        case .textIn(let term, let terms): return texts.isIn(self.term(term), self.terms(terms))
        case .overlap(let left, let right): return texts.overlap(terms(left), terms(right))
        case .missingNumber(let number): return .missingNumber(prepared(number))
        case .missingTruth(let condition): return .missingTruth(prepared(condition))
        case .missingText(let term):
            switch self.term(term) {
            case .missing: return .constant(Truth.yes)
            case .constant: return .constant(Truth.no)
            case .column(let column): return .missingText(column.codes)
            }
        case .missingTexts(let terms):
            switch self.terms(terms) {
            case .constant(let texts): return .constant(texts.isEmpty ? Truth.yes : Truth.no)
            case .column(let column): return .missingTexts(column.offsets)
            }
        case .not(let part): return .not(prepared(part))
        case .all(let parts): return .all(parts.map { prepared($0) })
        case .any(let parts): return .any(parts.map { prepared($0) })
        }
    }

    func prepared(_ number: FilterNumber) -> PreparedNumber {
        switch number {
        case .constant(let constant): .constant(constant)
        case .reference(let reference): self.number(reference)
        case .now: .constant(Double(bindings.minute))
        case .arithmetic(let arithmetic, let left, let right): .arithmetic(arithmetic, prepared(left), prepared(right))
        case .negated(let part): .negated(prepared(part))
        case .function(let function, let parts): .function(function, parts.map { prepared($0) })
        case .condition(let condition): .condition(prepared(condition))
        }
    }

    /// Nil where the value is the item's.
    private func bound(_ reference: FilterReference) -> PropertyValue?? {
        switch reference {
        case .item: nil
        case .context(let name): .some(bindings.context[name])
        case .user(let name): .some(bindings.user[name])
        }
    }

    private func column(_ reference: FilterReference) -> PropertyColumn? {
        if case .item(let place) = reference { columns[place] } else { nil }
    }

    private func boolean(_ reference: FilterReference) -> PreparedCondition {
        if let value = bound(reference) {
            guard case .boolean(let boolean) = value else { return .constant(Truth.unknown) }
            return .constant(boolean ? Truth.yes : Truth.no)
        }
        if case .booleans(let values) = column(reference) { return .booleans(values) }
        return .constant(Truth.unknown)
    }

    private func number(_ reference: FilterReference) -> PreparedNumber {
        if let value = bound(reference) {
            switch value {
            case .number(let number) where number.isFinite: return .constant(number)
            case .time(let time): return .constant(Double(time))
            default: return .constant(.nan)
            }
        }
        if case .numbers(let values, _) = column(reference) { return .column(values) }
        return .constant(.nan)
    }

    private func term(_ term: FilterTerm) -> PreparedTerm {
        switch term {
        case .constant(let text): return .constant(Array(text.utf8))
        case .reference(let reference):
            if let value = bound(reference) {
                guard case .string(let text) = value else { return .missing }
                return .constant(Array(text.utf8))
            }
            if case .texts(let column) = column(reference) { return .column(column) }
            return .missing
        }
    }

    private func terms(_ terms: FilterTerms) -> PreparedTerms {
        switch terms {
        case .constant(let texts): return .constant(texts.map { Array($0.utf8) })
        case .reference(let reference):
            if let value = bound(reference) {
                switch value {
                case .strings(let texts): return .constant(texts.map { Array($0.utf8) })
                case .string(let text): return .constant([Array(text.utf8)])
                default: return .constant([])
                }
            }
            if case .textLists(let column) = column(reference) { return .column(column) }
            return .constant([])
        }
    }
}
