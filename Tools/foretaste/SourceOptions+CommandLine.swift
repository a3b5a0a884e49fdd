import CommandLineInterface
import HybridBlending
import IndexBuilding
import Interactions
import Recommenders

/// The options of every command that reads interactions and items and trains on them.
enum TrainingOptions {
    static let all: [CommandOption] =
        [CommandOption.required("interactions", "FILE", help: interactionsHelp).repeatable] + files + training

    /// As `all`, of a command that may be given what it needs by other options.
    static let orGiven: [CommandOption] =
        [CommandOption.value("interactions", "FILE", help: interactionsHelp).repeatable] + files + training

    private static let interactionsHelp =
        "Interactions: \(ReadingOptions.accepted). May be repeated; '*.csv' and '-' (standard input) too."

    private static let files: [CommandOption] =
        [
            .value(
                "columns", "MAP",
                help:
                    "Which column is what: userId=CustomerID,itemId=StockCode,time=InvoiceDate,value=Quantity,type=event,"
                    + "and for --segments rfm amount=Total or price=UnitPrice."
            ),
            .value("event-type", "NAME", help: "The event type of rows that have none: view, purchase, rating ..."),
            .value("items", "FILE", help: "The catalogue; one row an item, other columns become its properties."),
            .value(
                "item-columns", "MAP",
                help: "As --columns, for the catalogue: itemId=StockCode,title=Description. "
                    + "Properties that are named here are kept, others are not."),
            .value(
                "item-types", "MAP",
                help:
                    "What properties are, where that is not to be told from their values: price=number,code=text. What is no number "
                    + "is then a bad row."),
            .value("list-columns", "A,B", help: "Columns of the catalogue that hold lists, separated by '|'."),
            .flag(
                "order-is-time",
                help: "Interactions without a time column are in the order of time: later rows are more recent."),
            JoinCheck.option,
        ] + ReadingOptions.all

