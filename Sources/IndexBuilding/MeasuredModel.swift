import LinearAlgebra
import RecommendationIndex
import Recommenders

/// A collaborative model that was trained on a part of the data, and what it answers for a history.
enum MeasuredModel {
    /// `[itemCount x itemCount]`: row = an item somebody has, column = an item to recommend.
    case lists(SparseMatrix)
    case factors(FactorModelContents, threadCount: Int)

    /// A history costs a system of equations and a product with every item: so many take seconds.
    private static let factorHistoryLimit = 5000
    /// Histories that are folded in together; their scores of 20,000 items are 80 MB.
    private static let batchSize = 1024

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
        case .factors(let model, _): model.items.columnCount == 0
        }
    }

    /// Calls `body` with the place of each history, in their order, and its candidates, which may be in the history.
    func answer(
        _ histories: [[WeightedRow]], _ body: (_ place: Int, _ candidates: [ScoredIndex]) -> Void
    ) throws(BuildError) {
        switch self {
        case .lists(let matrix): Self.answer(histories, by: matrix, body)
        case .factors(let model, let threadCount):
            for start in stride(from: 0, to: histories.count, by: Self.batchSize) {
                let places = start..<min(start + Self.batchSize, histories.count)
                try Self.answer(histories[places], by: model, threadCount, body)
            }
        }
    }

    private static func answer(
        _ histories: [[WeightedRow]], by neighbours: SparseMatrix, _ body: (Int, [ScoredIndex]) -> Void
    ) {
        var scoring = NeighbourScoring(itemCount: neighbours.rowCount)
        for (place, history) in histories.enumerated() {
            unsafe neighbours.withView { view in unsafe scoring.score(history, neighbours: view) }
            body(place, (0..<scoring.candidateCount).map { scoring.candidate(at: $0) })
        }
    }

    private static func answer(
        _ histories: ArraySlice<[WeightedRow]>, by model: FactorModelContents, _ threadCount: Int,
        _ body: (Int, [ScoredIndex]) -> Void
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
        var scores = users.multiplied(by: items, transposingOther: true, threadCount: threadCount)
        let answersNothing = Set(users.zeroRows())
        let count = min(FoldIn.candidateCount, itemCount)
        var selector = TopKSelector(capacity: count)
        for row in 0..<users.rowCount {
            var best: [ScoredIndex] = []
            if !answersNothing.contains(row) {
                for item in silent { scores[row, item] = -.infinity }
                selector.reset(k: count)
                unsafe scores.values.withUnsafeBufferPointer { values in
                    guard let start = values.baseAddress else { return }
                    unsafe selector.offer(start + row * itemCount, count: itemCount)
                }
                selector.drain(into: &best)
            }
            body(histories.startIndex + row, best)
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
