import Spelling
import Foundation
import TestSupport
import Testing

@testable import WireProtocol

/// Names, times, and the agreement between code and the texts in Protocol/.
@Suite struct WireTextTests {
    private static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        return unsafe bytes.withUnsafeBufferPointer {
            unsafe Timestamp.milliseconds(rfc3339: WireString(start: $0.baseAddress, count: $0.count))
        }
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", Int64(0)), ("1969-12-31T23:59:59.999Z", -1),
        ("2024-05-17T09:30:00Z", 1_715_938_200_000),
        ("2024-05-17t09:30:00.5z", 1_715_938_200_500), ("2024-05-17 11:30:00.1239+02:00", 1_715_938_200_123),
        ("2000-02-29T00:00:00-00:30", 951_784_200_000), ("2016-12-31T23:59:60Z", 1_483_228_800_000),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ]) func timesAreMillisecondsSince1970(_ text: String, _ expected: Int64) {
        #expect(Self.milliseconds(text) == expected)
    }

    @Test(arguments: [
        "", "2024", "2024-05-17", "2024-05-17T09:30Z", "2024-05-17T09:30:00", "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z",
        "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2024-04-31T00:00:00Z", "2024-05-17T24:00:00Z",
        "2024-05-17T09:60:00Z",
        "2024-05-17T09:30:61Z", "2024-05-17T09:30:00.Z", "2024-05-17T09:30:00Zx", "2024-05-17T09:30:00+2:00",
        "+024-05-17T09:30:00Z",
    ]) func otherTextIsNoTime(_ text: String) {
        #expect(Self.milliseconds(text) == nil)
    }

    /// One day after the other through four centuries, against a count.
    @Test func everyDayFollowsTheDayBefore() {
        var expected = Self.milliseconds("1600-01-01T00:00:00Z") ?? 0
        for year in 1600...2000 {
            let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
            for (month, days) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for day in 1...days {
                    let text = String(format: "%04d-%02d-%02dT00:00:00Z", year, month + 1, day)
                    guard Self.milliseconds(text) == expected else {
                        Issue.record("\(text)")
                        return
                    }
                    expected += 86_400_000
                }
            }
        }
        #expect(expected == Self.milliseconds("2001-01-01T00:00:00Z"))
    }

    @Test(
        arguments: [
            ("recomend.user", "recommend.user"), ("helath", "health"), ("pign", "ping"),
            ("recommend.items", "recommend.item"),
            ("xyzzy plugh", nil), ("", nil), (String(repeating: "a", count: 10_000), nil),
        ] as [(String, String?)]) func theNearestNameIsFound(_ typed: String, _ expected: String?)
    {
        let names = ["hello", "ping", "health", "info", "recommend.user", "recommend.item", "segments.of"]
        #expect(EditDistance.nearest(to: typed, among: names) == expected)
    }

    @Test func everyNameOfATableIsFoundAndNoOther() {
        let names = (0..<300).map { "name\($0 * 7)" } + ["", "a", "é"]
        let table = NameTable(names)
        func number(_ text: String) -> Int? {
            let bytes = Array(text.utf8)
            return unsafe bytes.withUnsafeBufferPointer {
                unsafe table.number(of: WireString(start: $0.baseAddress, count: $0.count))
            }
        }
        for (place, name) in names.enumerated() { #expect(number(name) == place) }
        for name in ["name1", "name", "nam", "A", "name0\0", String(repeating: "name0", count: 1_000)] {
            #expect(number(name) == nil)
        }
        #expect(NameTable([]).number(of: .empty) == nil)
    }

    @Test func theErrorTableIsTheOneInTheText() throws {
        let text = try String(contentsOfFile: PackageRoot.path("Protocol/ERRORS.md"), encoding: .utf8)
        var rows: [String: [String]] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("| -32") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            try #require(cells.count >= 5)
            rows[cells[1].replacing("`", with: "")] = cells
        }
        #expect(Set(rows.keys) == Set(ErrorReason.allCases.map(\.rawValue)))
        for reason in ErrorReason.allCases {
            let cells = rows[reason.rawValue] ?? []
            #expect(cells.first == "\(reason.code)", "\(reason)")
            #expect(cells.dropFirst(2).first == "\(reason.status)", "\(reason)")
            #expect(cells.dropFirst(3).first == (reason.isRetryable ? "yes" : "no"), "\(reason)")
            #expect((cells.dropFirst(4).first == "closed") == reason.closesConnection, "\(reason)")
        }
    }

    /// Groups of eight bytes and what is left over must see a control character at every place, and nothing else.
    @Test func aControlCharacterIsSeenAtEveryPlaceOfEveryLength() {
        func holdsControl(_ bytes: [UInt8]) -> Bool {
            unsafe bytes.withUnsafeBufferPointer {
                unsafe WireString(start: $0.baseAddress, count: $0.count).hasControlCharacter
            }
        }
        let controls: [[UInt8]] = [[0], [0x1F], [0x7F], [0xC2, 0x80], [0xC2, 0x9F]]
        let others: [[UInt8]] = [
            [0x20], [0x7E], [0xC2, 0xA0], [0xC3, 0x80], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0xA7, 0x80],
        ]
        for count in 0...24 {
            for place in 0...count {
                for (special, isControl) in controls.map({ ($0, true) }) + others.map({ ($0, false) }) {
                    var text = [UInt8](repeating: UInt8(ascii: "a"), count: count)
                    text.insert(contentsOf: special, at: place)
                    #expect(holdsControl(text) == isControl, "\(special) at \(place) of \(count)")
                }
            }
        }
    }
}
