import CommandLineInterface
import Interactions
import RecommendationIndex

private let directoryArgument = CommandArgument("DIR", help: "The directory of the index.")
private let jsonFlag = CommandOption.flag("json", help: "The result as JSON on standard output.")

/// `foretaste inspect`
enum InspectCommand {
    static let command = Command(
        name: "inspect", summary: "Say what is in an index.", arguments: [directoryArgument], options: [jsonFlag],
        examples: [.init("foretaste inspect shop.index", "Counts, configuration, sources, sections.")])

    static func run(_ parsed: ParsedCommand) throws {
        let index = try RecommendationIndex.open(try parsed.argument("DIR"))
        let summary = index.summary
        if parsed.flag("json") {
            Terminal.standardOutput.write(JSONText(summary.fields).indented + "\n")
        } else {
            Terminal.standardOutput.write(InspectText.text(summary.fields))
        }
    }
}

/// `foretaste verify`
enum VerifyCommand {
    static let command = Command(
        name: "verify", summary: "Check every byte and bound of an index.",
        discussion: "Exit 1 when something is wrong, with one line for each finding.", arguments: [directoryArgument],
        options: [jsonFlag],
        examples: [.init("foretaste verify shop.index", "Checksums, bounds, order, counts.")])

    static func run(_ parsed: ParsedCommand) throws {
        let index = try RecommendationIndex.open(try parsed.argument("DIR"))
        let findings = index.verify()
        if parsed.flag("json") {
            let list = findings.map { finding in
                JSONText.object([
                    .init("section", .string(finding.section)), .init("expected", .string(finding.expected)),
                    .init("found", .string(finding.found)),
                ])
            }
            let result = JSONText.object([.init("version", .string(index.version)), .init("findings", .array(list))])
            Terminal.standardOutput.write(result.indented + "\n")
        } else {
            for finding in findings { Terminal.standardOutput.write("\(finding)\n") }
        }
        guard findings.isEmpty else {
            throw RunFailure(
                description: "version \(index.version) is damaged (\(findings.count) findings): "
                    + "build it again, or go back with 'foretaste activate'")
        }
        if !parsed.flag("json") {
            Terminal.standardOutput.write(
                "version \(index.version): \(ReadableNumber.byteCount(index.fileByteCount)) checked, nothing wrong\n")
        }
    }
}

/// `foretaste versions`
enum VersionsCommand {
    static let command = Command(
        name: "versions", summary: "List the versions of an index.", arguments: [directoryArgument],
        options: [jsonFlag], examples: [.init("foretaste versions shop.index", "Newest first; the star is current.")])

    static func run(_ parsed: ParsedCommand) throws {
        let versions = try IndexDirectory(path: try parsed.argument("DIR")).versions()
        if parsed.flag("json") {
            let list = versions.map { version in
                JSONText.object([
                    .init("version", .string(version.name)), .init("byteCount", .integer(version.byteCount)),
                    .init("current", .boolean(version.isCurrent)),
                ])
            }
            Terminal.standardOutput.write(JSONText.array(list).indented + "\n")
            return
        }
        for version in versions {
            Terminal.standardOutput.write(
                "\(version.isCurrent ? "*" : " ") \(version.name)  \(ReadableNumber.byteCount(version.byteCount))\n")
        }
    }
}

/// `foretaste activate`
enum ActivateCommand {
    static let command = Command(
        name: "activate", summary: "Make another version current: roll back, or forward again.",
        discussion: "A running server takes it over by itself within a second.",
        arguments: [
            directoryArgument, CommandArgument("VERSION", .optional, help: "Default: the one before the current."),
        ],
        examples: [.init("foretaste activate shop.index", "Go back to the version before.")])

    static func run(_ parsed: ParsedCommand) throws {
        let directory = IndexDirectory(path: try parsed.argument("DIR"))
        let name: String
        if let given = parsed.optionalArgument("VERSION") {
            name = given
        } else {
            let versions = try directory.versions()
            let current = versions.firstIndex { $0.isCurrent } ?? 0
            guard current + 1 < versions.count else {
                throw RunFailure(description: "\(directory.path) has no version before the current one to go back to")
            }
            name = versions[current + 1].name
        }
        try directory.activate(name)
        Terminal.standardOutput.write("current is now \(name)\n")
    }
}

extension JSONText {
    init(_ fields: [IndexDescription.Field]) {
        self = .object(fields.map { Member($0.name, JSONText($0.value)) })
    }

    init(_ value: IndexDescription.Value) {
        switch value {
        case .string(let text): self = .string(text)
        case .integer(let number): self = .integer(number)
        case .number(let number): self = .number(number)
        case .list(let elements): self = .array(elements.map { JSONText($0) })
        case .object(let fields): self = JSONText(fields)
        }
    }
}
