internal import Printing

/// Why a row was refused. The raw value is the name shown to people and programs.
package enum BadRowReason: String, Sendable, CaseIterable {
    case missingUserId
    case missingItemId
    /// A row of transactions without an order's id.
    case missingOrderId
    /// Longer than `IdentifierRules.maximalByteCount`.
    case idTooLong
    case controlCharacterInId
    /// In JSON Lines an id is a string, or an integer that is taken as its digits; not a fraction, a truth value, a list.
    case idNotAString
    case unparseableTime
    /// A time that the rest of its column shows to be none.
    case implausibleTime
    case unparseableNumber
    /// A number beyond `NumberLimits.greatestMagnitude`.
    case numberOutOfRange
    /// A rating without a value.
    case missingValue
    /// A quantity that is zero or negative, as in a returned purchase.
    case nonPositiveQuantity
    case unknownEventType
    /// The row has more or fewer fields than the header.
    case columnCount
    case invalidUTF8
    /// Longer than the maximal record size.
    case recordTooLong
    /// A quoted field that does not end.
    case unterminatedQuote
    /// A closing quote followed by something other than a delimiter or the end of the line.
    case textAfterQuote
    case malformedJSON
}

/// A refused row, as shown to a person.
package struct BadRow: Sendable, Equatable {
    /// The physical line the row begins on, counted from 1; the header is a line too.
    package let lineNumber: Int
    package let reason: BadRowReason
    /// What exactly was wrong, for example the unknown event type; empty where the reason says it all.
    package let detail: String
    /// The row's beginning, at most `BadRow.maximalCharacterCount` characters, control characters escaped.
    package let text: String

    /// Enough to recognise the row, short enough for a terminal line.
    package static let maximalCharacterCount = 120

    /// `bytes` as text for a terminal: invalid UTF-8 becomes U+FFFD, control characters `\n`, `\t`, `\u{1B}` ..., and
    /// what was cut off `...`.
    static func printable(_ bytes: ArraySlice<UInt8>) -> String {
        // A character takes at least one byte; the factor leaves room for emoji made of several scalars.
        let enough = bytes.prefix(maximalCharacterCount * 16)
        var text = ""
        var count = 0
        for character in String(decoding: enough, as: UTF8.self) {
            if count == maximalCharacterCount { return text + "..." }
            count += 1
            for scalar in character.unicodeScalars {
                if PrintableText.isUnsafe(scalar) {
                    text += scalar.escaped(asASCII: true)
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
        }
        return enough.count < bytes.count ? text + "..." : text
    }
}

/// Bad rows counted by reason; the first few kept.
package struct BadRowTally: Sendable, Equatable {
    /// Ten fit a screen and show a pattern.
    package static let maximalSampleCount = 10

    private var counts = [Int](repeating: 0, count: BadRowReason.allCases.count)
    package private(set) var samples: [BadRow] = []
    package private(set) var total = 0
    /// Rows that are of no use but not wrong: orders of guests and returns, among other interactions.
    package private(set) var apartCount = 0

    package init() {}

    /// What is compared with the rows that may be bad.
    package var faultCount: Int { total - apartCount }

    package subscript(reason: BadRowReason) -> Int { counts[Self.position(of: reason)] }

    /// The reasons that occurred with their counts, in the order of `BadRowReason`.
    package var countsByReason: [(reason: BadRowReason, count: Int)] {
        zip(BadRowReason.allCases, counts).filter { $0.1 > 0 }.map { (reason: $0.0, count: $0.1) }
    }

    mutating func add(
        _ reason: BadRowReason, lineNumber: Int, detail: String, record: ArraySlice<UInt8>, isApart: Bool = false
    ) {
        counts[Self.position(of: reason)] += 1
        total += 1
        if isApart { apartCount += 1 }
        guard samples.count < Self.maximalSampleCount else { return }
        samples.append(
            BadRow(lineNumber: lineNumber, reason: reason, detail: detail, text: BadRow.printable(record)))
    }

    /// Those of another file, after these.
    mutating func add(_ other: BadRowTally) {
        for index in counts.indices { counts[index] += other.counts[index] }
        total += other.total
        apartCount += other.apartCount
        samples += other.samples.prefix(Self.maximalSampleCount - samples.count)
    }

    private static func position(of reason: BadRowReason) -> Int {
        BadRowReason.allCases.firstIndex(of: reason) ?? 0
    }
}
