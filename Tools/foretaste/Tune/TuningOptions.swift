import CommandLineInterface
import Evaluation
import IndexBuilding
import Interactions
import StoredFiles
import Tuning

/// What a search may vary, and the options that bound it.
struct TuningOptions {
    let outputPath: String
    /// Nil where the settings go to a device or a pipe, beside which there is no place for one.
    let journalPath: String?

    static let journalName = "journal"
    static func journalPath(_ outputPath: String) -> String? {
        // What cannot be looked at is refused by who writes it.
        guard let target = try? FileSystem.target(of: outputPath) else { return nil }
        // As above.
        let kind = try? FileSystem.kind(of: target)
        let isPlace = FileSystem.isOfSystem(target) || kind == .other
        return isPlace ? nil : outputPath + ".journal"
    }
    let split: SplitStrategy?
    private let trialCount: Int
    private let secondLimit: Double?
    /// nil: those that suit the data.
    private let models: [String]?
    private let validation: SplitStrategy?
    /// nil: as the protocol has it, or `usualMetric`.
    private let metric: (metric: RankingMetric, cutOff: Int)?
    private let userLimit: Int?
    private let searchesBlend: Bool
    private let fixedNames: Set<String>

    private static let usualMetric = (metric: RankingMetric.ndcg, cutOff: 10)

    /// Those that train in seconds up to a million interactions.
    private static func usualModels(for loaded: LoadedInputs) -> [String] {
        let isLarge = loaded.log.items.count > BuildConfiguration.Limits.easeItemCount
        if isLarge { return ["sparse-ease", "item-knn", "rp3beta", "ials"] }
        let ordered = loaded.log.hasTimes ? ["slist", "slist+ials"] : []
        return ["ease", "item-knn", "rp3beta", "ials", "ease+ials"] + ordered
    }

    static let usualModelsHelp =
        "item-knn, rp3beta, ials; ease and ease+ials, with times slist and slist+ials as well, or sparse-ease beyond "
        + "\(BuildConfiguration.Limits.easeItemCount) items"

    /// Ranges: a factor of ten or so around the defaults, wide enough that the published settings of the data sets that the
    /// defaults were chosen on lie inside.
    private static let options: [TunedOption] = [
        TunedOption("ease-l2", .logarithmic(0.5...50, unit: "x"), of: ["ease", "ease+ials"]),
        TunedOption("sparse-ease-l2", .logarithmic(0.5...50, unit: "x"), of: ["sparse-ease"]),
        TunedOption("slist-l2", .logarithmic(0.5...50, unit: "x"), of: ["slist", "slist+ials"]),
        TunedOption("slist-alpha", .linear(0.01...1), of: ["slist", "slist+ials"]),
        TunedOption("slist-future", .linear(0...1), of: ["slist", "slist+ials"]),
        TunedOption(
            "neighbours", .choice(["100", "200", "400", "800"]),
            of: ["ease", "sparse-ease", "slist", "rp3beta", "ease+ials", "slist+ials"]),
        TunedOption("ials-dimension", .choice(["64", "128", "192"]), of: ["ials", "ease+ials", "slist+ials"]),
        TunedOption("ials-regularisation", .logarithmic(0.001...0.1), of: ["ials", "ease+ials", "slist+ials"]),
        TunedOption("ials-alpha", .logarithmic(1...50, unit: "x"), of: ["ials", "ease+ials", "slist+ials"]),
        TunedOption("ials-share", .linear(0.1...0.9), of: ["ease+ials", "slist+ials"]),
        TunedOption("neighbours", .choice(["20", "50", "100"]), of: ["item-knn"]),
        TunedOption("knn-weighting", .choice(["cosine", "bm25", "tf-idf", "asymmetric"]), of: ["item-knn"]),
        TunedOption("knn-shrinkage", .logarithmic(1...200), of: ["item-knn"]),
        TunedOption("rp3beta-alpha", .linear(0.4...1.6), of: ["rp3beta"]),
        TunedOption("rp3beta-beta", .linear(0...1), of: ["rp3beta"]),
        TunedOption("history-decay", .choice(["auto", "0,0.5", "0,0.7", "0,0.85", "0.15,0.7", "0.4,0.9"])),
        TunedOption("content-neighbours", .choice(["50", "100", "200", "400"])),
        TunedOption("blend", .choice(BlendChoice.allCases.map(\.rawValue))),
    ]

    /// A factor of two or three around the defaults of the session model.
    private static let sessionOptions: [TunedOption] = [
        TunedOption("session-length", .choice(["10", "20", "50"])),
        TunedOption("sessions-per-item", .choice(["250", "500", "1000", "2000"])),
        TunedOption("session-recency", .logarithmic(0.5...8)),
        TunedOption("session-candidates", .choice(["500", "1000", "2000"])),
        TunedOption("session-neighbours", .choice(["50", "100", "200", "400"])),
        TunedOption("session-decay", .logarithmic(1...10)),
        TunedOption("session-idf", .choice(["1", "2", "3", "4"])),
        TunedOption("session-rules", .logarithmic(0.4...4)),
    ]

