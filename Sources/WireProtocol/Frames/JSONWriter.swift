/// Writes JSON, and the frames around it, at the end of a byte buffer.
///
/// The buffer's array is longer than what is written (`end`), so that bytes are stored without an append each; `finish` cuts it.
/// Nothing is allocated once the buffer has grown, except that a `Double` whose shortest text has over 15 bytes passes
/// through a `String`. The caller opens and closes containers in pairs and writes a key before each member's value: the
/// writer only places the commas.
package struct JSONWriter: ~Copyable {
    private var bytes: [UInt8]
    private var end: Int
    private var needsComma = false
    private var frameStart: Int?
    private var frameOverflowed = false
    private let maximumPayloadBytes: Int

    /// The least room that the buffer grows by: what most replies take.
    private static let growth = 1_024
    /// Bytes that a string is written by: bounds the room for its escapes (6 bytes each).
    private static let chunk = 512
    private static let frameHeaderBytes = 4

    /// Takes the buffer's storage and writes after what it holds; `finish(into:)` gives it back.
    package init(appendingTo buffer: inout [UInt8], maximumPayloadBytes: Int = ProtocolLimits.frameBytesOut) {
        bytes = []
        swap(&bytes, &buffer)
        end = bytes.count
        self.maximumPayloadBytes = maximumPayloadBytes
    }

    package consuming func finish(into buffer: inout [UInt8]) {
        bytes.removeLast(bytes.count - end)
        swap(&bytes, &buffer)
    }

    // MARK: Frames

    /// A frame cannot stand inside another.
    package mutating func beginFrame() {
        precondition(frameStart == nil, "a frame inside a frame")
        frameStart = end
        frameOverflowed = false
        needsComma = false
        reserve(Self.frameHeaderBytes)
        end += Self.frameHeaderBytes
    }

    /// Writes the frame's length. False where the payload is above the limit: the frame is then taken back.
    package mutating func endFrame() -> Bool {
        guard let start = frameStart else { preconditionFailure("no frame to end") }
        frameStart = nil
        let count = end - start - Self.frameHeaderBytes
        guard !frameOverflowed, count <= maximumPayloadBytes else {
            end = start
            return false
        }
        for offset in 0..<Self.frameHeaderBytes {
            bytes[start + offset] = UInt8(truncatingIfNeeded: count >> (24 - 8 * offset))
        }
        return true
    }

    // MARK: Structure

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// A name without characters that need an escape.
    package mutating func key(_ name: StaticString) {
        comma()
        byte(UInt8(ascii: "\""))
        unsafe copy(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        byte(UInt8(ascii: "\""))
        byte(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func key(_ name: UnsafeBufferPointer<UInt8>) {
        unsafe string(name)
        byte(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func open(_ bracket: UInt8) {
        comma()
        byte(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        byte(bracket)
        needsComma = true
    }

    private mutating func comma() {
        if needsComma { byte(UInt8(ascii: ",")) }
        needsComma = true
    }

    // MARK: Values

    /// Valid UTF-8.
    package mutating func string(_ text: UnsafeBufferPointer<UInt8>) {
        comma()
        byte(UInt8(ascii: "\""))
        var first = 0
        while first < text.count {
            let last = min(first + Self.chunk, text.count)
            unsafe escape(UnsafeBufferPointer(rebasing: text[first..<last]))
            first = last
        }
        byte(UInt8(ascii: "\""))
    }

    package mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { unsafe string($0) }
    }

    package mutating func string(_ text: StaticString) {
        unsafe string(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// JSON text that is written as it stands.
    package mutating func json(_ text: UnsafeBufferPointer<UInt8>) {
        comma()
        unsafe copy(text)
    }

    package mutating func integer(_ value: Int) {
        comma()
        digits(value)
    }

    /// The shortest text that reads back as the same `Float`. The value is finite: anything else is the caller's mistake.
    package mutating func number(_ value: Float) {
        precondition(value.isFinite, "JSON has no number for this value")
        comma()
        ascii(value.description)
    }

    /// The shortest text that reads back as the same `Double`. The value is finite: anything else is the caller's mistake.
    package mutating func number(_ value: Double) {
        precondition(value.isFinite, "JSON has no number for this value")
        comma()
        ascii(value.description)
    }

    /// Thousandths of a unit as a number with up to three decimals: 1250 becomes 1.25.
    package mutating func thousandths(_ value: Int) {
        comma()
        if value < 0 { byte(UInt8(ascii: "-")) }
        let magnitude = value.magnitude
        digits(Int(magnitude / 1000))
        var fraction = magnitude % 1000
        guard fraction > 0 else { return }
        byte(UInt8(ascii: "."))
        while fraction > 0 {
            byte(UInt8(ascii: "0") + UInt8(fraction / 100))
            fraction = fraction % 100 * 10
        }
    }

    package mutating func boolean(_ value: Bool) {
        comma()
        value ? ascii("true") : ascii("false")
    }

    package mutating func null() {
        comma()
        ascii("null")
    }

    // MARK: Bytes

    private mutating func reserve(_ count: Int) {
        if bytes.count - end < count { grow(count) }
    }

    /// A frame above its limit starts over, so that memory stays bounded; `endFrame` then takes it back.
    @inline(never)
    private mutating func grow(_ count: Int) {
        if let start = frameStart, end - start > maximumPayloadBytes + Self.frameHeaderBytes {
            frameOverflowed = true
            end = start + Self.frameHeaderBytes
        }
        let missing = count - (bytes.count - end)
        if missing > 0 { bytes.append(contentsOf: repeatElement(0, count: max(missing, Self.growth))) }
    }

    @inline(__always)
    private mutating func byte(_ value: UInt8) {
        reserve(1)
        bytes[end] = value
        end += 1
    }

    private mutating func copy(_ text: UnsafeBufferPointer<UInt8>) {
        guard let source = text.baseAddress else { return }
        reserve(text.count)
        unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            unsafe (base + end).copyMemory(from: source, byteCount: text.count)
        }
        end += text.count
    }

    private mutating func ascii(_ text: String) {
        var text = text
        text.withUTF8 { unsafe copy($0) }
    }

    private mutating func digits(_ value: Int) {
        reserve(20)
        if value < 0 { byte(UInt8(ascii: "-")) }
        var magnitude = value.magnitude
        let first = end
        repeat {
            bytes[end] = UInt8(ascii: "0") + UInt8(magnitude % 10)
            end += 1
            magnitude /= 10
        } while magnitude > 0
        bytes[first..<end].reverse()
    }

    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        guard let source = text.baseAddress else { return }
        reserve(JSONEscaping.room(text.count))
        let written = unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            return unsafe JSONEscaping.write(UnsafeRawBufferPointer(start: source, count: text.count), to: base + end)
        }
        end += written
    }
}
