import CommandLineInterface
import Evaluation
import HybridBlending
import IndexBuilding
import Tuning

/// Runs the trials of a search, stage by stage.
final class TuningSearch {
    struct Plan {
        let space: SearchSpace
        let trialCount: Int
        /// No trial begins after so many seconds; nil: no limit.
        let secondLimit: Double?
        let validation: SplitStrategy
        let metric: RankingMetric
        let cutOff: Int
        let searchesBlend: Bool
        /// Items drawn for each user that the hidden ones are ranked among; nil: the whole catalogue.
        let negativeCount: Int?
        let userLimit: Int
        let seed: UInt64
    }

    /// A trial of the last stage that was reached.
    struct Entry {
        let record: TrialRecord
        let settings: [TrialSetting]
    }

    private let plan: Plan
    private let source: TuningSource
    private let journal: JournalFile
    /// What settings make of the command line's configuration.
    private let configuration: ([TrialSetting]) throws -> BuildConfiguration
    private let bar: ProgressBar
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    /// The values of this run's trials by user, of the stage that is running.
    private var outcomes: [Int: TrialOutcome] = [:]
    private(set) var ranOutOfTime = false

    init(
        _ plan: Plan, on source: TuningSource, journal: JournalFile, quiet: Bool,
        configuration: @escaping ([TrialSetting]) throws -> BuildConfiguration
    ) {
        self.plan = plan
        self.source = source
        self.journal = journal
        self.configuration = configuration
        bar = .standardError(quiet: quiet)
        start = clock.now
    }

    /// - Returns: The trials of the last stage that any trial finished, best first, failed ones at the end.
    func run() throws -> [Entry] {
        let halving = SuccessiveHalving(interactionCount: source.interactionCount)
        var trials = Array(0..<plan.trialCount)
        var finished: [TrialRecord] = []
        for (stage, share) in halving.shares.enumerated() where !trials.isEmpty && !ranOutOfTime {
            let records = try run(trials, stage: stage, share: share, stageCount: halving.shares.count)
            if !records.isEmpty { finished = records }
            trials = SuccessiveHalving.survivors(of: Self.scores(records))
        }
        return ranked(finished)
    }

    /// How much better `entry` is than the defaults, user by user; nil where the defaults failed or are the best.
    func gain(of entry: Entry) throws -> ConfidenceInterval? {
        guard entry.record.trial != 0,
            let defaults = journal.record(ofTrial: 0, stage: entry.record.stage), defaults.score != nil
        else { return nil }
        let halving = SuccessiveHalving(interactionCount: source.interactionCount)
        let trial = try source.trial(plan, share: halving.shares[entry.record.stage])
        let best = try outcome(ofTrial: entry.record.trial, trial)
        let standard = try outcome(ofTrial: 0, trial)
        return ConfidenceInterval(
            ofMeanDifferenceOf: best.values, and: standard.values, settings: BootstrapSettings(seed: plan.seed))
    }

    private func run(_ trials: [Int], stage: Int, share: Double, stageCount: Int) throws -> [TrialRecord] {
        let part = share == 1 ? "all of the data" : "\(ReadableNumber.fixed(share * 100, 0)) % of the data"
        bar.begin("stage \(stage + 1) of \(stageCount), \(part)", total: trials.count, unit: "trials")
        defer { bar.end() }
        outcomes = [:]
        var measuring: (any TrialMeasuring)?
        var records: [TrialRecord] = []
        for (done, trial) in trials.enumerated() {
            if let known = journal.record(ofTrial: trial, stage: stage) {
                records.append(known)
            } else {
                if let limit = plan.secondLimit, (clock.now - start) / .seconds(1) > limit {
                    ranOutOfTime = true
                    break
                }
                let run = try measuring ?? source.trial(plan, share: share)
                measuring = run
                let record = try self.record(ofTrial: trial, stage: stage, run)
                try journal.append(record)
                records.append(record)
            }
            bar.advance(to: done + 1)
        }
        return records
    }

    private func record(ofTrial trial: Int, stage: Int, _ run: any TrialMeasuring) throws -> TrialRecord {
        let begin = clock.now
        var record = TrialRecord(
            trial: trial, stage: stage, score: nil, standardError: nil, contentShare: nil, seconds: 0)
        do {
            let outcome = try outcome(ofTrial: trial, run)
            record.score = outcome.mean
            record.standardError =
                ConfidenceInterval(ofMeanOf: outcome.values, settings: BootstrapSettings(resampleCount: 40))?
                .standardError
            if plan.searchesBlend && trial != 0 { record.contentShare = Double("\(outcome.weights.content)") }
        } catch let error as BuildError {
            record.failure = "\(error)"
        }
        record.seconds = (clock.now - begin) / .seconds(1)
        return record
    }

    private func outcome(ofTrial trial: Int, _ run: any TrialMeasuring) throws -> TrialOutcome {
        if let known = outcomes[trial] { return known }
        let settings = plan.space.settings(ofTrial: trial, seed: plan.seed)
        // The defaults are what a search is compared with: they stay as they are.
        let outcome = try run.run(
            try configuration(settings), searchesBlend: plan.searchesBlend && trial != 0)
        outcomes[trial] = outcome
        return outcome
    }

    private func ranked(_ records: [TrialRecord]) -> [Entry] {
        let order = SuccessiveHalving.ranking(of: Self.scores(records))
        let failed = records.filter { $0.score == nil }
        let best = order.compactMap { trial in records.first { $0.trial == trial } }
        return (best + failed).map {
            Entry(record: $0, settings: plan.space.settings(ofTrial: $0.trial, seed: plan.seed))
        }
    }

    private static func scores(_ records: [TrialRecord]) -> [SuccessiveHalving.Score] {
        records.map { SuccessiveHalving.Score(trial: $0.trial, value: $0.score) }
    }
}
