import CommandLineInterface
import KeyValueStore
import LiveStore
import ServiceMethods
import StoredFiles
import WireProtocol

private let liveOption = CommandOption.required(
    "live", "DIR", help: "The directory of live data, as the server was given it.")

/// `foretaste live verify`
enum LiveVerifyCommand {
    static let command = Command(
        name: "live verify", summary: "Read every row of live data, and check that they agree.",
        discussion: "While a server writes it, too. Exit 1 when something is wrong, with one line for each finding.",
        options: [liveOption], examples: [.init("foretaste live verify --live shop.live", "Counts, or what is wrong.")])

    static func run(_ parsed: ParsedCommand) throws {
        let path = try parsed.string("live")
        let found = try LiveStoreReader(directory: path).verify()
        for problem in found.problems { Terminal.standardOutput.write("\(problem)\n") }
        guard found.isIntact else {
            throw RunFailure(description: "\(path) is damaged: restore a backup with 'foretaste restore'")
        }
        Terminal.standardOutput.write(
            "\(ReadableNumber.count(found.eventCount)) events, \(ReadableNumber.count(found.itemCount)) items, "
                + "\(ReadableNumber.count(found.userCount)) users, \(ReadableNumber.count(found.erasureCount)) erasures, nothing wrong\n"
        )
    }
}

/// `foretaste dump`
enum DumpCommand {
    static let command = Command(
        name: "dump", summary: "Write live data as JSON Lines, for any version and machine.",
        discussion: "To standard output. While a server writes the data, too. 'foretaste load' reads it.",
        options: [liveOption],
        examples: [.init("foretaste dump --live shop.live > shop.jsonl", "Erasures, merges, items, users, events.")])

    static func run(_ parsed: ParsedCommand) throws {
        let reader = try LiveStoreReader(directory: try parsed.string("live"))
        let output = LineOutput()
        try LiveDump.write(reader) { line in try output.write(line) }
        try output.flush()
    }
}

/// `foretaste load`
enum LoadCommand {
    /// Lines of one commit.
    private static let groupCount = 1_000

    static let command = Command(
        name: "load", summary: "Read JSON Lines that 'foretaste dump' wrote into live data.",
        discussion:
            "No server may have the directory open. Events with ids that are there already are not stored twice, so that a load that "
            + "was interrupted can be run again. They get new places in the order of arrival, so an index that was built from the data "
            + "that was dumped does not know what it has of these: the server refuses it, until one is built from here (--from-live).",
        arguments: [CommandArgument("FILE", help: "What 'foretaste dump' wrote; - for standard input.")],
        options: [liveOption],
        examples: [.init("foretaste load shop.jsonl --live new.live", "Into a new directory, or beside what is there.")]
    )

    static func run(_ parsed: ParsedCommand) throws {
        let source = try LineSource(try parsed.argument("FILE"))
        let store = try LiveDataStore(directory: try parsed.string("live"))
        let parser = JSONParser()
        var loaded = 0
        var waiting: [PendingChange] = []
        while let line = try source.next() {
            do {
                guard let change = try LiveDump.change(line, parser) else { continue }
                waiting.append(try PendingChange(change, store))
                loaded += 1
            } catch {
                throw RunFailure(description: "\(source.path), line \(source.lineNumber): \(Self.text(error))")
            }
            if waiting.count == groupCount { try finish(&waiting) }
        }
        try finish(&waiting)
        store.close()
        Terminal.standardOutput.write("\(ReadableNumber.count(loaded)) lines loaded\n")
    }

    private static func finish(_ waiting: inout [PendingChange]) throws {
        for change in waiting { try change.finish() }
        waiting = []
    }

    private static func text(_ error: any Error) -> String { (error as? WireError)?.message ?? "\(error)" }
}

/// A change that was asked for, and its end.
struct PendingChange {
    private let answer = Monitor<Result<LiveOutcome, LiveStoreError>?>(nil)

    init(_ change: LiveChange, _ store: LiveDataStore) throws(LiveStoreError) {
        try store.submit(change) { [answer] result in answer.change { $0 = result } }
    }

    @discardableResult
    func finish() throws -> LiveOutcome {
        let outcome = try answer.wait { $0 }.get()
        if case .elements(let outcomes) = outcome {
            for case .refused(let refusal) in outcomes {
                throw RunFailure(description: "\(refusal.field): \(refusal.text)")
            }
        }
        return outcome
    }
}

