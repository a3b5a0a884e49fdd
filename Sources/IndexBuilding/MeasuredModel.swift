import LinearAlgebra
import RecommendationIndex
import Recommenders

/// A collaborative model that was trained on a part of the data, and what it answers for a history.
enum MeasuredModel {
    /// `[itemCount x itemCount]`: row = an item somebody has, column = an item to recommend.
    case lists(SparseMatrix)
    case factors(FactorModelContents, threadCount: Int)

    /// A history costs a system of equations and a product with every item: so many take seconds.
    static let factorHistoryLimit = 5000
    /// Of histories that are folded in together, at most so many, and so many scores: 64 MB.
    private static let batchLimits = (histories: 1024, scores: 1 << 24)

    /// How many histories are worth asking for.
    var historyLimit: Int {
        switch self {
        case .lists: .max
        case .factors: Self.factorHistoryLimit
        }
    }

    /// Whether it has nothing to answer.
    var isEmpty: Bool {
        switch self {
        case .lists(let matrix): matrix.storedCount == 0
        case .factors(let model, _): model.items.values.allSatisfy { $0 == 0 }
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
            let fitting = Self.batchLimits.scores / max(model.items.rowCount, 1)
            let size = min(Self.batchLimits.histories, max(fitting, 1))
            for start in stride(from: 0, to: histories.count, by: size) {
                let places = start..<min(start + size, histories.count)
                try Self.answer(histories[places], by: model, threadCount, body)
            }
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

    private static func answer(
        _ histories: ArraySlice<[WeightedRow]>, by model: FactorModelContents, _ threadCount: Int,
        _ body: (Answer) -> Void
    ) throws(BuildError) {
        let (items, itemCount) = (model.items, model.items.rowCount)
        let silent = items.zeroRows()
        let matrix = SparseMatrix(histories: histories, leavingOut: Set(silent), itemCount: itemCount)
        let users: DenseMatrix
        do {
            users = try ImplicitALS.users(of: matrix, items: items, model.terms, threadCount: threadCount)
        } catch {
            throw CollaborativeTraining.failure(ofImplicitALS: error)
        }
        let scores = users.multiplied(by: items, transposingOther: true, threadCount: threadCount)
            .masking(columns: silent)
        let answersNothing = Set(users.zeroRows())
        let count = min(FoldIn.candidateCount, itemCount)
        var selector = TopKSelector(capacity: count)
        for row in 0..<users.rowCount {
            var best: [ScoredIndex] = []
            if !answersNothing.contains(row) {
                selector.reset(k: count)
                unsafe scores.withView { view in unsafe selector.offer(view.row(row), count: itemCount) }
                selector.drain(into: &best)
            }
            body(
                Answer(place: histories.startIndex + row, candidates: best) { item in
                    let score = scores[row, Int(item)]
                    return best.isEmpty || score == -.infinity ? nil : score
                })
        }
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
