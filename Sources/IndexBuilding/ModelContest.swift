import Recommenders

// Which of several models an index gets (decisions 0023 and 0024). One after the other they challenge the one that is best so far:
//
//     usual ─▶ slist, where there are times ─▶ ials ─▶ the best of the item lists with ials
//
// A challenger wins where it is clearly ahead on the usual sample and, where enough people come back, not clearly behind for
// them. What has been trained for a sample serves both for the challenge and as a part of the pair.

struct ModelContest {
    typealias Entry = InternalValidation.Entry

    private let validation: InternalValidation
    private let usual: HistorySample
    /// Of people who come back; nil where nobody does.
    private let returning: HistorySample?
    private let train: InternalValidation.Train
    private var trainedModels: [Question: [CollaborativeModel: MeasuredModel]] = [:]
    private var entries: [Question: [CollaborativeModel: Entry]] = [:]
    /// NDCG@10 of each model that was measured, in the order in which they were.
    private(set) var qualities: [InternalValidation.ModelQuality] = []

    init(
        _ validation: InternalValidation, usual: HistorySample, returning: HistorySample?,
        train: @escaping InternalValidation.Train
    ) {
        self.validation = validation
        self.usual = usual
        self.returning = returning
        self.train = train
    }

    private enum Question { case usual, returning }

    /// The model that is taken, on the usual sample.
    /// - Parameter models: at least one, the usual one first and implicit ALS last.
    mutating func winner(of models: [CollaborativeModel]) throws(BuildError) -> Entry {
        var best = try entry(models[0], .usual, of: usual)
        note(best, .usual)
        var bestLists = best.model
        for model in models.dropFirst() {
            best = challenge(best, by: model)
            if model != .implicitALS { bestLists = best.model }
        }
        for pair in CollaborativeModel.allCases where pair.listsOfPair == bestLists && canBePaired(bestLists) {
            best = challenge(best, by: pair)
        }
        return best
    }

    /// Standard errors by which a model is beaten for good on a part of the data: one in forty that is as good as the best is
    /// lost by chance.
    private static let beatenByErrors = 2.0

    /// See `InternalValidation.standing`. What cannot be trained on so little may be trained on more. Both parts of a pair stand
    /// where the pair does.
    mutating func standing(
        of models: [CollaborativeModel]
    ) throws(BuildError) -> (models: [CollaborativeModel], best: CollaborativeModel) {
        var known: [Entry] = []
        for model in models {
            do {
                known.append(try entry(model, .usual, of: usual))
            } catch {
                // A rival stands all the same; the usual model says what is wrong with the data.
                if model == models[0] { throw error }
            }
        }
        for lists in models where lists != .implicitALS && canBePaired(lists) {
            for pair in CollaborativeModel.allCases where pair.listsOfPair == lists {
                known.append(try entry(pair, .usual, of: usual))
            }
        }
        // The same users for every model.
        func mean(_ entry: Entry) -> Double {
            InternalValidation.mean(Array(entry.qualities.prefix(MeasuredModel.factorHistoryLimit)))
        }
        guard let best = known.max(by: { mean($0) < mean($1) }) else { return (models, models[0]) }
        var beaten = Set(known.map(\.model))
        for entry in known where !Self.isAhead(best, of: entry, byErrors: Self.beatenByErrors) {
            beaten.remove(entry.model)
            if let lists = entry.model.listsOfPair { beaten.subtract([lists, .implicitALS]) }
        }
        return (models.filter { !beaten.contains($0) }, best.model)
    }

    /// On people who come back.
    mutating func returningEntry(_ model: CollaborativeModel, on sample: HistorySample) throws(BuildError) -> Entry {
        try entry(model, .returning, of: sample)
    }

    /// Whoever is best then. What cannot be trained on these data is no rival; the usual model says what is wrong with them.
    private mutating func challenge(_ best: Entry, by model: CollaborativeModel) -> Entry {
        do {
            let rival = try entry(model, .usual, of: usual)
            note(rival, .usual)
            guard Self.isAhead(rival, of: best) else { return best }
            if let returning, returning.users.count >= InternalValidation.sampleMinimum {
                let incumbent = try entry(best.model, .returning, of: returning)
                let challenger = try entry(model, .returning, of: returning)
                note(incumbent, .returning)
                note(challenger, .returning)
                if Self.isAhead(incumbent, of: challenger) { return best }
            }
            return rival
        } catch {
            qualities.removeAll { $0.model == model }
            qualities.append(InternalValidation.ModelQuality(model: model, ndcg: nil))
            entries[.usual]?[model] = nil
            return best
        }
    }

    private mutating func entry(
        _ model: CollaborativeModel, _ question: Question, of sample: HistorySample
    ) throws(BuildError) -> Entry {
        if let known = entries[question]?[model] { return known }
        let entry = try validation.entry(model, try trained(model, question, of: sample), on: sample)
        entries[question, default: [:]][model] = entry
        return entry
    }

    private mutating func trained(
        _ model: CollaborativeModel, _ question: Question, of sample: HistorySample
    ) throws(BuildError) -> MeasuredModel {
        if let known = trainedModels[question]?[model] { return known }
        let trained: MeasuredModel
        if let pair = try pair(model, question, of: sample) {
            trained = pair
        } else {
            trained = try train(model, sample.split.remainder())
        }
        trainedModels[question, default: [:]][model] = trained
        return trained
    }

    /// Whether both parts have been measured: a pair that was asked for by name has no rivals, and `train` knows what to
    /// measure it by.
    private func canBePaired(_ lists: CollaborativeModel) -> Bool {
        guard case .lists = entries[.usual]?[lists]?.trained else { return false }
        guard case .factors = entries[.usual]?[.implicitALS]?.trained else { return false }
        return true
    }

    /// nil where the model is no pair of models that have been measured.
    private mutating func pair(
        _ model: CollaborativeModel, _ question: Question, of sample: HistorySample
    ) throws(BuildError) -> MeasuredModel? {
        guard let lists = model.listsOfPair, canBePaired(lists) else { return nil }
        guard case .lists(let matrix) = try trained(lists, question, of: sample) else { return nil }
        guard case .factors(let factors, let threadCount) = try trained(.implicitALS, question, of: sample) else {
            return nil
        }
        return .pair(
            lists: matrix, factors: factors, factorShare: validation.factorShare, threadCount: threadCount)
    }

    private mutating func note(_ entry: Entry, _ question: Question) {
        // The same users for every model.
        let ndcg = InternalValidation.mean(Array(entry.qualities.prefix(MeasuredModel.factorHistoryLimit)))
        guard let place = qualities.firstIndex(where: { $0.model == entry.model }) else {
            return qualities.append(InternalValidation.ModelQuality(model: entry.model, ndcg: ndcg))
        }
        if question == .returning { qualities[place].returning = ndcg }
    }

    /// On the users that both were asked for.
    private static func isAhead(_ entry: Entry, of other: Entry, byErrors errors: Double = 1) -> Bool {
        InternalValidation.isClear(zip(entry.qualities, other.qualities).map { $0 - $1 }, byErrors: errors)
    }
}
