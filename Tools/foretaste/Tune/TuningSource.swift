import CommandLineInterface
import Embeddings
import Evaluation
import IndexBuilding
import Interactions
import LinearAlgebra
import SeededRandom

/// The rows that a search may look at: files less what `--split` puts aside, or the training part of a published protocol.
struct TuningSource {
    enum Rows {
        case interactions(LoadedInputs, ItemVectors?)
        /// Oldest first, as their items.
        case sessions([[String]])
    }

    let rows: Rows
    let named: PublishedProtocol?
    /// In the words of the journal and the manifest.
    let description: String

    init(
        _ parsed: ParsedCommand, split: SplitStrategy?, _ configuration: inout BuildConfiguration,
        _ observer: ProgressObserver
    ) throws {
        defer { observer.end() }
        if let name = try HoldOutSource.protocolName(parsed) {
            try self.init(name, parsed, &configuration, observer)
        } else {
            try self.init(files: parsed, split: split, &configuration, observer)
        }
    }

    private init(
        files parsed: ParsedCommand, split: SplitStrategy?, _ configuration: inout BuildConfiguration,
        _ observer: ProgressObserver
    ) throws {
        named = nil
        let inputs = try TrainingOptions.inputs(parsed)
        var loaded = try BuildCommand.load(inputs, configuration, parsed, observer)
        let files = loaded.reports.map { report in
            let name = report.path.split(separator: "/").last ?? ""
            return
                "\(name) (\(report.fingerprint.byteCount) bytes, crc32 \(String(report.fingerprint.crc32, radix: 16)))"
        }
        description =
            ([files.joined(separator: " and ")] + (split.map { ["test part of \($0.spelling) put aside"] } ?? []))
            .joined(separator: "; ")
        if let split {
            loaded = try HoldOut(loaded, strategy: split, test: nil, seed: configuration.seed).training
        }
        let vectors = try ItemVectorSource.vectors(
            inputs, of: loaded, configuration: &configuration, parsed, observer)
        rows = .interactions(loaded, vectors)
    }

    private init(
        _ name: PublishedProtocol, _ parsed: ParsedCommand, _ configuration: inout BuildConfiguration,
        _ observer: ProgressObserver
    ) throws {
        let modelDirectory = try EmbedderOption.modelDirectory(parsed)
        let data = try HoldOutSource.load(name, parsed, fixed: ["split"], trainingOnly: true, observer)
        named = name
        if let sessions = data.sessions {
            rows = .sessions(sessions.training)
            description = "protocol \(name.rawValue), its \(sessions.training.count) training sessions"
            return
        }
        var loaded = LoadedInputs(log: data.interactions, items: data.items, reports: [])
        if let split = name.split {
            loaded = try HoldOut(loaded, strategy: split, test: nil, seed: HoldOutSource.protocolSeed).training
        }
        let vectors = try ItemVectorSource.vectors(
            byModelIn: modelDirectory, of: loaded.items, configuration: &configuration, observer)
        rows = .interactions(loaded, vectors)
        description = "protocol \(name.rawValue), its \(loaded.log.count) training interactions"
    }

    /// What the stages of a search are planned by.
    var interactionCount: Int {
        switch rows {
        case .interactions(let loaded, _): loaded.log.count
        case .sessions(let sessions): sessions.reduce(0) { $0 + $1.count }
        }
    }

    /// The rows of a drawn share of the users, or of the sessions, divided for validation.
    func trial(_ plan: TuningSearch.Plan, share: Double) throws -> any TrialMeasuring {
        func isDrawn(_ number: Int) -> Bool {
            share == 1 || Double(SplitMix64.mix(plan.seed &+ UInt64(number)) >> 11) * 0x1p-53 < share
        }
        switch rows {
        case .interactions(let loaded, let vectors):
            let log = share == 1 ? loaded.log : loaded.log.filter { isDrawn(Int(loaded.log.userIndexes[$0])) }
            var holdOut = try HoldOut(
                LoadedInputs(log: log, items: loaded.items, reports: loaded.reports), strategy: plan.validation,
                test: nil, seed: plan.seed)
            if let count = plan.negativeCount { try holdOut.restrictToDrawn(count, seed: plan.seed) }
            return UserTrial(
                holdOut, vectors: vectors, metric: plan.metric, cutOff: plan.cutOff, userLimit: plan.userLimit,
                seed: plan.seed)
        case .sessions(let sessions):
            guard case .temporal(let trainingShare) = plan.validation else {
                preconditionFailure("sessions are divided by their age")
            }
            let drawn = sessions.indices.filter(isDrawn).map { sessions[$0] }
            return SessionTrial(
                SessionQueries(dividing: drawn, trainingShare: trainingShare), metric: plan.metric,
                cutOff: plan.cutOff, queryLimit: plan.userLimit, seed: plan.seed)
        }
    }
}