    static let training: [CommandOption] = [
        .value("event-weights", "LIST", help: "Change or add weights: view=1,search=5,cart=20,purchase=40,dislike=-5."),
        .value(
            "half-life", "DAYS", help: "An interaction loses half its weight in so many days. Default: it keeps it."),
        .value(
            "model", "NAME", default: "auto",
            help:
                "Collaborative model: ease, sparse-ease, slist, item-knn, rp3beta, user-knn, ials, ease+ials, slist+ials, none; "
                + "auto tries."),
        .value(
            "knn-weighting", "NAME", default: "cosine",
            help: "What an interaction counts in item-knn: cosine, bm25, tf-idf or asymmetric."),
        .value(
            "knn-shrinkage", "N", default: "20", help: "Common users at which a similarity of item-knn counts half."),
        .value("rp3beta-alpha", "NUMBER", default: "1", help: "Exponent of the transition probabilities of rp3beta."),
        .value("rp3beta-beta", "NUMBER", default: "0.4", help: "Exponent of the popularity in rp3beta."),
        .value("ials-dimension", "N", default: "192", help: "Factors of each user and item in ials."),
        .value("ials-epochs", "N", default: "12", help: "Passes over users and items in the training of ials."),
        .value("ials-regularisation", "NUMBER", default: "0.007", help: "Regularisation of ials."),
        .value(
            "ials-alpha", "NUMBER", default: "auto",
            help:
                "What an item that a user does not have counts in ials; with an x (7x), all those together: so many times "
                + "what users have; auto: by how much is known of users and items."),
        .value(
            "ials-share", "SHARE", default: "0.4",
            help: "What ials counts in ease+ials and slist+ials; the rest is the other's."),
        .value(
            "ease-l2", "NUMBER", default: "5x",
            help: "Regularisation of EASE; with an x in means of the Gram diagonal, which follow the size of the data."),
        .value(
            "sparse-ease-l2", "NUMBER", default: "7x",
            help: "Regularisation of sparse EASE, as --ease-l2, of a Gram matrix weighted by lengths."),
        .value(
            "slist-l2", "NUMBER", default: "2x", help: "Regularisation of slist, as --ease-l2."),
        .value(
            "slist-alpha", "SHARE", default: "0.2",
            help: "What whole histories count in slist; the rest is what came after what."),
        .value(
            "slist-future", "RATE", default: "0.7", help: "What a step later counts of the one before it in slist."),
        .value(
            "memory-limit", "MIB",
            help: "What EASE's matrices or the training of ials may take. Default: half of the machine's memory."),
        .value(
            "neighbours", "K", default: "\(BuildConfiguration.standardNeighbourCount)",
            help: "Collaborative neighbours kept of each item."),
        .value(
            "content-neighbours", "K", default: "\(BuildConfiguration.standardContentNeighbourCount)",
            help: "Content neighbours kept of each item."),
        .value(
            "session-model", "NAME", default: "auto",
            help: "What recommend.session answers from: auto (neighbour sessions and sequential rules) or none."),
        .value(
            "session-gap", "MINUTES", default: "\(SessionGap.standardMinutes)",
            help: "A longer pause of a user ends a session, where the rows have times and no session ids."),
        .value(
            "session-length", "N", default: "\(SessionKNN.Configuration().itemsPerSession)",
            help: "Distinct items kept of each session, the last ones."),
        .value(
            "sessions-per-item", "M", default: "\(SessionKNN.Configuration().sessionsPerItem)",
            help: "Sessions kept of each item, the most recent ones."),
        .value(
            "session-recency", "RATE", default: "\(SequentialRules.Configuration().recency)",
            help: "The newest session counts e^RATE of the oldest where it is learned what follows upon what."),
        .value(
            "session-candidates", "M", default: "\(SessionScoring.Configuration().candidateCount)",
            help: "Sessions that a visitor's is compared with, the most recent ones."),
        .value(
            "session-neighbours", "K", default: "\(SessionScoring.Configuration().neighbourCount)",
            help: "The most similar of them, which answer."),
        .value(
            "session-decay", "STEPS", default: "\(SessionScoring.Configuration().queryDecay)",
            help: "Steps back at which what a visitor saw counts 1/e of the last item."),
        .value(
            "session-idf", "POWER", default: "\(SessionScoring.Configuration().idfPower)",
            help: "How much rare items are preferred in a neighbour session: power of the inverse document frequency."),
        .value(
            "session-rules", "WEIGHT", default: "\(SessionScoring.Configuration().ruleWeight)",
            help: "What sequential rules count beside neighbour sessions."),
        .value("dimension", "N", default: "128", help: "Dimensions of the item vectors."),
        .value("weights", "LIST", help: "Blend weights: content=0.4,collaborative=0.6,fallback=0.3."),
        .value(
            "history-decay", "FLOOR,RATE", default: "auto",
            help: "What a user's older steps count: floor + (1 - floor) rate^step; auto: measured in training."),
        .value(
            "blend", "NAME", default: "fixed",
            help: "fixed, or adaptive: weights that follow the length of a history, learned inside the training data."),
        .value(
            "embedder", "NAME", default: "tfidf",
            help: "What makes item vectors from text: tfidf, or minilm (all-MiniLM-L6-v2, with --model-directory)."),
        .value("model-directory", "DIR", help: "The embedder's model, as Tools/fetch-minilm makes it."),
        .value("vectors", "FILE", help: "Item vectors instead of those made from text: .npy or JSON Lines."),
        .value("vector-ids", "FILE", help: "The item ids of an .npy file's rows, one a line."),
        .value("seed", "N", default: "42", help: "Seed of everything random."),
        .value(
            "threads", "N", help: "Threads of the training. Default: one per core. The result does not depend on it."),
        .flag("nice", help: "Let other programs on this machine go first: a server beside it stays quick."),
        .value(
            "effort", "NAME", default: "standard",
            help: "How far 'auto' goes to find the best model: quick (half of the training of the model it takes), "
                + "standard (one and a half times), thorough (all models on all data)."),
        .value(
            "tuned-on", "TEXT", help: "What the settings were tuned on, for the manifest; 'foretaste tune' writes it."),
        ConfigurationFile.option,
        .flag("quiet", short: "q", help: "No progress."),
        .flag("json", help: "The result as JSON on standard output."),
    ]

    /// Options that say nothing without a session model.
    private static let sessionOptions = [
        "session-length", "sessions-per-item", "session-recency", "session-candidates", "session-neighbours",
        "session-decay", "session-idf", "session-rules",
    ]

