import Foundation
import HybridBlending
import Interactions
import LinearAlgebra
import RecommendationIndex
import RecommendationService
import TestSupport

/// A catalogue as dense tables, so that tests can say what is in it and what follows from it. Items are `i0000`,
/// `i0001` ..., users `u0000` ...
struct SampleCatalogue {
    struct Entry {
        var item: Int
        /// Before it is damped.
        var sum: Float
        var time: Int64 = 0

        /// What a history counts it.
        var weight: Float { InteractionMatrix.damped(sum) }

        init(item: Int, sum: Float, time: Int64 = 0) {
            self.item = item
            self.sum = sum
            self.time = time
        }

        /// - Parameter weight: what the history counts it, as exactly as a sum can say it.
        init(item: Int, weight: Float, time: Int64 = 0) {
            let sum = expm1(Double(weight.magnitude))
            self.init(item: item, sum: Float(weight < 0 ? -sum : sum), time: time)
        }
    }

    /// `[item a user has][item to recommend]`; 0 is not stored.
    var collaborative: [[Float]]
    var content: [[Float]]
    var hasVector: [Bool]
    var interactionCounts: [UInt32]
    var popularity: [Float]
    var trending: [Float]
    var recent: [Float]
    /// Per user, most recent first.
    var histories: [[Entry]] = []
    var hasTimes = true
    /// As the index keeps it; nil: the index says nothing.
    var historyDecay: String?
    var returningDecay: String?
    var fallbackShare: String?
    var adaptiveWeights: String?
    var coldItemsHaveLinks = false
    var reliability: Float = 1
    var weights = BlendWeights.standard
    var factorModel: FactorModelContents?
    /// As in `IndexContents`: how the index numbers the items. Everything else here goes by place.
    var itemOrder: [Int32]?
    /// nil: the index says nothing.
    var factorShare: Float?
    var usersOfItems: IndexLists?
    var segments: SegmentContents?
    var sessionModel: SessionModelContents?
    /// nil: as `itemId` has them.
    var itemIds: [String]?
    var properties: [[Item.Property]]?
    /// In place of `histories`, with the ids of their users.
    var stored: (userIds: [String], histories: UserHistories)?
    var consumedSequence: UInt64 = 0
    var halfLifeDays: Double?
    /// Content by place; empty: one number that tells whether there is any.
    var vectors: [[Float]] = []

    var itemCount: Int { popularity.count }

    /// Items that everything knows and nothing links, the first the most popular.
    init(itemCount: Int) {
        collaborative = Array(repeating: Array(repeating: 0, count: itemCount), count: itemCount)
        content = collaborative
        hasVector = Array(repeating: true, count: itemCount)
        interactionCounts = Array(repeating: 1, count: itemCount)
        popularity = (0..<itemCount).map { Float(itemCount - $0) }
        trending = Array(repeating: 0, count: itemCount)
        recent = popularity
    }

    static func itemId(_ item: Int) -> String { id("i", item) }
    static func userId(_ user: Int) -> String { id("u", user) }

