import LinearAlgebra
import RecommendationIndex
import Recommenders

/// A collaborative model that was trained on a part of the data, and what it answers for a history.
enum MeasuredModel {
    /// `[itemCount x itemCount]`: row = an item somebody has, column = an item to recommend.
    case lists(SparseMatrix)
    case factors(FactorModelContents, threadCount: Int)
    case pair(lists: SparseMatrix, factors: FactorModelContents, factorShare: Float, threadCount: Int)

    /// A history costs a system of equations and a product with every item: so many take seconds.
    static let factorHistoryLimit = 5000
    /// Of histories that are folded in together, at most so many, and so many scores: 64 MB.
    private static let batchLimits = (histories: 1024, scores: 1 << 24)

    /// How many histories are worth asking for.
    var historyLimit: Int {
        switch self {
        case .lists: .max
        case .factors, .pair: Self.factorHistoryLimit
        }
    }

    /// Whether it has nothing to answer.
    var isEmpty: Bool {
        switch self {
        case .lists(let matrix): matrix.storedCount == 0
        case .factors(let model, _): model.items.values.allSatisfy { $0 == 0 }
        case .pair(let lists, let model, _, _): lists.storedCount == 0 && model.items.values.allSatisfy { $0 == 0 }
        }
    }

    /// What a history is answered.
    struct Answer {
        /// The place of the history.
        let place: Int
        /// May be in the history.
        let candidates: [ScoredIndex]
        /// The score of an item that is no candidate; nil where the model says nothing of it.
        let score: (Int32) -> Float?
    }

    /// Calls `body` with the answer to each history, in their order.
    func answer(_ histories: [[WeightedRow]], _ body: (Answer) -> Void) throws(BuildError) {
        switch self {
        case .lists(let matrix): Self.answer(histories, by: matrix, body)
        case .factors(let model, let threadCount):
            try Self.answer(histories, by: model, beside: nil, threadCount, body)
        case .pair(let lists, let model, let factorShare, let threadCount):
            try Self.answer(histories, by: model, beside: (lists, factorShare), threadCount, body)
        }
    }

    private static func answer(
        _ histories: [[WeightedRow]], by neighbours: SparseMatrix, _ body: (Answer) -> Void
    ) {
        var scoring = NeighbourScoring(itemCount: neighbours.rowCount)
        for (place, history) in histories.enumerated() {
            unsafe neighbours.withView { view in unsafe scoring.score(history, neighbours: view) }
            let candidates = (0..<scoring.candidateCount).map { scoring.candidate(at: $0) }
            body(Answer(place: place, candidates: candidates, score: { _ in nil }))
        }
    }

    /// Item lists beside factors, and what the factors count.
    private typealias Lists = (matrix: SparseMatrix, factorShare: Float)

    private static func answer(
        _ histories: [[WeightedRow]], by model: FactorModelContents, beside lists: Lists?, _ threadCount: Int,
        _ body: (Answer) -> Void
    ) throws(BuildError) {
        let silent = model.items.zeroRows()
        let fitting = batchLimits.scores / max(model.items.rowCount, 1)
        let size = min(batchLimits.histories, max(fitting, 1))
        var pairing = Pairing(itemCount: model.items.rowCount)
        for start in stride(from: 0, to: histories.count, by: size) {
            let places = start..<min(start + size, histories.count)
            let (users, scores) = try products(histories[places], with: model, silent, threadCount)
            let answersNothing = Set(users.zeroRows())
            for place in places {
                let row = place - start
                let best = answersNothing.contains(row) ? [] : best(of: scores, row: row)
                guard let lists else {
                    body(
                        Answer(place: place, candidates: best) { item in
                            best.isEmpty ? nil : known(scores[row, Int(item)])
                        })
                    continue
                }
                let pair = pairing.score(histories[place], best, lists) { known(scores[row, Int($0)]) }
                body(
                    Answer(place: place, candidates: pairing.candidates) { item in
                        best.isEmpty ? nil : known(scores[row, Int(item)]).map { pair.factorUnit * $0 }
                    })
            }
        }
    }