    /// - Parameter isGiven: whether something else may say what people did.
    static func inputs(_ parsed: ParsedCommand, isGiven: Bool = false) throws -> BuildInputs {
        if !isGiven { _ = try parsed.string("interactions") }
        if try parsed.choice("session-model", of: SessionModelChoice.self) == .none {
            for option in sessionOptions where parsed.isGiven(option) {
                Terminal.standardError.write("warning: '--\(option)' says nothing with '--session-model none'\n")
            }
        }
        let options = try ReadingOptions.options(parsed, columns: "columns")
        let paths = try InputPaths.expanded(parsed, "interactions")
        var inputs = BuildInputs(
            interactions: paths.first.map { SourceFile(path: $0, options: options) },
            eventType: parsed.optionalString("event-type"))
        inputs.moreInteractions = paths.dropFirst().map { SourceFile(path: $0, options: options) }
        if let path = parsed.optionalString("items") {
            var options = try ReadingOptions.options(parsed, columns: "item-columns")
            options.propertyTypes = try VisitColumns.types(parsed, "item-types")
            inputs.items = SourceFile(path: path, options: options)
        }
        for (option, partner) in [
            ("vector-ids", "vectors"), ("item-columns", "items"), ("item-types", "items"), ("list-columns", "items"),
        ] where parsed.isGiven(option) && !parsed.isGiven(partner) {
            throw UsageError(
                code: .missingOption, operation: parsed.operation,
                text: "'--\(option)' says nothing without '--\(partner)': give both or neither.")
        }
        inputs.orderIsTime = parsed.flag("order-is-time")
        let lists = parsed.optionalString("list-columns") ?? ""
        inputs.listColumns = lists.split(separator: ",").map(String.init)
        inputs.vectorsPath = parsed.optionalString("vectors")
        inputs.vectorIdsPath = parsed.optionalString("vector-ids")
        inputs.modelDirectoryPath = try EmbedderOption.modelDirectory(parsed)
        if inputs.vectorsPath != nil, inputs.modelDirectoryPath != nil {
            throw UsageError(
                code: .badValue, operation: parsed.operation,
                text: "'--vectors' and '--embedder minilm' both say where item vectors come from: leave one out.")
        }
        return inputs
    }

    static func configuration(_ parsed: ParsedCommand) throws -> BuildConfiguration {
        let machine = Machine.current
        // Before the first thread of the training is made: it takes its priority from this one.
        if parsed.flag("nice") { Machine.letOthersGoFirst() }
        var configuration = BuildConfiguration(
            threadCount: try parsed.optionalInteger("threads", in: 1...1024) ?? machine.coreCount,
            memoryLimitBytes: try parsed.optionalInteger("memory-limit", in: 1...(1 << 30)).map { $0 << 20 }
                ?? machine.memoryBytes / 2)
        if let text = parsed.optionalString("event-weights") {
            configuration.eventWeights = try ReadingOptions.mending(parsed, "event-weights") {
                try EventWeights(parsing: text)
            }
        }
        configuration.halfLifeDays = try parsed.optionalNumber("half-life", in: 1e-6...1e6)
        configuration.model = try parsed.choice("model", of: CollaborativeModel.self)
        configuration.knnWeighting = try parsed.choice("knn-weighting", of: ItemKNN.Weighting.self)
        configuration.knnShrinkage = try parsed.number("knn-shrinkage", in: 0...1e6)
        configuration.rp3betaAlpha = try parsed.number("rp3beta-alpha", in: 0...10)
        configuration.rp3betaBeta = try parsed.number("rp3beta-beta", in: 0...10)
        configuration.implicitALS.dimension = try parsed.integer("ials-dimension", in: 1...1024)
        configuration.implicitALS.epochCount = try parsed.integer("ials-epochs", in: 1...1000)
        configuration.implicitALS.regularization = try parsed.number("ials-regularisation", in: 0...1e6)
        configuration.ialsAlpha = try unobservedWeight(parsed, "ials-alpha")
        configuration.factorShare = Float(try parsed.number("ials-share", in: 0...1))
        (configuration.easeL2, configuration.easeL2Factor) = try regularisation(parsed, "ease-l2")
        (configuration.sparseEASEL2, configuration.sparseEASEL2Factor) = try regularisation(parsed, "sparse-ease-l2")
        (configuration.slist.l2, configuration.slist.l2Factor) = try regularisation(parsed, "slist-l2")
        configuration.slist.alpha = try parsed.number("slist-alpha", in: 0.001...1)
        configuration.slist.futureRate = try parsed.number("slist-future", in: 0...1)
        configuration.tunedOn = parsed.optionalString("tuned-on")
        configuration.neighbourCount = try parsed.integer("neighbours", in: 1...100_000)
        configuration.contentNeighbourCount = try parsed.integer("content-neighbours", in: 1...100_000)
        configuration.embeddingDimension = try parsed.integer("dimension", in: 1...4096)
        configuration.sessionModel = try parsed.choice("session-model", of: SessionModelChoice.self)
        // A year at most: a longer gap joins all that a user did.
        configuration.sessionGapMinutes = try parsed.integer("session-gap", in: 1...525_600)
        configuration.itemsPerSession = try parsed.integer("session-length", in: 2...1000)
        configuration.sessionsPerItem = try parsed.integer("sessions-per-item", in: 1...100_000)
        configuration.sessionRecency = try parsed.number("session-recency", in: 0...100)
        configuration.sessionScoring = try sessionScoring(parsed)
        configuration.weights = try weights(parsed)
        configuration.blend = try parsed.choice("blend", of: BlendChoice.self)
        configuration.historyDecay = try historyDecay(parsed)
        configuration.seed = UInt64(try parsed.integer("seed", in: 0...Int.max))
        configuration.effort = try parsed.choice("effort", of: BuildEffort.self)
        return configuration
    }

