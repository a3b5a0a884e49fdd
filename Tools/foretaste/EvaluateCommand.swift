import CommandLineInterface
import Evaluation
import IndexBuilding
import Interactions
import StoredFiles

/// `foretaste evaluate`
enum EvaluateCommand {
    static let command = Command(
        name: "evaluate", summary: "Measure how good the recommendations are on held-out interactions.",
        discussion: """
            Builds an index from the training part only, opens it and ranks the full catalogue, less what a user has in \
            training, by the server's own code: the hybrid, each component alone (completed by the fallback, as the \
            server does), the fallback alone and plain popularity.
            """,
        options: HoldOutSource.options + SegmentSource.options + [
            .value("at", "K,K", help: "Cut-offs. Default: 10,20, or those of the protocol."),
            .value(
                "write-split", "DIR",
                help: "Write the rows of both parts and the candidates as CSV, and the catalogue, into DIR as well."
            ).asOutput(SplitFiles.fileNames),
            .value(
                "write-lists", "DIR",
                help: "Write each system's lists as CSV into DIR as well: a line is a test user and items, best first."
            ).asOutput(HoldOutRun.allNames.map { "\($0).csv" }),
            .value(
                "category", "NAME",
                help: "The items' property that semantic accuracy is told by. Default: the first there is of "
                    + EvaluationItems.usualCategoryNames.joined(separator: ", ") + "."),
            .value(
                "systems", "NAMES",
                help: "Only these, such as hybrid,content: \(HoldOutRun.allNames.joined(separator: ", "))."),
            .value("test-users", "N", help: "Ask only so many of the test users, drawn by the seed: a quick look."),
            .value("by", "segment", help: "Break the figures down by segment as well."),
            .flag("no-latency", help: "Time no requests: reports of the same files and options are then byte-equal."),
            .value("html", "FILE", help: "Write the report with plots as one HTML page into FILE as well.").asOutput,
            .value("report", "FILE", help: "Write the report as JSON into FILE as well.").asOutput,
        ],
        examples: [
            .init(
                "foretaste evaluate --interactions events.csv --items items.jsonl --split temporal:0.8",
                "Train on the older 80 %, test on the rest."),
            .init(
                "foretaste evaluate --interactions train.csv --split given --test test.csv --at 20 --json",
                "A split that exists already."),
            .init(
                "foretaste evaluate --interactions ratings.csv --format movielens-csv --items movies.csv --html report.html",
                "With a page of plots to open in a browser."),
            .init("foretaste evaluate --protocol list", "The published protocols by name."),
            .init(
                "foretaste evaluate --protocol ncf-ml1m --data datasets --model ease",
                "A published protocol, with the published figures beside ours."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        if parsed.optionalString("protocol") == "list" {
            Terminal.standardOutput.write(PublishedProtocol.list + "\n")
            return
        }
        if let group = parsed.optionalString("by") {
            guard group == "segment" else { throw parsed.refusal("by", value: group, expected: "segment") }
            guard parsed.isGiven("segments") || parsed.isGiven("users") else {
                throw UsageError(
                    code: .missingOption, operation: parsed.operation,
                    text: "'--by segment' needs segments: --segments rfm, or --users FILE --segment-by COLUMN.")
            }
        }
        let observer = ProgressObserver(quiet: parsed.flag("quiet"), verbose: parsed.flag("verbose"))
        let configuration = try TrainingOptions.configuration(parsed)
        if let name = try HoldOutSource.protocolName(parsed), name.isOfSessions {
            try EvaluateSessionsCommand.run(name, parsed, configuration, observer)
            return
        }
        var files = OutputFiles()
        let policies = try repeatPolicies(parsed)
        let found = try policies.map { policy in
            try evaluate(parsed, repeats: policy, configuration, &files, observer)
        }
        let value =
            found.count == 1
            ? found[0].value : .object(zip(policies, found).map { ($0.rawValue, $1.value) })
        if let path = parsed.optionalString("report") { try files.add(value.json + "\n", at: path) }
        try files.publish()
        Terminal.standardOutput.write(
            parsed.flag("json") ? value.json + "\n" : found.map(\.text).joined(separator: "\n"))
    }

    /// What `--repeats` may be.
    private enum RepeatChoice: String, CaseIterable {
        case exclude, include, both
    }

    /// With both, one after the other; what is written of one of them alone has no place then.
    private static func repeatPolicies(_ parsed: ParsedCommand) throws -> [RepeatPolicy] {
        switch try parsed.choice("repeats", of: RepeatChoice.self) {
        case .exclude: return [.exclude]
        case .include: return [.include]
        case .both: break
        }
        for name in ["html", "write-split", "write-lists"] where parsed.isGiven(name) {
            throw UsageError(
                code: .badValue, operation: parsed.operation,
                text:
                    "'--repeats both' makes two reports, and '--\(name)' writes of one: ask for exclude and include one after "
                    + "the other.")
        }
        if parsed.strings("interactions").contains("-") {
            throw UsageError(
                code: .badValue, operation: parsed.operation,
                text: "'--repeats both' reads the interactions twice, and standard input can be read once: give a file."
            )
        }
        return RepeatPolicy.allCases
    }

    private static func evaluate(
        _ parsed: ParsedCommand, repeats: RepeatPolicy, _ configuration: BuildConfiguration,
        _ files: inout OutputFiles, _ observer: ProgressObserver
    ) throws -> (text: String, value: ReportValue) {
        var configuration = configuration
        let systems = try wantedSystems(parsed, repeats)
        var source = try HoldOutSource(parsed, repeats: repeats, &configuration, observer)
        if let count = try parsed.optionalInteger("test-users", in: 1...Int(Int32.max)) {
            source.drawTestUsers(count, seed: configuration.seed)
        }
        let segments = try SegmentSource.assignment(
            parsed, of: source.holdOut.training.log, &configuration, observer)
        guard !source.holdOut.task.testUsers.isEmpty else {
            throw RunFailure(
                description:
                    "the test part has no item that a user of it could be asked for, so that there is nothing to "
                    + "measure. Take another --split, or check the files.")
        }
        let cutOffs = try refusing(parsed, "at") {
            try parsed.optionalString("at").map { text throws(EvaluationError) in try CutOffs(parsing: text) }
                ?? CutOffs(source.named?.cutOffs ?? [10, 20])
        }
        if let directory = parsed.optionalString("write-split") {
            try SplitFiles.add(source.holdOut, to: &files, in: directory)
        }
        let listDirectory = parsed.optionalString("write-lists")
        var lists: [RankedListFile] = []
        let report = try HoldOutRun(
            holdOut: source.holdOut, configuration: configuration, vectors: source.vectors, cutOffs: cutOffs,
            category: parsed.optionalString("category"), measuresLatency: !parsed.flag("no-latency"),
            segments: segments, groupsBySegment: parsed.isGiven("by"), wantedSystems: systems, observer: observer,
            notes: source.notes,
            listFile: { system in
                guard let listDirectory else { return nil }
                lists.append(try RankedListFile(of: system, in: listDirectory))
                return lists.last
            }
        ).report()
        observer.end()
        let comparison = source.named.map { PublishedComparison($0, report) }
        let value = comparison.map { report.value.adding("protocol", $0.value) } ?? report.value
        for list in lists { files.add(list.file) }
        if let path = parsed.optionalString("html") {
            let file = parsed.optionalString("interactions")?.split(separator: "/").last.map(String.init)
            let name = file ?? parsed.optionalString("protocol") ?? ""
            try files.add(EvaluationPage(report, source: name).html + "\n", at: path)
        }
        return (report.text + "\n" + (comparison?.text ?? ""), value)
    }

    /// Nil: all. The published figures of a protocol are those of the hybrid beside others.
    private static func wantedSystems(_ parsed: ParsedCommand, _ repeats: RepeatPolicy) throws -> [String]? {
        guard let text = parsed.optionalString("systems") else { return nil }
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let known = HoldOutRun.names(repeats: repeats)
        guard names.allSatisfy({ known.contains($0) }), Set(names).count == names.count else {
            throw parsed.refusal(
                "systems", value: text, expected: "some of \(known.joined(separator: ", ")), each once")
        }
        return names
    }

    static func refusing<Value>(
        _ parsed: ParsedCommand, _ option: String, _ body: () throws -> Value
    ) throws -> Value {
        do {
            return try body()
        } catch let error as EvaluationError {
            throw parsed.refusal(option, value: error.found, expected: "\(error.expected). \(error.remedy)")
        }
    }
}
