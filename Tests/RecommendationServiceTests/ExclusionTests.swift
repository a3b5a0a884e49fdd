import HybridBlending
import Interactions
import LinearAlgebra
import RecommendationIndex
import RecommendationService
import TestSupport
import Testing

/// Admission comes before any source cuts its candidates: where allowed items exist, they come back, in the right order.
@Suite struct ExclusionTests {
    private static let itemCount = 10_000
    private static let dimension = 4
    private static let historyItem = 17

    enum Source: CaseIterable, Sendable { case lists, factors, pair, users, content }

    /// Positive scores of everything, so that the personal part ranks all items. The Gram matrix is the identity, confidences are
    /// weights, and nothing is regularised: the system of one item v of the history is I + w v v'.
    private struct Sample {
        var factors: [Float] = []
        var links: [Float] = []
        let source: Source
        private var (listsRMS, factorsRMS) = (1.0, 1.0)

        init(_ source: Source) {
            var generator = SeededGenerator(seed: 5)
            self.source = source
            // 127ths, of which each row has a 1: an index keeps them as they are.
            factors = (0..<itemCount).flatMap { item in
                (0..<dimension).map {
                    $0 == item % dimension ? 1 : Float(1 + generator.index(below: 126)) / 127
                }
            }
            // Multiples of 2^-12 are exact in 17 bits.
            links = (0..<itemCount).map { _ in Float(1 + generator.index(below: 4000)) / 4096 }
            links[historyItem] = 0
            listsRMS = Self.rms(links.filter { $0 > 0 }.map { Double($0) })
            factorsRMS = Self.rms((0..<itemCount).map { byFactors($0) })
        }

        func serving() throws -> ServingIndex {
            let hasLists = source == .lists || source == .pair
            var contents = IndexContents(
                itemIds: (0..<itemCount).map(SampleCatalogue.itemId),
                userIds: ["u0000", "u0001"], itemProperties: Array(repeating: [], count: itemCount),
                collaborative: hasLists ? matrix : .init(zeros: itemCount), collaborativeModel: "ease",
                contentNeighbours: source == .content ? matrix : .init(zeros: itemCount),
                vectors: DenseMatrix(zeros: itemCount, 1), histories: histories,
                interactionCounts: Array(repeating: 1, count: itemCount),
                popularity: Array(repeating: 1, count: itemCount), trending: Array(repeating: 0, count: itemCount),
                recentPopularity: Array(repeating: 1, count: itemCount),
                fallback: Array(repeating: 1, count: itemCount),
                facts: IndexFacts(
                    createdMilliseconds: 1, toolVersion: "test",
                    blendWeights: StoredBlendWeights(content: 0.4, collaborative: 0.6, fallback: 0.3)))
            var generator = SeededGenerator(seed: 6)
            contents.itemOrder = (0..<Int32(itemCount)).shuffled(using: &generator)
            if source == .factors || source == .pair {
                contents.factorModel = FactorModelContents(
                    items: DenseMatrix(rowCount: itemCount, columnCount: dimension, values: factors),
                    gram: DenseMatrix(
                        rowCount: dimension, columnCount: dimension,
                        values: (0..<dimension * dimension).map { $0 % (dimension + 1) == 0 ? 1 : 0 }),
                    constants: [1, 0, 0, 1])
            }
            if source == .users {
                var lists = IndexLists()
                for item in 0..<itemCount { lists.append(item == historyItem ? [0, 1] : [1]) }
                contents.usersOfItems = lists
            }
            let directory = try TemporaryDirectory()
            let path = directory.path("sample.index")
            _ = try IndexDirectory(path: path).beginBuild().publish(contents)
            return ServingIndex(try RecommendationIndex.open(path))
        }

        private var matrix: SparseMatrix {
            let columns = (0..<Int32(itemCount)).filter { links[Int($0)] > 0 }
            return SparseMatrix(
                rowCount: itemCount, columnCount: itemCount,
                rowOffsets: (0...itemCount).map { $0 <= historyItem ? 0 : columns.count }, columnIndexes: columns,
                values: columns.map { links[Int($0)] })
        }

