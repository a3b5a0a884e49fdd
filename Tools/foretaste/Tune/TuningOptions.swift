import CommandLineInterface
import Evaluation
import IndexBuilding
import Interactions
import Tuning

/// What a search may vary, and the options that bound it.
struct TuningOptions {
    let outputPath: String
    let journalPath: String
    let split: SplitStrategy?
    private let trialCount: Int
    private let secondLimit: Double?
    private let models: [String]
    private let validation: SplitStrategy?
    private let metric: RankingMetric
    private let cutOff: Int
    private let userLimit: Int
    private let searchesBlend: Bool
    private let fixedNames: Set<String>

    /// Those that train in seconds up to a million interactions.
    static let usualModels = ["ease", "item-knn", "rp3beta", "ials"]

    /// Ranges: a factor of ten or so around the defaults, wide enough that the published settings of the data sets that the
    /// defaults were chosen on lie inside.
    private static let options: [TunedOption] = [
        TunedOption("ease-l2", .logarithmic(0.5...50, unit: "x"), of: ["ease"]),
        TunedOption("sparse-ease-l2", .logarithmic(0.5...50, unit: "x"), of: ["sparse-ease"]),
        TunedOption("slist-l2", .logarithmic(0.5...50, unit: "x"), of: ["slist"]),
        TunedOption("slist-alpha", .linear(0.01...1), of: ["slist"]),
        TunedOption("slist-future", .linear(0...1), of: ["slist"]),
        TunedOption(
            "neighbours", .choice(["100", "200", "400", "800"]), of: ["ease", "sparse-ease", "slist", "rp3beta"]),
        TunedOption("ials-dimension", .choice(["64", "128", "192"]), of: ["ials"]),
        TunedOption("ials-regularisation", .logarithmic(0.001...0.1), of: ["ials"]),
        TunedOption("ials-alpha", .logarithmic(1...50, unit: "x"), of: ["ials"]),
        TunedOption("neighbours", .choice(["20", "50", "100"]), of: ["item-knn"]),
        TunedOption("knn-weighting", .choice(["cosine", "bm25", "tf-idf", "asymmetric"]), of: ["item-knn"]),
        TunedOption("knn-shrinkage", .logarithmic(1...200), of: ["item-knn"]),
        TunedOption("rp3beta-alpha", .linear(0.4...1.6), of: ["rp3beta"]),
        TunedOption("rp3beta-beta", .linear(0...1), of: ["rp3beta"]),
        TunedOption("history-decay", .choice(["auto", "0,0.5", "0,0.7", "0,0.85", "0.15,0.7", "0.4,0.9"])),
        TunedOption("content-neighbours", .choice(["50", "100", "200", "400"])),
        TunedOption("blend", .choice(BlendChoice.allCases.map(\.rawValue))),
    ]

    init(_ parsed: ParsedCommand) throws {
        outputPath = try parsed.string("output")
        journalPath = parsed.optionalString("journal") ?? outputPath + ".journal"
        trialCount = try parsed.integer("trials", in: 1...100_000)
        secondLimit = try parsed.optionalNumber("budget", in: 0.001...1e6).map { $0 * 60 }
        split = try Self.strategy(parsed, "split")
        validation = try Self.strategy(parsed, "validation")
        (metric, cutOff) = try Self.metric(parsed)
        userLimit = try parsed.integer("validation-users", in: 1...10_000_000)
        searchesBlend = !parsed.isGiven("weights")
        models = try Self.models(parsed)
        fixedNames = Set(Self.options.map(\.name).filter { parsed.isGiven($0) })
    }

    func plan(for loaded: LoadedInputs, _ configuration: BuildConfiguration) -> TuningSearch.Plan {
        let options = Self.options.filter { option in
            !fixedNames.contains(option.name) && (option.name != "content-neighbours" || !loaded.items.isEmpty)
        }
        return TuningSearch.Plan(
            space: SearchSpace(models: models, options: options), trialCount: trialCount, secondLimit: secondLimit,
            validation: validation
                ?? (loaded.log.hasTimes ? .temporal(trainingShare: 0.9) : .random(trainingShare: 0.9)),
            metric: metric, cutOff: cutOff, searchesBlend: searchesBlend && !loaded.items.isEmpty,
            userLimit: userLimit, seed: configuration.seed)
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

    private static func metric(_ parsed: ParsedCommand) throws -> (RankingMetric, Int) {
        let text = try parsed.string("metric")
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

    private static func models(_ parsed: ParsedCommand) throws -> [String] {
        if parsed.isGiven("model") {
            guard !parsed.isGiven("models") else {
                throw parsed.refusal(
                    "models", value: try parsed.string("models"), expected: "nothing beside --model, which fixes it")
            }
            return [try parsed.string("model")]
        }
        guard let text = parsed.optionalString("models") else { return usualModels }
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
