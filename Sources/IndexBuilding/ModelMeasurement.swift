import Interactions
import LinearAlgebra
import Recommenders
import SeededRandom

// How much is measured before a model is taken, where there are several. All contenders are trained twice at most (for those who
// are here, and for those who come back), so that comparing them on all of the data costs many times what the one costs that is
// taken. Therefore by successive halving (Jamieson, Talwalkar 2016):
//
//     all contenders         on a part that costs a quarter of the limit  ─▶ who is not behind the best by two standard errors
//     those who are left     on a part that costs the rest of it          ─▶ `InternalValidation`, as if it were all there is
//
// The limit follows the model that leads: it may cost more to be sure of a model that is dearer to train. A part has the items
// that most people have, since the time of dense models grows with the cube of their number, and of the users a random
// sample, where that of the factors is what costs. Where all fits the limit the part is everything, and nothing is halved.

/// Finds the model of an index and how to use it.
struct ModelMeasurement {
    /// A share of a limit for what the first look costs.
    private static let firstShare = 0.25
    /// Smaller parts tell little of a catalogue and of its people.
    private static let smallestPart = (items: 1000, users: 1000)
    /// Trainings of each contender.
    private static let trainingCount = 2.0

    let configuration: BuildConfiguration
    let interactions: InteractionMatrix
    /// `[itemCount x itemCount]`: row = an item somebody has, column = an item to recommend.
    let content: SparseMatrix
    let popularity: ItemPopularity.Configuration
    /// Multiply-adds that the comparison may cost beside a training of so many.
    let limit: (Double) -> Double

    init(
        configuration: BuildConfiguration, interactions: InteractionMatrix, content: SparseMatrix,
        popularity: ItemPopularity.Configuration, limit: ((Double) -> Double)? = nil
    ) {
        self.configuration = configuration
        self.interactions = interactions
        self.content = content
        self.popularity = popularity
        self.limit = limit ?? { configuration.effort.limit(besideTrainingOf: $0) }
    }

    /// Some users and items of all.
    private struct Part {
        let interactions: InteractionMatrix
        let content: SparseMatrix
        /// Such as "3,000 of 12,000 items"; nil: all.
        let text: String?
    }

    func findings(_ contenders: [CollaborativeModel]) throws(BuildError) -> InternalValidation.Findings {
        let training = training(interactions)
        let works = contenders.map { training.work(of: $0, interactions.matrix) }
        let firstLimit = limit(works[0])
        guard contenders.count > 1, Self.trainingCount * works.reduce(0, +) > firstLimit else {
            return try measure(contenders, on: everything, hasRivals: contenders.count > 1)
        }
        let first = part(for: contenders, limit: firstLimit * Self.firstShare)
        let standing = try validation(first).standing(of: contenders, train: train(on: first, hasRivals: true))
        let leading = training.work(of: standing.best, interactions.matrix)
        let second = part(for: standing.models, limit: limit(leading) * (1 - Self.firstShare))
        // Who has beaten its rivals is measured with itself, as they were.
        var findings = try measure(standing.models, on: second, hasRivals: true)
        findings.spending = spending(contenders, standing.models, first, second)
        return findings
    }

    private var everything: Part { Part(interactions: interactions, content: content, text: nil) }

    private func measure(
        _ models: [CollaborativeModel], on part: Part, hasRivals: Bool
    ) throws(BuildError) -> InternalValidation.Findings {
        try validation(part).measure(models, train: train(on: part, hasRivals: hasRivals))
    }

    private func training(_ interactions: InteractionMatrix) -> CollaborativeTraining {
        CollaborativeTraining(
            configuration: configuration, histories: interactions.hasTimes ? interactions.histories : nil)
    }

    private func train(on part: Part, hasRivals: Bool) -> InternalValidation.Train {
        let training = training(part.interactions)
        return { (model, matrix) throws(BuildError) in
            try training.trainForMeasuring(model, hasRivals: hasRivals, matrix)
        }
    }

    private func validation(_ part: Part) -> InternalValidation {
        InternalValidation(
            interactions: part.interactions, content: part.content, popularity: popularity,
            givenDecay: configuration.historyDecay,
            adaptedWeights: configuration.blend == .adaptive ? configuration.weights : nil,
            factorShare: configuration.factorShare, seed: configuration.seed)
    }

    // MARK: Parts

    /// The largest part on which the models can be trained within the limit.
    private func part(for models: [CollaborativeModel], limit: Double) -> Part {
        let cubes = Self.trainingCount * models.reduce(0) { $0 + CollaborativeTraining.share(of: $1) }
        let hasFactors = models.contains(.implicitALS)
        let shareLimit = cubes > 0 && hasFactors ? limit / 2 : limit
        var counts = [Int](repeating: 0, count: interactions.itemIds.count)
        for item in interactions.matrix.columnIndexes { counts[Int(item)] += 1 }
        let warm = counts.indices.filter { counts[$0] > 0 }
            .sorted { counts[$0] > counts[$1] || (counts[$0] == counts[$1] && $0 < $1) }
        var itemCount = warm.count
        while itemCount > Self.smallestPart.items, cubes * Self.cube(itemCount) > shareLimit {
            itemCount = max(itemCount * 7 / 8, Self.smallestPart.items)
        }
        let items = warm.prefix(itemCount).sorted()
        let users = Array(interactions.userIds.indices)
        let all = interactions.selecting(users: users, items: items)
        guard hasFactors else { return part(all, items, users) }
        let factors = Self.trainingCount * training(all).work(of: .implicitALS, all.matrix)
        let share = min(1, shareLimit / max(factors, 1))
        let userCount = max(Int(Double(users.count) * share), min(Self.smallestPart.users, users.count))
        guard userCount < users.count else { return part(all, items, users) }
        var generator = SplitMix64(seed: SplitMix64.mix(configuration.seed))
        let drawn = generator.sample(userCount, of: users).sorted()
        return part(interactions.selecting(users: drawn, items: items), items, drawn)
    }

    private func part(_ selected: InteractionMatrix, _ items: [Int], _ users: [Int]) -> Part {
        let (itemCount, userCount) = (interactions.itemIds.count, interactions.userIds.count)
        let isAll = items.count == itemCount && users.count == userCount
        return Part(
            interactions: selected, content: content.selecting(rows: items, columns: items),
            text: isAll ? nil : "\(items.count) of \(itemCount) items and \(users.count) of \(userCount) users")
    }

    private static func cube(_ count: Int) -> Double { Double(count) * Double(count) * Double(count) }

    private func spending(
        _ contenders: [CollaborativeModel], _ standing: [CollaborativeModel], _ first: Part, _ second: Part
    ) -> String {
        let out = contenders.filter { !standing.contains($0) }.map(\.rawValue).joined(separator: ", ")
        return "first on \(first.text ?? "everything"): \(out.isEmpty ? "nobody" : out) out; then on "
            + (second.text ?? "everything")
    }
}
