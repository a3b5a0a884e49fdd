import TestSupport
import Testing

@testable import WireProtocol

@Suite struct JSONWriterTests {
    private static func written(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var buffer: [UInt8] = []
        var writer = JSONWriter(appendingTo: &buffer)
        body(&writer)
        writer.finish(into: &buffer)
        return buffer
    }

    private static func text(_ body: (inout JSONWriter) -> Void) -> String {
        String(decoding: written(body), as: UTF8.self)
    }

    @Test func commasStandBetweenValuesOnly() {
        let text = Self.text { writer in
            writer.beginObject()
            writer.key("a")
            writer.beginArray()
            writer.integer(1)
            writer.beginArray()
            writer.endArray()
            writer.boolean(true)
            writer.null()
            writer.beginObject()
            writer.endObject()
            writer.endArray()
            writer.key("b")
            writer.string("x" as StaticString)
            writer.key("c")
            writer.boolean(false)
            writer.endObject()
        }
        #expect(text == #"{"a":[1,[],true,null,{}],"b":"x","c":false}"#)
    }

    @Test(arguments: [
        (0, "0"), (7, "7"), (10, "10"), (-1, "-1"), (1_000_000, "1000000"), (Int.max, "9223372036854775807"),
        (Int.min, "-9223372036854775808"),
    ]) func integersAreDecimal(_ value: Int, _ expected: String) {
        #expect(Self.text { $0.integer(value) } == expected)
    }

    @Test(arguments: [
        (0, "0"), (1, "0.001"), (50, "0.05"), (412, "0.412"), (1_000, "1"), (1_250, "1.25"), (-1_500, "-1.5"),
        (12_345_678, "12345.678"),
    ]) func thousandthsHaveUpToThreeDecimals(_ value: Int, _ expected: String) {
        #expect(Self.text { $0.thousandths(value) } == expected)
    }

