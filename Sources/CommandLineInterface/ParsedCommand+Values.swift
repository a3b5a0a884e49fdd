import Spelling

extension ParsedCommand {
    package func integer(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int {
        try integer(from: try string(name), name, in: range)
    }

    package func optionalInteger(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = optionalString(name) else { return nil }
        return try integer(from: text, name, in: range)
    }

    /// A list such as `10,20`.
    package func integers(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> [Int] {
        var numbers: [Int] = []
        for part in try string(name).split(separator: ",", omittingEmptySubsequences: false) {
            numbers.append(try integer(from: String(part), name, in: range))
        }
        return numbers
    }

    package func number(_ name: String, in range: ClosedRange<Double>) throws(UsageError) -> Double {
        try number(from: try string(name), name, in: range)
    }

    package func optionalNumber(_ name: String, in range: ClosedRange<Double>) throws(UsageError) -> Double? {
        guard let text = optionalString(name) else { return nil }
        return try number(from: text, name, in: range)
    }

    /// A share of a whole, 0 to 1, written `0.001` or `0.1%`.
    package func share(_ name: String) throws(UsageError) -> Double {
        let text = try string(name)
        let isPercentage = text.hasSuffix("%")
        let digits = isPercentage ? String(text.dropLast()) : text
        guard let number = Double(digits) else {
            throw refusal(name, value: text, expected: "a share such as 0.001 or 0.1%")
        }
        let share = isPercentage ? number / 100 : number
        guard (0...1).contains(share) else {
            throw refusal(name, value: text, expected: "a share from 0 to 1, or from 0% to 100%")
        }
        return share
    }

    /// One of a few words; a near miss is told what was meant.
    package func choice<Choice: CaseIterable & RawRepresentable>(
        _ name: String, of type: Choice.Type
    ) throws(UsageError) -> Choice where Choice.RawValue == String {
        let text = try string(name)
        if let choice = Choice(rawValue: text) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        let advice = EditDistance.nearest(to: text, among: words).map { ". Did you mean '\($0)'?" } ?? ""
        let expected = "one of \(listed(words.map { "'\($0)'" }))\(advice)"
        throw UsageError(
            code: .badValue, operation: operation,
            text: shown(name, text) + ": expected \(expected)" + (advice.isEmpty ? "." : ""))
    }

    /// Pairs such as `userId=CustomerID,itemId=StockCode`, over all occurrences of the option, in the order written.
    package func pairs(_ name: String) throws(UsageError) -> [(key: String, value: String)] {
        var pairs: [(key: String, value: String)] = []
        let texts = strings(name).isEmpty ? [optionalString(name)].compactMap { $0 } : strings(name)
        for text in texts {
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let equals = part.firstIndex(of: "="), equals != part.startIndex else {
                    throw refusal(name, value: text, expected: "pairs NAME=VALUE with commas between")
                }
                let key = String(part[..<equals])
                guard !pairs.contains(where: { $0.key == key }) else {
                    throw refusal(name, value: text, expected: "each name once, but '\(key)' comes twice")
                }
                pairs.append((key, String(part[part.index(after: equals)...])))
            }
        }
        return pairs
    }

    package func address(_ name: String) throws(UsageError) -> HostAndPort {
        let text = try string(name)
        guard let address = HostAndPort(parsing: text) else {
            throw refusal(name, value: text, expected: "HOST:PORT such as 127.0.0.1:7411, with a port up to 65535")
        }
        return address
    }

    private func integer(
        from text: String, _ name: String, in range: ClosedRange<Int>
    ) throws(UsageError) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw refusal(name, value: text, expected: "a whole number \(span(range, none: (.min, .max)))")
        }
        return number
    }

    private func number(
        from text: String, _ name: String, in range: ClosedRange<Double>
    ) throws(UsageError) -> Double {
        let none = (-Double.greatestFiniteMagnitude, Double.greatestFiniteMagnitude)
        guard let number = Double(text), number.isFinite, range.contains(number) else {
            throw refusal(name, value: text, expected: "a number \(span(range, none: none))")
        }
        return number
    }

    private func span<Number: Comparable>(_ range: ClosedRange<Number>, none: (Number, Number)) -> String {
        switch (range.lowerBound <= none.0, range.upperBound >= none.1) {
        case (true, true): "without a limit"
        case (true, false): "of at most \(range.upperBound)"
        case (false, true): "of at least \(range.lowerBound)"
        case (false, false): "from \(range.lowerBound) to \(range.upperBound)"
        }
    }
}