        /// u0000 has one item, u0001 has everything, with the links as weights.
        private var histories: UserHistories {
            var histories = UserHistories(
                offsets: [0, 1], itemIndexes: [Int32(historyItem)], sums: [1], times: [1])
            histories.itemIndexes += (0..<Int32(itemCount))
            histories.sums += links.map { $0 + 1 }
            histories.times += Array(repeating: 1, count: itemCount)
            histories.offsets.append(histories.itemIndexes.count)
            return histories
        }

        /// What an item scores for u0000, but for a factor that is the same for all; nil: the source does not list it.
        func score(_ item: Int) -> Double? {
            switch source {
            case .lists, .content: return Double(links[item])
            case .users: return nil
            case .factors: return byFactors(item)
            case .pair:
                return 0.6 * Double(links[item]) / listsRMS + 0.4 * byFactors(item) / factorsRMS
            }
        }

        private static func rms(_ values: [Double]) -> Double {
            (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
        }

        /// x = v / (1 + v'v) for the one item v of the history, up to its weight.
        private func byFactors(_ item: Int) -> Double {
            var (product, square) = (0.0, 0.0)
            for column in 0..<dimension {
                let own = Double(factors[historyItem * dimension + column])
                product += own * Double(factors[item * dimension + column])
                square += own * own
            }
            return product / (1 + square)
        }
    }

    @Test(arguments: [Source.lists, .factors, .pair, .content], [1, 9990, 9998])
    func whatRemainsComesBackInOrder(source: Source, excludedCount: Int) throws {
        let sample = Sample(source)
        let recommender = Recommender(try sample.serving())
        let everything = Set(0..<Self.itemCount).subtracting([Self.historyItem])
        let scores = (0..<Self.itemCount).map { sample.score($0) ?? 0 }
        let ranking = everything.sorted { left, right in
            (scores[right], left) < (scores[left], right)
        }
        var options = RecommendationOptions(count: 20)
        options.excludeIds = ranking.prefix(excludedCount).map(SampleCatalogue.itemId)
        let answer = recommender.recommend(for: UserEvidence(userId: "u0000"), options: options)
        let expected = ranking.dropFirst(excludedCount).prefix(20)
        let found = answer.items.map { item in
            Int(recommender.serving.index.items.string(at: item.item.index).dropFirst()) ?? -1
        }
        #expect(found.count == expected.count && Set(found).isSubset(of: everything))
        #expect(Set(found).isDisjoint(with: ranking.prefix(excludedCount)))
        // Scores of factors are exact to a ten-thousandth: what is closer may change places.
        for (item, wanted) in zip(found, expected) {
            let (score, best) = (sample.score(item) ?? 0, sample.score(wanted) ?? 0)
            #expect(abs(score - best) <= 1e-4 * best)
        }
        #expect(answer.items.allSatisfy { $0.source != .fallback })
    }

    /// One after the other, as somebody who leafs through a catalogue does.
    @Test(arguments: Source.allCases) func nothingIsLostOneByOne(source: Source) throws {
        let recommender = Recommender(try Sample(source).serving())
        var options = RecommendationOptions(count: 2500)
        var met = Set<ItemNumber>()
        for _ in 0..<(Self.itemCount / 2500) {
            let answer = recommender.recommend(for: UserEvidence(userId: "u0000"), options: options)
            met.formUnion(answer.items.map(\.item))
            options.excludeIds = met.map { recommender.view.idString(of: $0) }
        }
        // All but the one that the user has.
        #expect(met.count == Self.itemCount - 1)
    }
}

extension SparseMatrix {
    fileprivate init(zeros count: Int) {
        self.init(
            rowCount: count, columnCount: count, rowOffsets: Array(repeating: 0, count: count + 1), columnIndexes: [],
            values: [])
    }
}
