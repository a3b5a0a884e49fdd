/// What stands for no value in files that other programs wrote.
package struct IdRules: Sendable, Equatable {
    /// In small letters.
    package var missingMarkers: [String] = standardMarkers
    /// Ids such as `17850.0` are the whole number before the point.
    package var areWholeNumbers = false

    /// Of databases, spreadsheets and languages: what they write where there is nothing.
    package static let standardMarkers = [
        "nan", "null", "(null)", "<null>", "\\n", "none", "nil", "n/a", "n.a.", "#n/a", "na", "<na>", "nat",
        "undefined", "-",
        "--",
    ]

    package init() {}

    /// `keep`, for none, or markers separated by commas.
    package init(missingMarkers text: String) {
        missingMarkers =
            text == "keep"
            ? [] : text.split(separator: ",").map { $0.lowercased() }.filter { !$0.isEmpty }
    }
}

/// Reads fields that may stand for nothing, and counts those that do.
struct FieldReading {
    private let rules: IdRules
    private let markers: [[UInt8]]
    private let longestMarker: Int
    /// By byte, whether a marker begins with it.
    private var begins = [Bool](repeating: false, count: 256)
    /// By marker, how often it was met.
    private var counts: [Int]
    private var decimalCount = 0

    init(_ rules: IdRules) {
        self.rules = rules
        markers = rules.missingMarkers.map { Array($0.utf8) }
        longestMarker = markers.map(\.count).max() ?? 0
        counts = Array(repeating: 0, count: markers.count)
        for marker in markers {
            guard let first = marker.first else { continue }
            begins[Int(first)] = true
            if first &- UInt8(ascii: "a") < 26 { begins[Int(first & 0xdf)] = true }
        }
        begins[Int(UInt8(ascii: " "))] = true
        begins[Int(UInt8(ascii: "\t"))] = true
    }

    /// The field, or an absent one where its text stands for nothing.
    mutating func value(_ field: RecordField, _ bytes: Span<UInt8>) -> RecordField {
        guard field.kind == .text, field.start < field.end, begins[Int(bytes[field.start])] else { return field }
        let range = NumberParser.trimmed(bytes.extracting(field.range))
        if range.isEmpty { return .absent }
        guard range.count <= longestMarker,
            let marker = marker(bytes, (field.start + range.lowerBound)..<(field.start + range.upperBound))
        else { return field }
        counts[marker] += 1
        return .absent
    }

    /// As `value`, of an id.
    mutating func id(_ field: RecordField, _ bytes: Span<UInt8>) -> RecordField {
        let found = value(field, bytes)
        // JSON alone has numbers, and 1e3 is there the same as 1000.
        guard rules.areWholeNumbers, found.kind == .text || found.kind == .number,
            let length = WholeNumberIds.wholeLength(bytes.extracting(found.range))
        else { return found }
        decimalCount += 1
        return RecordField(start: found.start, end: found.start + length, kind: found.kind)
    }

    private func marker(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        for index in markers.indices where Self.isEqual(bytes, range, markers[index]) { return index }
        return nil
    }

    private static func isEqual(_ bytes: Span<UInt8>, _ range: Range<Int>, _ lowercased: [UInt8]) -> Bool {
        guard lowercased.count == range.count else { return false }
        for (offset, expected) in lowercased.enumerated() {
            let byte = bytes[range.lowerBound + offset]
            let small = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
            if small != expected { return false }
        }
        return true
    }

    /// For people; nil where none was met.
    var note: String? {
        let met = markers.indices.filter { counts[$0] > 0 }.map { "\(counts[$0]) \"\(rules.missingMarkers[$0])\"" }
        let list = met.joined(separator: ", ")
        return met.isEmpty
            ? nil : "cells taken for missing: \(list) (--missing-values keep takes them as they are written)"
    }
}

/// Whole numbers that a program with numbers for ids has written with a point, as `17850.0`.
package enum WholeNumberIds {
    /// How many bytes stand before `.0`; nil where the text is not digits and that.
    static func wholeLength(_ text: Span<UInt8>) -> Int? {
        var position = 0
        while position < text.count, text[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        let length = position
        guard length > 0, position + 1 < text.count, text[position] == UInt8(ascii: ".") else { return nil }
        position += 1
        while position < text.count, text[position] == UInt8(ascii: "0") { position += 1 }
        return position == text.count ? length : nil
    }

    package static func whole(_ id: String) -> String? {
        let bytes = Array(id.utf8)
        return wholeLength(bytes.span).map { String(decoding: bytes[..<$0], as: UTF8.self) }
    }

    /// A warning where ids are written in both ways, which makes two of one.
    static func warning(_ ids: IdentifierTable, of name: String) -> String? {
        var (count, pairs) = (0, 0)
        var example: String?
        for index in 0..<ids.count {
            let bytes = ids.bytes(at: index)
            guard bytes.last == UInt8(ascii: "0"), let length = wholeLength(bytes.span) else { continue }
            count += 1
            let whole = bytes.prefix(length)
            if ids.index(of: whole.span) != nil {
                pairs += 1
                example = example ?? ids.id(at: index)
            }
        }
        guard pairs > 0, let example else { return nil }
        return
            "\(count) of \(ids.count) \(name) ids are written as \(example), \(pairs) of them also without the point: "
            + "they count as different ones. --whole-ids makes them the same."
    }
}