    private static func sessionScoring(_ parsed: ParsedCommand) throws -> SessionScoring.Configuration {
        typealias Limits = SessionScoring.Configuration.Limits
        var scoring = SessionScoring.Configuration()
        scoring.candidateCount = try parsed.integer("session-candidates", in: Limits.candidateCount)
        scoring.neighbourCount = try parsed.integer("session-neighbours", in: Limits.neighbourCount)
        scoring.queryDecay = Float(try parsed.number("session-decay", in: Limits.queryDecay))
        scoring.idfPower = try parsed.integer("session-idf", in: Limits.idfPower)
        scoring.ruleWeight = Float(try parsed.number("session-rules", in: Limits.ruleWeight))
        return scoring
    }

    /// `auto`, `0.3`, or `7x` for seven times the density.
    private static func unobservedWeight(
        _ parsed: ParsedCommand, _ option: String
    ) throws -> ImplicitALS.UnobservedWeight {
        if try parsed.string(option) == "auto" { return .automatic }
        let (number, factor) = try regularisation(parsed, option, in: 0...1e9)
        return number.map { .fixed($0) } ?? .factor(factor)
    }

    /// `250`, or `5x` for five times the mean of the Gram diagonal.
    private static func regularisation(
        _ parsed: ParsedCommand, _ option: String, in range: ClosedRange<Double> = 1e-3...1e9
    ) throws -> (number: Double?, factor: Double) {
        let text = try parsed.string(option)
        let isFactor = text.hasSuffix("x")
        guard let number = Double(isFactor ? text.dropLast() : text[...]), range.contains(number) else {
            throw parsed.refusal(
                option, value: text,
                expected: "a number from \(range.lowerBound) to 1e9, or one with an x: 5x")
        }
        return isFactor ? (nil, number) : (number, 1)
    }

    /// `0.15,0.7`: floor and rate.
    private static func historyDecay(_ parsed: ParsedCommand) throws -> HistoryDecay? {
        let text = try parsed.string("history-decay")
        if text == "auto" { return nil }
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).joined(separator: " ")
        guard let decay = HistoryDecay(numbers) else {
            throw parsed.refusal(
                "history-decay", value: text, expected: "auto, or a floor and a rate from 0 to 1, such as 0.15,0.7")
        }
        return decay
    }

    private static func weights(_ parsed: ParsedCommand) throws -> BlendWeights {
        var weights = BlendWeights.standard
        guard parsed.isGiven("weights") else { return weights }
        for (name, text) in try parsed.pairs("weights") {
            guard let weight = Float(text), (0...1).contains(weight) else {
                throw parsed.refusal("weights", value: text, expected: "a number from 0 to 1 for \(name)")
            }
            switch name {
            case "content": weights.content = weight
            case "collaborative": weights.collaborative = weight
            case "fallback": weights.fallback = weight
            default: throw parsed.refusal("weights", value: name, expected: "content, collaborative or fallback")
            }
        }
        return weights
    }
}