/// `foretaste restore`
enum RestoreCommand {
    static let command = Command(
        name: "restore", summary: "Put a backup in the place of live data.",
        discussion:
            "No server may have the directory open. The backup is checked first. Erasures of the data that is replaced are kept: who "
            + "was forgotten since the backup stays forgotten. An index that took more than the backup has keeps it, and all that comes "
            + "after the backup counts beside.",
        arguments: [CommandArgument("FILE", help: "A backup, as 'foretaste backup' made it.")],
        options: [
            liveOption,
            .flag("without-erasures", help: "Also where the erasures of the data that is replaced cannot be read."),
        ],
        examples: [.init("foretaste restore shop.backup --live shop.live", "What was there is replaced in one step.")])

    static func run(_ parsed: ParsedCommand) throws {
        let kept = try LiveDataStore.restore(
            backup: try parsed.argument("FILE"), into: try parsed.string("live"),
            keepingErasures: !parsed.flag("without-erasures"))
        Terminal.standardOutput.write("restored; \(ReadableNumber.count(kept)) erasures kept\n")
    }
}

/// `foretaste backup`
enum BackupCommand {
    static let command = Command(
        name: "backup", summary: "Write a verified copy of live data, while a server writes it.",
        discussion:
            "For this version of the program; 'foretaste dump' is for any. The index is a directory of files that never change: copy it "
            + "beside.",
        arguments: [CommandArgument("FILE", help: "Where to; it must not exist.")], options: [liveOption],
        examples: [.init("foretaste backup shop.backup --live shop.live", "Rows of one moment, none that was removed.")]
    )

    static func run(_ parsed: ParsedCommand) throws {
        let path = try parsed.argument("FILE")
        let reader = try LiveStoreReader(directory: try parsed.string("live"))
        let backup = try reader.backUp(to: path)
        Terminal.standardOutput.write(
            "\(path): \(ReadableNumber.byteCount(backup.byteCount)), \(ReadableNumber.count(backup.verification.eventCount)) events, "
                + "nothing wrong\n")
    }
}

/// `foretaste receipt verify`
enum ReceiptVerifyCommand {
    static let command = Command(
        name: "receipt verify", summary: "Check the receipt of an erasure.",
        discussion: "Exit 1 where it was changed, or where the live data knows another one.",
        arguments: [CommandArgument("FILE", help: "The result of users.erase, as JSON; - for standard input.")],
        options: [.value("live", "DIR", help: "Live data that is to know the erasure too.")],
        examples: [.init("foretaste receipt verify receipt.json --live shop.live", "Is it as it was given?")])

    static func run(_ parsed: ParsedCommand) throws {
        let source = try LineSource(try parsed.argument("FILE"))
        var text: [UInt8] = []
        while let line = try source.next() { text += line + [UInt8(ascii: " ")] }
        let receipt: ErasureReceipt
        do {
            receipt = try LiveDump.receipt(text, JSONParser())
        } catch {
            throw RunFailure(description: "\(source.path) is no receipt: \(error.message)")
        }
        guard receipt.isIntact else {
            throw RunFailure(
                description: "receipt \(receipt.receiptId) is not as it was given: its checksum does not match")
        }
        if let path = parsed.optionalString("live") { try check(receipt, LiveStoreReader(directory: path)) }
        Terminal.standardOutput.write(
            "receipt \(receipt.receiptId): intact; \(receipt.userIds.count) ids, \(receipt.removedEventCount) events removed\n"
        )
    }

    private static func check(_ receipt: ErasureReceipt, _ reader: LiveStoreReader) throws {
        for id in receipt.userIds {
            guard let erasure = try reader.erasure(of: id) else {
                throw RunFailure(
                    description: "the live data knows of no erasure of an id of receipt \(receipt.receiptId)")
            }
            guard erasure.receiptId != receipt.receiptId else { continue }
            guard erasure.time >= receipt.time else {
                throw RunFailure(description: "the live data knows another, earlier receipt: \(erasure.receiptId)")
            }
        }
    }
}

/// Standard output in large pieces.
final class LineOutput {
    private static let bufferByteLimit = 256 << 10
    private var buffer: [UInt8] = []

    func write(_ line: [UInt8]) throws {
        buffer += line
        if buffer.count >= Self.bufferByteLimit { try flush() }
    }

    func flush() throws {
        try StandardOutput.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
