import CommandLineInterface
import Embeddings
import Evaluation
import IndexBuilding
import Interactions

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The hold-out that the options of `foretaste evaluate` ask for: files and a split, or a published protocol.
struct HoldOutSource {
    static let options: [CommandOption] =
        filesOrProtocol + [
            .value("split", "HOW", default: "temporal:0.8", help: "\(SplitStrategy.choices)."),
            .value(
                "repeats", "HOW", default: RepeatPolicy.exclude.rawValue,
                help:
                    "What becomes of test interactions with an item that the user has in training: exclude (only new items are "
                    + "to be found, and ranked), include (what is taken again counts too; figures of repeats and of new items apart, "
                    + "and each user's own most frequent items as a system beside ours) or both, one after the other."),
            .value("test", "FILE", help: "The test part of '--split given', read as --interactions is."),
            .value(
                "negatives", "FILE",
                help: "Rank a user's test items among these only. A line is a user and items, or (user,item) and items."
            ),
        ]

    /// `TrainingOptions.all` with the choice of a protocol instead of files.
    static let filesOrProtocol: [CommandOption] =
        TrainingOptions.all.map { option in
            option.name != "interactions"
                ? option
                : .value(
                    "interactions", "FILE",
                    help:
                        "Interactions, or their training part: \(ReadingOptions.accepted). May be repeated; '*.csv' and "
                        + "'-' (standard input) too."
                ).repeatable
        } + [
            .value(
                "protocol", "NAME",
                help:
                    "A published protocol instead of files and a split; 'list' lists them. It fixes the files, the split, "
                    + "the candidates and the cut-offs."),
            .value("data", "DIR", help: "The folder of all data sets, for --protocol. Default: FORETASTE_DATA."),
        ]

    /// The seed with which a protocol that comes undivided is divided, whatever the seed of the training: a search and an
    /// evaluation must put the same rows aside.
    static let protocolSeed: UInt64 = 42

    private(set) var holdOut: HoldOut
    let vectors: ItemVectors?
    let named: PublishedProtocol?
    var notes: [String] = []

    init(
        _ parsed: ParsedCommand, repeats: RepeatPolicy = .exclude, _ configuration: inout BuildConfiguration,
        _ observer: ProgressObserver
    ) throws {
        if let name = try Self.protocolName(parsed) {
            try self.init(name, parsed, &configuration, observer)
        } else {
            try self.init(files: parsed, repeats, &configuration, observer)
        }
    }

    /// Asks only some of the test users; the report says so.
    mutating func drawTestUsers(_ count: Int, seed: UInt64) {
        let all = holdOut.task.testUsers.count
        holdOut.drawTestUsers(count, seed: seed)
        if count < all { notes.append("Asked: \(count) of \(all) test users, drawn with seed \(seed).") }
    }

    /// Nil where none is asked for.
    static func protocolName(_ parsed: ParsedCommand) throws -> PublishedProtocol? {
        guard let text = parsed.optionalString("protocol") else { return nil }
        return try EvaluateCommand.refusing(parsed, "protocol") { try PublishedProtocol(parsing: text) }
    }

    /// - Parameter fixed: options of the command, beside those of training, that a protocol leaves nothing to.
    static func load(
        _ name: PublishedProtocol, _ parsed: ParsedCommand,
        fixed: [String] = ["split", "test", "negatives", "repeats"],
        trainingOnly: Bool = false, _ observer: ProgressObserver
    ) throws -> ProtocolData {
        let embedder = name.isOfSessions ? ["embedder", "model-directory"] : []
        for option in ["interactions", "items", "vectors", "order-is-time"] + fixed + embedder
        where parsed.isGiven(option) {
            throw UsageError(
                code: .badValue, operation: parsed.operation,
                text: "'--protocol' fixes what is read and how it is split: leave '--\(option)' out.")
        }
        guard
            let directory = parsed.optionalString("data") ?? ProcessInfo.processInfo.environment["FORETASTE_DATA"]
        else {
            throw UsageError(
                code: .missingOption, operation: parsed.operation,
                text: "'--protocol' needs the folder of the data sets: --data DIR, or FORETASTE_DATA.")
        }
        observer.stage("read \(name.rawValue)")
        return try name.load(from: directory, trainingOnly: trainingOnly)
    }

    private init(
        _ name: PublishedProtocol, _ parsed: ParsedCommand, _ configuration: inout BuildConfiguration,
        _ observer: ProgressObserver
    ) throws {
        let modelDirectory = try EmbedderOption.modelDirectory(parsed)
        let data = try Self.load(name, parsed, observer)
        let loaded = LoadedInputs(log: data.interactions, items: data.items, reports: [])
        holdOut = try HoldOut(
            loaded, strategy: name.split ?? .given, test: data.test, candidates: data.candidates,
            weights: configuration.eventWeights, seed: Self.protocolSeed)
        vectors = try ItemVectorSource.vectors(
            byModelIn: modelDirectory, of: loaded.items, configuration: &configuration, observer)
        named = name
        notes = ["protocol \(name.rawValue): \(name.summary)"] + data.notes
    }

    private init(
        files parsed: ParsedCommand, _ repeats: RepeatPolicy, _ configuration: inout BuildConfiguration,
        _ observer: ProgressObserver
    ) throws {
        let strategy = try Self.splitStrategy(parsed)
        let inputs = try TrainingOptions.inputs(parsed)
        let loaded = try BuildCommand.load(inputs, configuration, parsed, observer)
        var test: InteractionLog?
        if strategy == .given {
            var testInputs = inputs
            testInputs.interactions?.path = try parsed.string("test")
            testInputs.moreInteractions = []
            testInputs.items = nil
            // Row numbers of two files do not compare.
            testInputs.orderIsTime = false
            let rows = try BuildCommand.load(testInputs, configuration, parsed, observer).log
            try JoinCheck.check(
                KeyJoin(
                    "users of the test part", rows.users, "users of the training part", loaded.log.users, isPart: true),
                parsed, observer)
            try JoinCheck.check(
                KeyJoin(
                    "items of the test part", rows.items, "items of the training part", loaded.log.items, isPart: true),
                parsed, observer)
            test = rows
        }
        let candidates = try parsed.optionalString("negatives").map { try CandidateLists.read(negatives: $0) }
        observer.stage("split \(strategy.spelling)")
        holdOut = try HoldOut(
            loaded, strategy: strategy, test: test, candidates: candidates, weights: configuration.eventWeights,
            repeats: repeats, seed: configuration.seed)
        vectors = try ItemVectorSource.vectors(
            inputs, of: loaded, configuration: &configuration, parsed, observer)
        named = nil
    }

    private static func splitStrategy(_ parsed: ParsedCommand) throws -> SplitStrategy {
        let strategy = try EvaluateCommand.refusing(parsed, "split") {
            try SplitStrategy(parsing: try parsed.string("split"))
        }
        if strategy == .given && !parsed.isGiven("test") {
            throw UsageError(
                code: .missingOption, operation: parsed.operation,
                text: "'--split given' needs the test part: --test FILE.")
        }
        if strategy != .given && parsed.isGiven("test") {
            throw UsageError(
                code: .badValue, operation: parsed.operation, text: "'--test' goes with '--split given' only.")
        }
        return strategy
    }
}
