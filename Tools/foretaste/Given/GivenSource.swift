import CommandLineInterface
import Embeddings
import IndexBuilding
import Interactions
import StoredFiles

/// `--given` and `--write-given`: models that were trained elsewhere, and those that are trained here for elsewhere.
enum GivenSource {
    static let options: [CommandOption] = [
        .value(
            "given", "DIR",
            help:
                "A model that was trained elsewhere, as given.json in DIR says: item links, factors, popularity, histories "
                + "(instead of --interactions). Nothing is trained but what it lacks."),
        .value("write-given", "DIR", help: "Write what was trained as such files, for --given and for other programs.")
            .asOutput([
                "given.json", "item-links.csv", "item-factors.npy", "item-factors.ids", "popularity.csv",
                "histories.csv",
            ]),
    ]

    /// Refuses, before any work, what cannot be meant.
    static func check(_ parsed: ParsedCommand) throws {
        func refusal(_ code: UsageError.Code, _ text: String) -> UsageError {
            UsageError(code: code, operation: parsed.operation, text: text)
        }
        guard parsed.isGiven("given") else {
            if parsed.isGiven("interactions") { return }
            throw refusal(.missingOption, "'--interactions FILE' is needed and was not given (or '--given DIR').")
        }
        for option in ["model", "write-given"] where parsed.isGiven(option) {
            throw refusal(
                .badValue,
                "'--\(option)' says nothing with '--given', whose files say what the model is: leave one out.")
        }
    }

    /// Reads the given files, and puts the model's name into `configuration`; nil: none are given.
    static func read(
        _ parsed: ParsedCommand, _ configuration: inout BuildConfiguration, _ observer: ProgressObserver
    ) throws -> GivenFiles? {
        guard let path = parsed.optionalString("given") else { return nil }
        let files = try GivenFiles.read(path, threadCount: configuration.threadCount, observer: observer)
        let hasHistories = files.model.histories != nil
        if parsed.isGiven("interactions") == hasHistories {
            throw RunFailure(
                description: hasHistories
                    ? "--interactions and the histories in \(path) both say what people did. Leave --interactions out, or "
                        + "remove the histories (and \"histories\" in given.json)."
                    : "\(path) has no histories: give --interactions, or write histories.")
        }
        if files.itemVectors != nil {
            if parsed.isGiven("vectors") || parsed.isGiven("model-directory") {
                throw UsageError(
                    code: .badValue, operation: parsed.operation,
                    text:
                        "the item vectors in \(path) and those of '--vectors' or '--embedder' both say what items are like: "
                        + "leave one out.")
            }
            configuration.embedder = "vectors"
        }
        if hasHistories {
            try refuseWithHistories(parsed)
            observer.say("  histories without sessions: the index answers recommend.session by its items alone")
        }
        for note in files.notes { observer.say("  \(note)") }
        configuration.model = files.model.model
        return files
    }

    /// Options that need the rows of interactions, which sums of them do not have.
    private static func refuseWithHistories(_ parsed: ParsedCommand) throws {
        for option in ["from-live", "half-life", "event-weights", "order-is-time"] where parsed.isGiven(option) {
            throw UsageError(
                code: .badValue, operation: parsed.operation,
                text: "'--\(option)' needs interactions, and the given histories are sums of them.")
        }
        if parsed.optionalString("segments") == "rfm" {
            throw UsageError(
                code: .badValue, operation: parsed.operation,
                text: "'--segments rfm' needs the amounts of interactions, and the given histories are sums of them.")
        }
    }

    /// What of the given items and users is known on both sides.
    static func checkJoins(
        _ loaded: LoadedInputs, _ parsed: ParsedCommand, _ observer: ProgressObserver
    ) throws {
        guard let given = loaded.given else { return }
        var items = loaded.log.items
        for item in loaded.items { items.intern(item.id) }
        if let links = given.links {
            var linked = links.firsts
            for place in 0..<links.seconds.count { linked.intern(links.seconds.bytes(at: place)) }
            try JoinCheck.check(KeyJoin("items", items, "items of the given links", linked), parsed, observer)
        }
        if let factors = given.factors {
            try JoinCheck.check(
                KeyJoin("items", items, "items with given factors", IdentifierTable(factors.ids)), parsed, observer)
        }
        if let popularity = given.popularity {
            try JoinCheck.check(
                KeyJoin("items", items, "items with a given popularity", popularity.items), parsed, observer)
        }
        if let users = given.userFactors {
            try JoinCheck.check(
                KeyJoin("users", loaded.log.users, "users with given factors", IdentifierTable(users.ids)), parsed,
                observer)
        }
    }

    static func write(
        _ trained: TrainedModel, _ parsed: ParsedCommand, _ observer: ProgressObserver
    ) throws(BuildError) {
        guard let path = parsed.optionalString("write-given") else { return }
        observer.stage("write the trained model")
        do throws(FileError) {
            try trained.write(to: path, madeBy: "foretaste \(IndexBuilder.toolVersion)")
        } catch {
            throw BuildError(
                operation: "write the trained model to \(path)", expected: error.expected, found: error.found,
                remedy: error.remedy)
        }
    }
}
