#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What an interaction of a type is worth: `weight * value factor * 2^(-age / half-life)`.
///
/// - The value factor of a `rating` is its value; of any other type its value (a quantity) where there is one, else 1.
/// - A negative weight is a dislike.
/// - Types are compared without regard to the case of ASCII letters.
package struct EventWeights: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let name: String
        package let weight: Double
    }

    /// The type of a row that carries a rating.
    package static let ratingName = "rating"
    /// The type of a row in a file without types and ratings.
    package static let viewName = "view"

    /// The type of a row of an order.
    package static let purchaseName = "purchase"

    /// The product's definition: view 1, search 5, cart 20, purchase 40, and a rating counts as its value.
    package static let standard = EventWeights(entries: [
        Entry(name: viewName, weight: 1), Entry(name: "search", weight: 5), Entry(name: "cart", weight: 20),
        Entry(name: purchaseName, weight: 40), Entry(name: ratingName, weight: 1),
    ])

    package let entries: [Entry]

    /// Reads `cart=30,dislike=-5`: what it names, each once, is changed in or added to `base`.
    package init(parsing text: String, changing base: EventWeights = .standard) throws(ReadError) {
        var entries = base.entries
        var given: Set<String> = []
        for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = pair.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let name = sides.first.map({ Self.canonical($0) }), !name.isEmpty,
                let weight = NumberParser.number(String(sides[1]))
            else {
                throw Self.error(expected: "pairs such as cart=20, separated by commas", found: "\"\(pair)\"")
            }
            guard NumberLimits.holds(weight) else {
                throw Self.error(
                    expected: "weights from -\(NumberLimits.greatestMagnitude) to \(NumberLimits.greatestMagnitude)",
                    found: "\"\(pair)\"")
            }
            guard given.insert(name).inserted else {
                throw Self.error(expected: "each event type once", found: "\"\(name)\" twice")
            }
            let entry = Entry(name: name, weight: weight)
            if let index = entries.firstIndex(where: { $0.name == name }) {
                entries[index] = entry
            } else {
                entries.append(entry)
            }
        }
        guard entries.count <= InteractionLog.maximalEventTypeCount else {
            throw Self.error(
                expected: "at most \(InteractionLog.maximalEventTypeCount) event types", found: "\(entries.count)")
        }
        self.entries = entries
    }

    private init(entries: [Entry]) { self.entries = entries }

    package var names: [String] { entries.map(\.name) }

    package func index(of name: String) -> Int? {
        // As most senders write it; live events are looked up by thousands a request.
        if let index = entries.firstIndex(where: { $0.name == name }) { return index }
        let name = Self.canonical(name[...])
        return entries.firstIndex { $0.name == name }
    }

    package func weight(of name: String) -> Double? { index(of: name).map { entries[$0].weight } }

    /// An event as a row of a build, as far as its weight goes.
    package struct LiveRow: Sendable, Equatable {
        /// An index of `entries`.
        package var type: Int
        /// NaN where there is none.
        package var value: Float
    }

    /// One rule for builds and for answers. nil: the event counts nothing, since its type has no weight, or it is a rating that
    /// says none, or a quantity of 0 or less.
    package func liveRow(ofType name: String, value: Double?) -> LiveRow? {
        guard let type = index(of: name) else { return nil }
        let isRating = entries[type].name == Self.ratingName
        guard let value else { return isRating ? nil : LiveRow(type: type, value: .nan) }
        return isRating || value > 0 ? LiveRow(type: type, value: Float(value)) : nil
    }

    /// Before it fades.
    package func weight(of row: LiveRow) -> Double {
        entries[row.type].weight * (row.value.isNaN ? 1 : Double(row.value))
    }

    /// Spaces around a name are dropped, ASCII letters made small.
    private static func canonical(_ name: Substring) -> String {
        let trimmed = name.utf8.drop { $0 == UInt8(ascii: " ") }
        var bytes = trimmed.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func error(expected: String, found: String) -> ReadError {
        ReadError(
            .badOption, operation: "read the event weights", expected: expected, found: found,
            remedy: "Write for example view=1,cart=20,dislike=-5.")
    }
}

/// How old interactions fade: a weight halves every half-life.
package struct TimeDecay: Sendable, Equatable {
    package static let millisecondsPerDay: Double = 86_400_000

    /// Milliseconds since 1970 that ages are counted from; what is newer has age 0.
    package let referenceTime: Int64
    private let halfLifeMilliseconds: Double

    /// A half-life of more than 0 days.
    package init(halfLifeDays: Double, referenceTime: Int64) {
        precondition(halfLifeDays > 0)
        self.referenceTime = referenceTime
        halfLifeMilliseconds = halfLifeDays * Self.millisecondsPerDay
    }

    /// `2^(-age / half-life)`: 1 at the reference time and after it, 0.5 one half-life before.
    package func factor(at time: Int64) -> Double {
        // Times of an index from elsewhere may be anything: their difference need not be an Int64.
        time >= referenceTime ? 1 : exp2((Double(time) - Double(referenceTime)) / halfLifeMilliseconds)
    }
}