    private static func id(_ prefix: String, _ number: Int) -> String {
        let digits = String(number)
        return prefix + String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// Writes an index by hand, publishes and opens it.
    func serving() throws -> ServingIndex {
        let directory = try TemporaryDirectory()
        let path = directory.path("sample.index")
        _ = try IndexDirectory(path: path).beginBuild().publish(contents)
        // The map stays when the folder goes.
        return ServingIndex(try RecommendationIndex.open(path))
    }

    func recommender() throws -> Recommender { Recommender(try serving()) }

    private var contents: IndexContents {
        var histories = UserHistories(offsets: [0], itemIndexes: [], sums: [], times: [])
        for history in self.histories {
            histories.itemIndexes += history.map { Int32($0.item) }
            histories.sums += history.map(\.sum)
            histories.times += history.map(\.time)
            histories.offsets.append(histories.itemIndexes.count)
        }
        var contents = IndexContents(
            itemIds: itemIds ?? (0..<itemCount).map(Self.itemId),
            userIds: stored?.userIds ?? self.histories.indices.map(Self.userId),
            itemProperties: properties ?? Array(repeating: [], count: itemCount),
            collaborative: Self.sparse(collaborative),
            collaborativeModel: "ease", contentNeighbours: Self.sparse(content),
            vectors: vectors.isEmpty
                ? DenseMatrix(rowCount: itemCount, columnCount: 1, values: hasVector.map { $0 ? 1 : 0 })
                : DenseMatrix(rowCount: itemCount, columnCount: vectors[0].count, values: vectors.flatMap { $0 }),
            histories: stored?.histories ?? histories, interactionCounts: interactionCounts, popularity: popularity,
            trending: trending,
            recentPopularity: recent,
            fallback: FallbackScore.scores(recent: recent.span, popular: popularity.span, trending: trending.span),
            facts: facts)
        contents.itemOrder = itemOrder
        contents.factorModel = factorModel
        contents.usersOfItems = usersOfItems
        contents.segments = segments
        contents.sessionModel = sessionModel
        return contents
    }

    private var facts: IndexFacts {
        var facts = IndexFacts(
            createdMilliseconds: 1_764_000_000_000, toolVersion: "test",
            configuration: [
                .init(IndexFacts.SettingName.contentReliability.rawValue, "\(reliability)"),
                .init(IndexFacts.SettingName.hasTimes.rawValue, "\(hasTimes)"),
                .init(IndexFacts.SettingName.coldItemsHaveLinks.rawValue, "\(coldItemsHaveLinks)"),
            ] + optionalSettings,
            blendWeights: StoredBlendWeights(
                content: Double(weights.content), collaborative: Double(weights.collaborative),
                fallback: Double(weights.fallback)))
        facts.consumedSequence = consumedSequence
        return facts
    }

    private var optionalSettings: [IndexFacts.Setting] {
        let settings: [(IndexFacts.SettingName, String?)] = [
            (.historyDecay, historyDecay), (.returningDecay, returningDecay), (.fallbackShare, fallbackShare),
            (.adaptiveWeights, adaptiveWeights), (.factorShare, factorShare.map { "\($0)" }),
            (.halfLifeDays, halfLifeDays.map { "\($0)" }),
        ]
        return settings.compactMap { name, value in value.map { .init(name.rawValue, $0) } }
    }

    private static func sparse(_ rows: [[Float]]) -> SparseMatrix {
        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        for row in rows {
            for (column, value) in row.enumerated() where value != 0 {
                columns.append(Int32(column))
                values.append(value)
            }
            offsets.append(columns.count)
        }
        return SparseMatrix(
            rowCount: rows.count, columnCount: rows.count, rowOffsets: offsets, columnIndexes: columns, values: values)
    }
}

extension SampleCatalogue {
    /// Everything random: links of both signs, cold items with and without predicted links, items without content, both at once, dislikes, baskets.
    static func random(itemCount: Int, userCount: Int, seed: UInt64) -> SampleCatalogue {
        var generator = SeededGenerator(seed: seed)
        var sample = SampleCatalogue(itemCount: itemCount)
        sample.coldItemsHaveLinks = generator.index(below: 2) == 0
        for item in 0..<itemCount {
            sample.hasVector[item] = generator.index(below: 4) > 0
            let isCold = generator.index(below: 4) == 0
            sample.interactionCounts[item] = isCold ? 0 : UInt32(1 + generator.index(below: 9))
            sample.popularity[item] = Float(sample.interactionCounts[item])
            sample.trending[item] = isCold ? 0 : Float(generator.unit())
            sample.recent[item] = isCold ? 0 : Float(generator.unit())
        }
        for row in 0..<itemCount {
            for column in 0..<itemCount where row != column {
                let isWarm = sample.interactionCounts[row] > 0 && sample.interactionCounts[column] > 0
                let isPredicted =
                    sample.coldItemsHaveLinks && sample.interactionCounts[row] > 0 && sample.hasVector[column]
                if (isWarm || isPredicted) && generator.index(below: 4) == 0 {
                    sample.collaborative[row][column] = Float(generator.unit() - 0.25)
                }
                if sample.hasVector[row] && sample.hasVector[column] && generator.index(below: 4) == 0 {
                    sample.content[row][column] = Float(generator.unit())
                }
            }
        }
        sample.histories = (0..<userCount).map { _ in randomHistory(itemCount: itemCount, &generator) }
        sample.reliability = Float(generator.unit())
        return sample
    }

    private static func randomHistory(itemCount: Int, _ generator: inout SeededGenerator) -> [Entry] {
        var time: Int64 = 1_000_000
        let items = (0..<itemCount).shuffled(using: &generator).prefix(generator.index(below: 9))
        return items.map { item in
            // Every other item is of the same basket as the one before.
            time -= Int64(generator.index(below: 2)) * 1000
            let isDislike = generator.index(below: 5) == 0
            return Entry(item: item, weight: Float(generator.unit() + 0.1) * (isDislike ? -1 : 3), time: time)
        }
    }
}

/// So that a test can write an item of a catalogue that is numbered by place as its place.
extension ItemNumber: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int32) { self.init(value) }
}