    @Test func everyControlCharacterIsEscaped() {
        let short: [UInt8: String] = [0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0C: "\\f", 0x0D: "\\r"]
        for byte in UInt8(0)..<0x20 {
            let digits = String(byte, radix: 16)
            let expected = short[byte] ?? "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            #expect(Self.text { $0.string(String(Unicode.Scalar(byte))) } == "\"\(expected)\"")
        }
        #expect(Self.text { $0.string("\"\\/\u{7F}é") } == "\"\\\"\\\\/\u{7F}é\"")
    }

    /// The groups of 16 and 8 bytes of the scan, and the bytes left over, must all see an escape at every place.
    @Test func anEscapeIsSeenAtEveryPlaceOfEveryLength() throws {
        for count in 1...40 {
            for place in 0..<count {
                for special in ["\"", "\\", "\u{0}", "\u{1F}"] {
                    var letters = [String](repeating: "a", count: count)
                    letters[place] = special
                    let string = letters.joined()
                    let found = try JSON.parse(Self.written { $0.string(string) })
                    #expect(found == .string(string))
                }
            }
        }
    }

    @Test func randomStringsComeBackFromBothReaders() throws {
        var generator = SeededGenerator(seed: 20_240_517)
        let alphabet =
            (0..<0x30).compactMap { Unicode.Scalar($0) } + "\"\\/aé€🧀\u{7F}\u{2028}\u{FFFF}\u{10FFFF}".unicodeScalars
        let parser = JSONParser()
        for _ in 0..<2_000 {
            var string = ""
            for _ in 0..<generator.index(below: 1_300) {
                // Mostly plain text, so that whole groups without an escape occur too.
                let plain = generator.index(below: 20) > 0
                string.unicodeScalars.append(plain ? "x" : alphabet[generator.index(below: alphabet.count)])
            }
            let bytes = Self.written { $0.string(string) }
            guard case .document(let value) = parser.parse(unsafe bytes.span.bytes) else {
                Issue.record("not accepted: \(String(decoding: bytes, as: UTF8.self))")
                return
            }
            #expect(value.string?.string.utf8.elementsEqual(string.utf8) == true)
            #expect(try JSON.parse(bytes) == .string(string))
        }
    }

    @Test func floatsComeBackBitForBit() throws {
        var generator = SeededGenerator(seed: 7)
        let parser = JSONParser()
        var values: [Float] = [
            0, -0.0, 1, 0.1, 0.3, 16_777_216, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .greatestFiniteMagnitude,
            .leastNormalMagnitude, 1e21,
            1e-7,
        ]
        while values.count < 5_000 {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
            if value.isFinite { values.append(value) }
        }
        for value in values {
            let bytes = Self.written { $0.number(value) }
            guard case .document(let parsed) = parser.parse(unsafe bytes.span.bytes), let number = parsed.number else {
                Issue.record("not accepted: \(value)")
                return
            }
            #expect(Float(number).bitPattern == value.bitPattern)
        }
    }

    @Test func doublesComeBackBitForBit() throws {
        var generator = SeededGenerator(seed: 8)
        let parser = JSONParser()
        var values: [Double] = [
            0, -0.0, 0.1 + 0.2, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e22, 9_007_199_254_740_992,
        ]
        while values.count < 5_000 {
            let value = Double(bitPattern: generator.next())
            if value.isFinite { values.append(value) }
        }
        for value in values {
            let bytes = Self.written { $0.number(value) }
            guard case .document(let parsed) = parser.parse(unsafe bytes.span.bytes) else {
                Issue.record("not accepted: \(value)")
                return
            }
            #expect(parsed.number?.bitPattern == value.bitPattern)
        }
    }

    /// What is computed wrongly must cost a number, not the server: decision 0036.
    @Test func nonFiniteNumbersAreWrittenAsValidOnesAndCounted() {
        var count = 0
        let text = Self.text { writer in
            writer.beginArray()
            for value in [Float.nan, .infinity, -.infinity, .signalingNaN, 1.5] { writer.number(value) }
            for value in [Double.nan, .infinity, -.infinity, -2] { writer.number(value) }
            writer.endArray()
            count = writer.nonFiniteCount
        }
        #expect(
            text
                == "[0.0,3.4028235e+38,-3.4028235e+38,0.0,1.5,0.0,1.7976931348623157e+308,-1.7976931348623157e+308,-2.0]"
        )
        #expect(count == 7)
    }

    /// Whatever a damaged file holds, a reply is UTF-8; what is well-formed stays as it is, at every length and place.
    @Test func bytesThatAreNoTextAreReplaced() {
        var generator = SeededGenerator(seed: 9)
        let parser = JSONParser()
        let wellFormed = Array("Crème brûlée 🍮 日本".utf8)
        for length in 0..<1_200 {
            var bytes = (0..<length).map { wellFormed[$0 % wellFormed.count] }
            for _ in 0..<generator.next() % 3 where length > 0 {
                bytes[Int(generator.next() % UInt64(length))] = UInt8(truncatingIfNeeded: generator.next())
            }
            let written = Self.written { writer in
                unsafe bytes.withUnsafeBufferPointer { text in unsafe writer.string(text) }
            }
            guard case .document(let parsed) = parser.parse(unsafe written.span.bytes) else {
                Issue.record("not accepted: \(bytes)")
                return
            }
            #expect(parsed.string?.string == String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func aFrameHasItsLengthAndFollowsWhatIsThere() {
        var buffer: [UInt8] = [1, 2, 3]
        var writer = JSONWriter(appendingTo: &buffer)
        writer.beginFrame()
        writer.beginObject()
        writer.endObject()
        let first = writer.endFrame()
        writer.beginFrame()
        writer.string(String(repeating: "x", count: 300))
        let second = writer.endFrame()
        writer.finish(into: &buffer)
        #expect(first && second)
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 300)
        #expect(buffer == [1, 2, 3, 0, 0, 0, 2] + Array("{}".utf8) + [0, 0, 1, 46, 34] + long + [34])
    }

    @Test(arguments: [(96, true), (97, false), (500_000, false)]) func aFrameAboveTheLimitIsTakenBack(
        _ letters: Int, _ fits: Bool
    ) {
        var buffer: [UInt8] = [9]
        var writer = JSONWriter(appendingTo: &buffer, maximumPayloadBytes: 98)
        writer.beginFrame()
        writer.string(String(repeating: "x", count: letters))
        let isWhole = writer.endFrame()
        writer.beginFrame()
        writer.null()
        let next = writer.endFrame()
        writer.finish(into: &buffer)
        #expect(isWhole == fits && next)
        let tail: [UInt8] = [0, 0, 0, 4] + Array("null".utf8)
        #expect(fits ? buffer.suffix(8) == tail[...] && buffer.count == 1 + 4 + 98 + 8 : buffer == [9] + tail)
        // The buffer never holds more than the limit and what one piece of a string may need.
        #expect(buffer.capacity < 20_000)
    }
}
