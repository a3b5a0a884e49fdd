import Testing

@testable import Telemetry

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("Structured log")
struct LogTests {
    private func text(_ level: LogLevel, _ message: String, _ fields: LogFields) -> String {
        let line = LogLine(milliseconds: 0, level: level, message: message, fields: fields)
        return String(decoding: line.bytes, as: UTF8.self)
    }

    @Test("a line has time, level, message and fields in order")
    func layout() {
        let line = text(
            .warning, "accept failed",
            ["loop": 1, "address": "127.0.0.1:7411", "share": .number(0.5), "last": true, "error": "Too many files"])
        let expected =
            "1970-01-01T00:00:00.000Z warning \"accept failed\" loop=1 address=127.0.0.1:7411 share=0.5 last=true "
            + "error=\"Too many files\"\n"
        #expect(line == expected)
    }

    @Test(
        "values that could be mistaken are quoted and escaped",
        arguments: [
            ("plain/value:1,2", "plain/value:1,2"), ("", "\"\""), ("a b", "\"a b\""), ("a=b", "\"a=b\""),
            ("say \"no\"", #""say \"no\"""#), (#"C:\"#, #""C:\\""#), ("two\nlines\r\t", #""two\nlines\r\t""#),
            ("\u{1}\u{1B}\u{7F}", #""\u0001\u001b\u007f""#), ("é😀", "\"é😀\""),
            ("\u{9B}31m", #""\u009b31m""#), ("\u{202E}cod.exe\u{2028}", #""\u202ecod.exe\u2028""#),
        ])
    func escaping(value: String, written: String) {
        #expect(text(.info, "m", ["k": .text(value)]) == "1970-01-01T00:00:00.000Z info \"m\" k=\(written)\n")
    }

    @Test("a message with a newline stays one line")
    func messageInjection() {
        #expect(text(.error, "x\n1970 info", [:]) == "1970-01-01T00:00:00.000Z error \"x\\n1970 info\"\n")
    }

    @Test("a line over 4096 bytes is cut between characters")
    func cutting() {
        for padding in 0..<4 {
            let line = LogLine(
                milliseconds: 0, level: .info, message: String(repeating: "x", count: padding),
                fields: ["k": .text(String(repeating: "😀", count: 3000))])
            let text = String(validating: line.bytes, as: UTF8.self)
            #expect(text?.hasSuffix("😀...\n") == true)
            #expect(line.bytes.count <= 4096 && line.bytes.count > 4090)
        }
    }

    @Test(
        "times are RFC 3339 in UTC",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_709_251_199_001, "2024-02-29T23:59:59.001Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (1_795_231_140_123, "2026-11-21T03:19:00.123Z"), (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        ])
    func timestamps(milliseconds: Int64, expected: String) {
        var bytes: [UInt8] = []
        appendTimestamp(milliseconds: milliseconds, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test("levels below the set one are not written, and their fields not computed")
    func levels() throws {
        let pipe = try Pipe()
        let log = Log(level: .warning, fileDescriptor: pipe.writeEnd)
        log.info(
            "quiet",
            [
                "k": .text(
                    {
                        Issue.record("fields of a silent line were computed"); return ""
                    }())
            ])
        log.error("loud")
        log.level = .debug
        log.debug("fine")
        log.level = .off
        log.error("nothing")
        let lines = pipe.readAvailable().split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.hasSuffix(" error \"loud\"") == true)
        #expect(lines.last?.hasSuffix(" debug \"fine\"") == true)
        #expect(LogLevel(name: "info") == .info)
        #expect(LogLevel(name: "INFO") == nil)
    }

    @Test("a reader that stopped costs lines, not time, and the loss is told")
    func stuckReader() throws {
        let pipe = try Pipe()
        let log = Log(level: .info, fileDescriptor: pipe.writeEnd)
        let filler = String(repeating: "x", count: 3000)
        var written = 0
        while log.dropped == 0 {
            log.info(filler)
            written += 1
        }
        log.info(filler)
        #expect(log.dropped == 2)
        let before = pipe.readAvailable()
        #expect(before.split(separator: "\n").count == written - 1)
        log.info("back")
        #expect(log.dropped == 0)
        let after = pipe.readAvailable().split(separator: "\n")
        #expect(after.count == 2)
        #expect(after.last?.hasSuffix(" warning \"log lines were dropped\" count=2") == true)
    }
}

/// Both ends of a pipe, closed with the object. The read end never blocks.
private final class Pipe {
    struct Failure: Error {}
    let readEnd: Int32
    let writeEnd: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw Failure() }
        readEnd = ends[0]
        writeEnd = ends[1]
        _ = fcntl(readEnd, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func readAvailable() -> String {
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe read(readEnd, &chunk, chunk.count)
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text.append(contentsOf: chunk[..<count])
        }
    }
}
