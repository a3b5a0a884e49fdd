import LinearAlgebra
import Recommenders

/// Models that score a history as a whole.
enum ServedModels {
    /// Scores of all items by a history.
    typealias Scorer = (_ history: [WeightedRow]) -> [Float]
    typealias Training = @Sendable (_ interactions: SparseMatrix, _ threadCount: Int) throws -> Scorer

    static let implicitALS: Training = { interactions, threadCount in
        let configuration = ImplicitALS.Configuration(dimension: 32, epochCount: 6)
        let factors = try ImplicitALS.train(interactions, configuration: configuration, threadCount: threadCount)
        let terms = ImplicitALS.foldInTerms(items: factors.items, of: interactions, configuration: configuration)
        return { history in
            FoldInTests.scores(factors, terms, history: history.map { (Int($0.row), $0.weight) })
                ?? Array(repeating: 0, count: interactions.columnCount)
        }
    }

    static let easeAndImplicitALS: Training = { interactions, threadCount in
        let links = try EASE.train(interactions, threadCount: threadCount)
        let byFactors = try implicitALS(interactions, threadCount)
        return { history in
            var lists = NeighbourScoring(itemCount: interactions.columnCount)
            unsafe links.withView { view in unsafe lists.score(history, neighbours: view) }
            var factors = NeighbourScoring(itemCount: interactions.columnCount)
            for (item, score) in byFactors(history).enumerated() { factors.set(Int32(item), score: score) }
            let share = ScorePair.standardFactorShare
            lists.combine(with: factors, ScorePair(lists: lists, factors: factors, factorShare: share))
            return (0..<interactions.columnCount).map { lists.score(of: $0) ?? 0 }
        }
    }

    static let userKNN: Training = { interactions, _ in
        let recency = Array(repeating: Int64(0), count: interactions.rowCount)
        let lists = UserKNN.usersOfItems(interactions, recency: recency)
        return { history in
            unsafe lists.indexes.withUnsafeBufferPointer { users in
                unsafe interactions.withView { view in
                    var scoring = unsafe UserKNNScoring(
                        userCount: interactions.rowCount,
                        usersOfItem: {
                            unsafe UnsafeBufferPointer(rebasing: users[lists.offsets[$0]..<lists.offsets[$0 + 1]])
                        },
                        itemsOfUser: { user in
                            let range = unsafe view.range(ofRow: user)
                            return unsafe (
                                UnsafeBufferPointer(start: view.columnIndexes + range.lowerBound, count: range.count),
                                UnsafeBufferPointer(start: view.values + range.lowerBound, count: range.count)
                            )
                        })
                    var scores = NeighbourScoring(itemCount: interactions.columnCount)
                    scoring.score(history, user: nil, into: &scores)
                    return (0..<interactions.columnCount).map { scores.score(of: $0) ?? 0 }
                }
            }
        }
    }
}
