/// Lays valid JSON text out for a person: two spaces a level, short arrays and objects of scalars on one line.
/// Nothing but white space outside strings changes, so numbers and escapes stay as the server wrote them.
struct JSONIndenter {
    /// A container whose text is no longer than this stays on one line.
    private static let inlineByteLimit = 100
    /// What is nested deeper than an answer of this protocol can be is no deeper indented, so that the text stays in proportion to
    /// what came.
    private static let depthLimit = 64
    private let bytes: [UInt8]
    private var output: [UInt8] = []

    static func indented(_ json: [UInt8]) -> String {
        var indenter = JSONIndenter(bytes: json)
        indenter.layOut()
        return String(decoding: indenter.output, as: UTF8.self)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func layOut() {
        let ends = containerEnds()
        var depth = 0
        var inlineUntil = -1
        var inString = false
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            output.append(byte)
            if inString {
                if byte == UInt8(ascii: "\\"), position + 1 < bytes.count {
                    position += 1
                    output.append(bytes[position])
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
            } else {
                switch byte {
                case UInt8(ascii: "\""): inString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    let end = ends[position] ?? bytes.count
                    if position > inlineUntil && end - position <= Self.inlineByteLimit { inlineUntil = end }
                    if position > inlineUntil {
                        depth += 1
                        newLine(depth)
                    }
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    if position > inlineUntil {
                        output.removeLast()
                        depth -= 1
                        newLine(depth)
                        output.append(byte)
                    }
                case UInt8(ascii: ","):
                    if position > inlineUntil { newLine(depth) } else { output.append(UInt8(ascii: " ")) }
                case UInt8(ascii: ":"): output.append(UInt8(ascii: " "))
                default: break
                }
            }
            position += 1
        }
    }

    private mutating func newLine(_ depth: Int) {
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: min(depth, Self.depthLimit) * 2))
    }

    /// Where each container that opens at a position closes.
    private func containerEnds() -> [Int: Int] {
        var ends: [Int: Int] = [:]
        var open: [Int] = []
        var inString = false
        var position = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\\") where inString: position += 1
            case UInt8(ascii: "\""): inString.toggle()
            case UInt8(ascii: "{") where !inString, UInt8(ascii: "[") where !inString: open.append(position)
            case UInt8(ascii: "}") where !inString, UInt8(ascii: "]") where !inString:
                if let start = open.popLast() { ends[start] = position }
            default: break
            }
            position += 1
        }
        return ends
    }
}