    init(_ parsed: ParsedCommand) throws {
        outputPath = try parsed.string("output")
        journalPath = parsed.optionalString(Self.journalName) ?? Self.journalPath(outputPath)
        trialCount = try parsed.integer("trials", in: 1...100_000)
        secondLimit = try parsed.optionalNumber("budget", in: 0.001...1e6).map { $0 * 60 }
        split = try Self.strategy(parsed, "split")
        validation = try Self.strategy(parsed, "validation")
        metric = try Self.metric(parsed)
        userLimit = try parsed.optionalInteger("validation-users", in: 1...10_000_000)
        searchesBlend = !parsed.isGiven("weights")
        models = try Self.models(parsed)
        fixedNames = Set((Self.options + Self.sessionOptions).map(\.name).filter { parsed.isGiven($0) })
    }

    func plan(for source: TuningSource, _ configuration: BuildConfiguration) throws -> TuningSearch.Plan {
        let (metric, cutOff) = metric ?? source.named?.tuningMetric ?? Self.usualMetric
        let space: SearchSpace
        let userLimit: Int
        let hasTimes: Bool
        let hasItems: Bool
        switch source.rows {
        case .interactions(let loaded, _):
            hasTimes = loaded.log.hasTimes
            hasItems = !loaded.items.isEmpty
            userLimit = self.userLimit ?? UserTrial.defaultUserLimit
            space = SearchSpace(
                models: models ?? Self.usualModels(for: loaded),
                options: Self.options.filter { option in
                    !fixedNames.contains(option.name) && (option.name != "content-neighbours" || hasItems)
                })
        case .sessions:
            (hasTimes, hasItems) = (true, false)
            userLimit = self.userLimit ?? SessionTrial.defaultQueryLimit
            space = try sessionSpace()
        }
        return TuningSearch.Plan(
            space: space, trialCount: trialCount, secondLimit: secondLimit,
            validation: validation ?? source.named?.validation
                ?? (hasTimes ? .temporal(trainingShare: 0.9) : .random(trainingShare: 0.9)),
            metric: metric, cutOff: cutOff, searchesBlend: searchesBlend && hasItems,
            negativeCount: source.named?.validationNegativeCount, userLimit: userLimit, seed: configuration.seed)
    }

    private func sessionSpace() throws(UsageError) -> SearchSpace {
        let options = Self.sessionOptions.filter { !fixedNames.contains($0.name) }
        let isByAge =
            switch validation {
            case nil, .temporal: true
            default: false
            }
        guard models == nil, isByAge, !options.isEmpty else {
            throw UsageError(
                code: .badValue, operation: "foretaste tune",
                text:
                    "sessions have one model and are divided by age: leave '--model', '--models' and '--validation' out, "
                    + "and at least one of the session options.")
        }
        return SearchSpace(models: [], options: options)
    }

    private static func strategy(_ parsed: ParsedCommand, _ option: String) throws -> SplitStrategy? {
        guard let text = parsed.optionalString(option) else { return nil }
        do throws(EvaluationError) {
            let strategy = try SplitStrategy(parsing: text)
            if strategy != .given { return strategy }
        } catch {
            throw parsed.refusal(option, value: text, expected: "\(error.expected). \(error.remedy)")
        }
        throw parsed.refusal(
            option, value: text, expected: "a split of the interactions; give the training file alone instead")
    }

    private static func metric(_ parsed: ParsedCommand) throws -> (RankingMetric, Int)? {
        guard let text = parsed.optionalString("metric") else { return nil }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let keys = RankingMetric.allCases.map(\.key)
        guard parts.count == 2, let metric = RankingMetric.allCases.first(where: { $0.key == parts[0] }),
            let cutOff = Int(parts[1]), (1...CutOffs.greatest).contains(cutOff)
        else {
            throw parsed.refusal(
                "metric", value: text, expected: "one of \(keys.joined(separator: ", ")) and a cut-off, as ndcg@10")
        }
        return (metric, cutOff)
    }

    private static func models(_ parsed: ParsedCommand) throws -> [String]? {
        if parsed.isGiven("model") {
            guard !parsed.isGiven("models") else {
                throw parsed.refusal(
                    "models", value: try parsed.string("models"), expected: "nothing beside --model, which fixes it")
            }
            return [try parsed.string("model")]
        }
        guard let text = parsed.optionalString("models") else { return nil }
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let known = CollaborativeModel.allCases.map(\.rawValue)
        for name in names where !known.contains(name) {
            throw parsed.refusal("models", value: name, expected: "names among \(known.joined(separator: ", "))")
        }
        guard Set(names).count == names.count else {
            throw parsed.refusal("models", value: text, expected: "each model once")
        }
        return names
    }
}
