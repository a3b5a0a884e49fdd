// One event, one line:
//
//     2026-11-21T03:19:00.123Z warning "accept failed" loop=1 error="Too many open files"
//
// The message is always quoted; a value is quoted unless it is made of plain characters only. Inside quotes
// `"` `\` and what `PrintableText` finds unsafe are escaped as in JSON, so one event can never look like two.

internal import Printing

package enum LogLevel: UInt8, Sendable, Comparable, CaseIterable {
    case debug, info, warning, error, off

    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }

    /// `nil` unless `name` is one of `debug`, `info`, `warning`, `error`, `off`.
    package init?(name: String) {
        guard let level = LogLevel.allCases.first(where: { $0.name == name }) else { return nil }
        self = level
    }

    package var name: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        case .off: "off"
        }
    }
}

/// How a line is written.
package enum LogFormat: String, Sendable, CaseIterable {
    /// Time, level, message, `key=value`.
    case text
    /// One object, with the members `time`, `level`, `message` and those of the event.
    case json
}

package enum LogValue: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    case text(String)
    case integer(Int)
    case number(Double)
    case flag(Bool)

    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .flag(value) }
}

/// Keys are plain words chosen by the programmer and are written as they are.
package typealias LogFields = KeyValuePairs<String, LogValue>

struct LogLine {
    /// A write of at most this many bytes to a pipe is all or nothing on Linux (`PIPE_BUF`), so lines of several
    /// threads cannot mix; what is longer is cut.
    static let byteLimit = 4096

    private(set) var bytes: [UInt8] = []

    init(
        milliseconds: Int64, level: LogLevel, message: String, fields: LogFields, format: LogFormat = .text
    ) {
        bytes.reserveCapacity(256)
        if format == .json {
            appendObject(milliseconds, level, message, fields)
            return
        }
        appendTimestamp(milliseconds: milliseconds, to: &bytes)
        append(" ")
        append(level.name)
        append(" ")
        appendQuoted(message)
        for (key, value) in fields {
            append(" ")
            append(key)
            append("=")
            appendValue(value)
        }
        cut()
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Where the whole would be too long, the texts are cut, the longest first, so that it stays an object.
    private mutating func appendObject(
        _ milliseconds: Int64, _ level: LogLevel, _ message: String, _ fields: LogFields
    ) {
        var limit = Self.byteLimit
        repeat {
            bytes.removeAll(keepingCapacity: true)
            append("{\"time\":\"")
            appendTimestamp(milliseconds: milliseconds, to: &bytes)
            append("\",\"level\":\"\(level.name)\",\"message\":")
            appendQuoted(Self.cut(message, to: limit))
            for (key, value) in fields {
                append(",")
                appendQuoted(key)
                append(":")
                switch value {
                case .text(let text): appendQuoted(Self.cut(text, to: limit))
                // JSON has no word for what is no finite number.
                case .number(let number) where !number.isFinite: append("null")
                case .integer, .number, .flag: appendValue(value)
                }
            }
            append("}\n")
            limit /= 2
        } while bytes.count > Self.byteLimit && limit > 0
    }

    /// At most so many bytes of whole scalars: one character can be of any length.
    private static func cut(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: limit)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return String(text.unicodeScalars[..<end]) + "..."
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func appendValue(_ value: LogValue) {
        switch value {
        case .integer(let integer): append(String(integer))
        case .number(let number): append(String(number))
        case .flag(let flag): append(flag ? "true" : "false")
        case .text(let text):
            if !text.isEmpty && text.utf8.allSatisfy(Self.isPlain) { append(text) } else { appendQuoted(text) }
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            && byte != UInt8(ascii: "=")
    }

    private mutating func appendQuoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": append("\\\"")
            case "\\": append("\\\\")
            case "\n": append("\\n")
            case "\r": append("\\r")
            case "\t": append("\\t")
            case _ where PrintableText.isUnsafe(scalar): append(PrintableText.digits(of: scalar))
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Shortens to the limit at a character's start and ends with `...`.
    private mutating func cut() {
        let mark = Array("...".utf8)
        guard bytes.count + 1 > Self.byteLimit else { return }
        var end = Self.byteLimit - 1 - mark.count
        // 0b10xx_xxxx continues a character that started before.
        while bytes[end] & 0xC0 == 0x80 { end -= 1 }
        bytes.removeSubrange(end...)
        bytes.append(contentsOf: mark)
    }
}
