import Foundation
import Testing

@testable import Telemetry

/// Lines as objects: what a collector of logs reads.
@Suite struct JSONLogTests {
    private func object(_ message: String, _ fields: LogFields) throws -> [String: Any] {
        let line = LogLine(milliseconds: 0, level: .warning, message: message, fields: fields, format: .json)
        #expect(line.bytes.last == UInt8(ascii: "\n") && line.bytes.filter { $0 == UInt8(ascii: "\n") }.count == 1)
        #expect(line.bytes.count <= LogLine.byteLimit)
        return try #require(try JSONSerialization.jsonObject(with: Data(line.bytes)) as? [String: Any])
    }

    @Test func aLineIsAnObject() throws {
        let found = try object(
            "it \"failed\"\n", ["count": 3, "share": .number(0.5), "flag": true, "text": "a=b \\ ü \u{202E}\u{0}"])
        #expect(found["time"] as? String == "1970-01-01T00:00:00.000Z" && found["level"] as? String == "warning")
        #expect(found["message"] as? String == "it \"failed\"\n")
        #expect(found["count"] as? Int == 3 && found["share"] as? Double == 0.5 && found["flag"] as? Bool == true)
        #expect(found["text"] as? String == "a=b \\ ü \u{202E}\u{0}")
    }

    @Test func whatIsNoNumberIsNull() throws {
        let found = try object("m", ["a": .number(.nan), "b": .number(.infinity)])
        #expect(found["a"] is NSNull && found["b"] is NSNull)
    }

    @Test func whatIsTooLongIsCutAndStaysAnObject() throws {
        for text in [
            String(repeating: "x", count: 9000), String(repeating: "\u{1}", count: 4000),
            String(repeating: "ü", count: 5000),
            // One character, as Unicode counts characters.
            "e" + String(repeating: "\u{301}", count: 5000),
        ] {
            let found = try object(text, ["first": .text(text), "last": 1])
            #expect((found["first"] as? String)?.hasSuffix("...") == true && found["last"] as? Int == 1)
        }
    }
}