    /// nil where the factors know nothing of an item.
    private static func known(_ score: Float) -> Float? { score == -.infinity ? nil : score }

    /// The factors of some histories, and what they say of each item: -infinity of those without factors.
    private static func products(
        _ histories: ArraySlice<[WeightedRow]>, with model: FactorModelContents, _ silent: [Int], _ threadCount: Int
    ) throws(BuildError) -> (users: DenseMatrix, scores: DenseMatrix) {
        let matrix = SparseMatrix(
            histories: histories, leavingOut: Set(silent), itemCount: model.items.rowCount)
        let users: DenseMatrix
        do {
            users = try ImplicitALS.users(of: matrix, items: model.items, model.terms, threadCount: threadCount)
        } catch {
            throw CollaborativeTraining.failure(ofImplicitALS: error)
        }
        let scores = users.multiplied(by: model.items, transposingOther: true, threadCount: threadCount)
            .masking(columns: silent)
        return (users, scores)
    }

    private static func best(of scores: DenseMatrix, row: Int) -> [ScoredIndex] {
        let count = min(FoldIn.candidateCount, scores.columnCount)
        var selector = TopKSelector(capacity: count)
        var best: [ScoredIndex] = []
        selector.reset(k: count)
        unsafe scores.withView { view in unsafe selector.offer(view.row(row), count: scores.columnCount) }
        selector.drain(into: &best)
        return best
    }

    /// Pairs what lists and factors say, as the server does.
    private struct Pairing: ~Copyable {
        private var lists: NeighbourScoring
        private var factors: NeighbourScoring

        init(itemCount: Int) {
            lists = NeighbourScoring(itemCount: itemCount)
            factors = NeighbourScoring(itemCount: itemCount)
        }

        /// - Parameter score: of an item by factors; nil where they know nothing of it.
        mutating func score(
            _ history: [WeightedRow], _ best: [ScoredIndex], _ given: Lists, score: (Int32) -> Float?
        ) -> ScorePair {
            unsafe given.matrix.withView { view in unsafe lists.score(history, neighbours: view) }
            guard !best.isEmpty else { return .alone }
            factors.reset()
            for candidate in best { factors.set(candidate.index, score: candidate.score) }
            for position in 0..<lists.candidateCount {
                let item = lists.candidate(at: position).index
                guard factors.score(of: Int(item)) == nil, let score = score(item) else { continue }
                factors.set(item, score: score)
            }
            let pair = ScorePair(lists: lists, factors: factors, factorShare: given.factorShare)
            lists.combine(with: factors, pair)
            return pair
        }

        var candidates: [ScoredIndex] { (0..<lists.candidateCount).map { lists.candidate(at: $0) } }
    }
}

extension SparseMatrix {
    /// A row for each history.
    fileprivate init(histories: ArraySlice<[WeightedRow]>, leavingOut silent: Set<Int>, itemCount: Int) {
        var offsets = [0]
        var entries: [WeightedRow] = []
        for history in histories {
            entries += history.filter { !silent.contains(Int($0.row)) }.sorted { $0.row < $1.row }
            offsets.append(entries.count)
        }
        self.init(
            rowCount: histories.count, columnCount: itemCount, rowOffsets: offsets, columnIndexes: entries.map(\.row),
            values: entries.map(\.weight))
    }
}

extension DenseMatrix {
    /// With -infinity in the given columns.
    fileprivate consuming func masking(columns: [Int]) -> DenseMatrix {
        for row in 0..<rowCount { for column in columns { self[row, column] = -.infinity } }
        return self
    }

    fileprivate func zeroRows() -> [Int] {
        unsafe withView { view in (0..<rowCount).filter { unsafe view.isZeroRow($0) } }
    }
}

extension FactorModelContents {
    var terms: ImplicitALS.FoldInTerms {
        ImplicitALS.FoldInTerms(
            gram: gram, confidenceScale: constants[0], unobservedTotal: constants[1], regularization: constants[2],
            regularizationExponent: constants[3])
    }
}
