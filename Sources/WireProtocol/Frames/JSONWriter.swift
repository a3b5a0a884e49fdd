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
    /// Numbers that JSON cannot write, met since the writer was made. Each is a bug of who computed it, and to be told as one; it
    /// costs the reply a wrong number, never the server.
    package private(set) var nonFiniteCount = 0

    /// What the buffer grows by: about what most replies take. An array is copied at memory speed, which `repeatElement` is not.
    private static let zeros = [UInt8](repeating: 0, count: 2_048)
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

    /// Takes the frame back that was begun.
    package mutating func abandonFrame() {
        guard let start = frameStart else { preconditionFailure("no frame to take back") }
        frameStart = nil
        end = start
    }

    /// Bytes of the buffer that are written.
    package var position: Int { end }

    /// Takes back whole frames that were written since.
    package mutating func takeBack(to position: Int) {
        precondition(frameStart == nil && position <= end, "frames are taken back whole")
        end = position
    }

    // MARK: Structure

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// A name without characters that need an escape.
    package mutating func key(_ name: StaticString) {
        let comma = takeComma()
        let count = name.utf8CodeUnitCount
        unsafe write(atMost: count + 4) { output in
            unsafe output.put(comma)
            unsafe output.put(UInt8(ascii: "\""))
            unsafe output.copy(name.utf8Start, count)
            unsafe output.put(UInt8(ascii: "\""))
            unsafe output.put(UInt8(ascii: ":"))
        }
        needsComma = false
    }

    package mutating func key(_ name: UnsafeBufferPointer<UInt8>) {
        unsafe string(name)
        unsafe write(atMost: 1) { output in unsafe output.put(UInt8(ascii: ":")) }
        needsComma = false
    }

    private mutating func open(_ bracket: UInt8) {
        let comma = takeComma()
        unsafe write(atMost: 2) { output in
            unsafe output.put(comma)
            unsafe output.put(bracket)
        }
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        unsafe write(atMost: 1) { output in unsafe output.put(bracket) }
        needsComma = true
    }

    /// What stands before the next value: a comma, or nothing.
    private mutating func takeComma() -> UInt8? {
        defer { needsComma = true }
        return needsComma ? UInt8(ascii: ",") : nil
    }

    // MARK: Values

    /// Bytes that are not UTF-8, as a damaged file may hold, become U+FFFD: a reply is UTF-8 whatever it is made from.
    package mutating func string(_ text: UnsafeBufferPointer<UInt8>) {
        guard unsafe JSONEscaping.isUTF8(text) else { return unsafe string(String(decoding: text, as: UTF8.self)) }
        let comma = takeComma()
        var first = unsafe UnsafeBufferPointer(rebasing: text.prefix(Self.chunk))
        unsafe write(atMost: JSONEscaping.room(first.count) + 3) { output in
            unsafe output.put(comma)
            unsafe output.put(UInt8(ascii: "\""))
            unsafe output = JSONEscaping.write(UnsafeRawBufferPointer(first), to: output)
            if text.count <= Self.chunk { unsafe output.put(UInt8(ascii: "\"")) }
        }
        guard text.count > Self.chunk else { return }
        for position in stride(from: Self.chunk, to: text.count, by: Self.chunk) {
            unsafe first = UnsafeBufferPointer(rebasing: text[position..<min(position + Self.chunk, text.count)])
            unsafe write(atMost: JSONEscaping.room(first.count)) { output in
                unsafe output = JSONEscaping.write(UnsafeRawBufferPointer(first), to: output)
            }
        }
        unsafe write(atMost: 1) { output in unsafe output.put(UInt8(ascii: "\"")) }
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
        let comma = takeComma()
        unsafe write(atMost: text.count + 1) { output in
            unsafe output.put(comma)
            if let start = text.baseAddress { unsafe output.copy(start, text.count) }
        }
    }

    package mutating func integer(_ value: Int) {
        let comma = takeComma()
        unsafe write(atMost: Self.integerRoom) { output in
            unsafe output.put(comma)
            if value < 0 { unsafe output.put(UInt8(ascii: "-")) }
            unsafe output.putDigits(value.magnitude)
        }
    }

    /// The shortest text that reads back as the same `Float`. JSON has no infinities and no NaN: the largest finite value of
    /// that sign and 0 stand for them, and `nonFiniteCount` grows.
    package mutating func number(_ value: Float) {
        var text = writable(value).description
        text.withUTF8 { unsafe json($0) }
    }

    /// As for a `Float`.
    package mutating func number(_ value: Double) {
        var text = writable(value).description
        text.withUTF8 { unsafe json($0) }
    }

    @inline(__always)
    private mutating func writable<Number: BinaryFloatingPoint>(_ value: Number) -> Number {
        if value.isFinite { return value }
        nonFiniteCount &+= 1
        if value.isNaN { return 0 }
        return value < 0 ? -.greatestFiniteMagnitude : .greatestFiniteMagnitude
    }

    /// Thousandths of a unit as a number with up to three decimals: 1250 becomes 1.25.
    package mutating func thousandths(_ value: Int) {
        let comma = takeComma()
        unsafe write(atMost: Self.integerRoom + 4) { output in
            unsafe output.put(comma)
            if value < 0 { unsafe output.put(UInt8(ascii: "-")) }
            unsafe output.putDigits(value.magnitude / 1000)
            var fraction = value.magnitude % 1000
            if fraction > 0 { unsafe output.put(UInt8(ascii: ".")) }
            while fraction > 0 {
                unsafe output.put(UInt8(ascii: "0") + UInt8(fraction / 100))
                fraction = fraction % 100 * 10
            }
        }
    }

    package mutating func boolean(_ value: Bool) {
        literal(value ? "true" : "false")
    }

    package mutating func null() {
        literal("null")
    }

    private mutating func literal(_ text: StaticString) {
        unsafe json(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    // MARK: Bytes

    /// A comma, a sign and the 20 digits of 2^64 - 1.
    private static let integerRoom = 22

    /// `body` stores at most `room` bytes and moves its pointer past them.
    @inline(__always)
    private mutating func write(atMost room: Int, _ body: (inout UnsafeMutableRawPointer) -> Void) {
        reserve(room)
        let end = end
        self.end = unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return end }
            var output = unsafe base + end
            unsafe body(&output)
            return unsafe output - base
        }
    }

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
        while bytes.count - end < count { bytes.append(contentsOf: Self.zeros) }
    }
}

extension UnsafeMutableRawPointer {
    @inline(__always)
    fileprivate mutating func put(_ byte: UInt8) {
        unsafe storeBytes(of: byte, as: UInt8.self)
        unsafe self += 1
    }

    @inline(__always)
    fileprivate mutating func put(_ byte: UInt8?) {
        if let byte { unsafe put(byte) }
    }

    @inline(__always)
    fileprivate mutating func copy(_ source: UnsafePointer<UInt8>, _ count: Int) {
        unsafe copyMemory(from: source, byteCount: count)
        unsafe self += count
    }

    fileprivate mutating func putDigits(_ value: UInt) {
        var divisor: UInt = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            unsafe put(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }
}
