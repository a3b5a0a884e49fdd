package import AnalyticsArtefacts

// Design note. A text is taken only where each of its numbers is one of the facts, as it may be rounded:
//
//     digits            12,345   12 345   4.2 %   1.3 million   2025-06-02   of one fact (of a share where a per cent sign follows)
//     words             twelve, forty-two, two million, half, twice, a dozen: a fact too, but for "one", which mostly is a pronoun
//     other numerals    ½ ² Ⅳ ٣: refused, as nobody checks them
//
// Numbers inside of names that the facts have (an item called "7 Up") are those names'.

/// Whether a text says only numbers that are known.
package struct NumberCheck: Sendable {
    /// Values, and whether each is a share.
    private let values: [(value: Double, isShare: Bool)]
    /// Words with digits that stand in names and dates, those of digits alone with a neighbour.
    private let named: Set<String>

    /// - Parameter names: texts that the summary may repeat: titles, dates, names of groups.
    package init(_ facts: [SummaryDocument.Fact], names: [String]) {
        values = facts.map { ($0.value.magnitude, $0.text.hasSuffix("%")) }
        var named: Set<String> = []
        for name in names {
            let words = Self.words(name)
            for place in words.indices where words[place].unicodeScalars.contains(where: Self.isDigit) {
                named.formUnion(Self.keys(words, place))
            }
        }
        self.named = named
    }

    /// A number of a short name is known by the word beside it: after "iPhone 12", "12 visits" is still another number.
    private static let leastLengthOfName = 4

    private static func keys(_ words: [String], _ place: Int) -> [String] {
        let word = words[place].lowercased()
        guard word.unicodeScalars.allSatisfy(isDigit), words.count > 1 || word.count < leastLengthOfName else {
            return [word]
        }
        var keys: [String] = []
        if place > 0 { keys.append("\(words[place - 1].lowercased()) \(word)") }
        if place + 1 < words.count { keys.append("\(word) \(words[place + 1].lowercased())") }
        return keys
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// The first number that is not among the facts, as it stands; nil: all are.
    package func foreignNumber(in text: String) -> String? {
        if let odd = text.unicodeScalars.first(where: { $0.properties.numericType != nil && !Self.isDigit($0) }) {
            return String(odd)
        }
        let words = Self.words(text)
        var place = 0
        while place < words.count {
            let word = words[place]
            if word.unicodeScalars.contains(where: Self.isDigit) {
                let next = place + 1 < words.count ? words[place + 1].lowercased() : ""
                let keys = Self.keys(words, place) + [word.lowercased()]
                guard keys.contains(where: named.contains) || isKnown(word, next: next) else { return word }
                // A scale behind it belongs to it: 1.3 million.
                place += Self.scales.contains { $0.0 == next } ? 2 : 1
                continue
            }
            let (spelt, count) = SpeltNumber.value(words[place...])
            if let spelt, count > 0 {
                let next = place + count < words.count ? words[place + count].lowercased() : ""
                let isShare = Self.isPercent(next)
                guard holds(spelt, unit: 1, isShare: isShare) else {
                    return words[place..<(place + count)].joined(separator: " ")
                }
            }
            place += max(1, count)
        }
        return nil
    }

    /// Words with what is joined to them; groups of three digits behind a space belong to the number before them.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        for part in text.split(whereSeparator: { $0.isWhitespace || "()[]“”\"„«»;:!?–—/|*_`".contains($0) }) {
            var word = String(part)
            while let last = word.last, ",.'’".contains(last) { word.removeLast() }
            while let first = word.first, "'’".contains(first) { word.removeFirst() }
            guard !word.isEmpty else { continue }
            if word.count == 3, word.unicodeScalars.allSatisfy(isDigit), let before = words.last,
                before.unicodeScalars.allSatisfy(isDigit), before.count <= 3
            {
                words[words.count - 1] = before + word
            } else {
                words.append(word)
            }
        }
        return words
    }

    private static func isPercent(_ word: String) -> Bool { ["%", "percent", "per", "pct"].contains(word) }

    private static let scales: [(String, Double)] = [
        ("k", 1e3), ("thousand", 1e3), ("m", 1e6), ("mn", 1e6), ("million", 1e6), ("bn", 1e9), ("billion", 1e9),
    ]

    private func isKnown(_ word: String, next: String) -> Bool {
        var body = word.lowercased()
        var isShare = Self.isPercent(next)
        while let first = body.unicodeScalars.first, !Self.isDigit(first) {
            // Signs and currencies; a letter in front makes it a name.
            guard !first.properties.isAlphabetic else { return false }
            body.unicodeScalars.removeFirst()
        }
        if body.hasSuffix("%") {
            isShare = true
            body.removeLast()
        }
        var scale = Self.scales.first { $0.0 == next }?.1 ?? 1
        if let (suffix, factor) = Self.scales.last(where: { body.hasSuffix($0.0) }) {
            body.removeLast(suffix.count)
            scale = factor
        }
        while let last = body.unicodeScalars.last, !Self.isDigit(last) {
            guard !last.properties.isAlphabetic else { return false }
            body.unicodeScalars.removeLast()
        }
        return Self.readings(body).contains { holds($0.value * scale, unit: $0.unit * scale, isShare: isShare) }
    }

    /// What digits with marks may mean: 1,234 is a thousand and more, or between one and two.
    private static func readings(_ body: String) -> [(value: Double, unit: Double)] {
        let parts = body.split(omittingEmptySubsequences: false) { ",.'’".contains($0) }
        guard parts.allSatisfy({ !$0.isEmpty && $0.unicodeScalars.allSatisfy(isDigit) }) else { return [] }
        var found: [(value: Double, unit: Double)] = []
        let isGrouped = parts.dropFirst().allSatisfy { $0.count == 3 } && parts[0].count <= 3
        if parts.count == 1 || isGrouped, let value = Double(parts.joined()) { found.append((value, 1)) }
        let marks = body.filter { ",.'’".contains($0) }
        // The last mark parts off a fraction where it is another than those before, or the only one.
        if parts.count > 1, parts.dropFirst().dropLast().allSatisfy({ $0.count == 3 }),
            marks.count == 1 || marks.last != marks.first,
            let value = Double(parts.dropLast().joined() + "." + parts[parts.count - 1])
        {
            var unit = 1.0
            for _ in parts[parts.count - 1] { unit /= 10 }
            found.append((value, unit))
        }
        return found
    }

    /// Whether a fact rounds to it.
    private func holds(_ value: Double, unit: Double, isShare: Bool) -> Bool {
        values.contains { fact in
            guard fact.isShare == isShare else { return false }
            let known = isShare ? 100 * fact.value : fact.value
            return (known - value).magnitude <= 0.5000001 * unit
        }
    }
}

/// English words for numbers.
enum SpeltNumber {
    private static let ones: [String: Double] = [
        "zero": 0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
        "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
        "seventy": 70,
        "eighty": 80, "ninety": 90, "dozen": 12, "dozens": 12, "half": 0.5, "halved": 0.5, "third": 1.0 / 3,
        "thirds": 1.0 / 3,
        "quarter": 0.25, "quarters": 0.25, "double": 2, "doubled": 2, "twice": 2, "triple": 3, "tripled": 3,
        "thrice": 3,
        "quadrupled": 4, "tenfold": 10,
    ]
    private static let scales: [String: Double] = [
        "hundred": 100, "hundreds": 100, "thousand": 1e3, "thousands": 1e3, "million": 1e6, "millions": 1e6,
        "billion": 1e9, "billions": 1e9,
    ]

    /// The number that the first words are, and how many words; nil and 0 where they are none.
    static func value(_ words: ArraySlice<String>) -> (value: Double?, count: Int) {
        var (total, current, count, isNumber) = (0.0, 0.0, 0, false)
        for word in words {
            var isPart = false
            for piece in word.lowercased().split(separator: "-") {
                let piece = String(piece)
                if let one = ones[piece] {
                    current += one
                    (isPart, isNumber) = (true, true)
                } else if let scale = scales[piece] {
                    current = max(1, current) * scale
                    if scale >= 1e3 { (total, current) = (total + current, 0) }
                    (isPart, isNumber) = (true, true)
                } else if piece == "one", word.contains("-") {
                    current += 1
                    isPart = true
                } else if piece.hasSuffix("fold"), let one = ones[String(piece.dropLast(4))] {
                    current += one
                    (isPart, isNumber) = (true, true)
                }
            }
            guard isPart else { break }
            count += 1
        }
        return isNumber ? (total + current, count) : (nil, 0)
    }
}
