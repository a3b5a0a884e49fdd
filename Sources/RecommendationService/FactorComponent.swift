import LinearAlgebra
import RecommendationIndex
import Recommenders
import ScoringKernels

/// Scores by factors, alone or beside the item lists: folds a history in, then multiplies with every item. One thread's; the
/// index outlives it.
final class FactorComponent {
    private let serving: ServingIndex
    private let model: FactorModelTable
    private let penalty: ImplicitALS.Penalty
    private var foldIn: FoldIn
    private var vector: QuantizedVector
    /// The factors of one item.
    private var row: [Float]
    /// What the factors say of every item.
    private let scores: PaddedScores
    /// Of the last history.
    private(set) var pair = ScorePair.alone
    /// Whether the last history said anything.
    private var isSolved = false
    /// Per item of the last history, its number among those that were folded in; nil: it was not.
    private var foldedRows: [Int?] = []
    /// Of the items that the index lacks, in the request that is answered.
    private var newFactors: [Int32: QuantizedRow] = [:]
    /// New items that have a score from an earlier request.
    private var scoredItems: [Int32] = []

    /// nil where the index has no factors.
    init?(_ serving: ServingIndex) {
        guard let model = serving.index.factorModel else { return nil }
        self.serving = serving
        self.model = model
        penalty = ImplicitALS.Penalty(
            unobservedTotal: model.unobservedTotal, regularization: model.regularization,
            exponent: model.regularizationExponent)
        foldIn = FoldIn(dimension: model.dimension)
        vector = QuantizedVector(dimension: model.dimension)
        row = Array(repeating: 0, count: model.dimension)
        for index in 0..<model.dimension {
            if let values = unsafe model.gram.row(index).baseAddress { unsafe foldIn.setGramRow(index, values) }
        }
        scores = PaddedScores(itemCount: serving.index.itemCount, capacity: serving.workspaceCapacity)
    }

    /// Gives `target`, which has what the lists say, the best allowed items of the catalogue, and every score its part by
    /// factors. Items without interactions have no factors and no part. Nothing changes where the history has no item that is
    /// liked and has factors.
    func score(
        _ history: [ProfileEntry], _ view: CatalogView, into target: inout CandidateScores,
        _ admission: borrowing Admission
    ) {
        pair = .alone
        newFactors = view.overlay?.items.factors ?? [:]
        isSolved = solve(history, admission)
        guard isSolved else { return }
        foldIn.quantised(into: &vector)
        for block in model.blocks {
            unsafe QuantizedRows.multiply(
                block.values, scales: block.scales, by: vector, into: scores, firstRow: block.firstRow)
        }
        scoreNewItems()
        target.combine(factors: scores, candidateCount: FoldIn.candidateCount, admission) { sizes in
            pair = ScorePair(
                listSquares: sizes.listSquares, listCount: sizes.listCount, factorSquares: sizes.factorSquares,
                factorCount: sizes.factorCount, factorShare: serving.factorShare)
            return (pair.listUnit, pair.factorUnit)
        }
    }

    /// Of what the request's filter admits, the best by the last history's factors become candidates.
    func extend(_ target: inout CandidateScores, _ admission: borrowing Admission) {
        guard isSolved else { return }
        target.extend(
            factors: scores, candidateCount: FoldIn.candidateCount, unit: pair.factorUnit, admission)
    }

    private func solve(_ history: [ProfileEntry], _ admission: borrowing Admission) -> Bool {
        foldIn.begin()
        foldedRows.removeAll(keepingCapacity: true)
        var count = 0
        for entry in history {
            guard admission[entry.item.rawValue].contains(.hasCollaborative), read(entry.item.rawValue) else {
                foldedRows.append(nil)
                continue
            }
            unsafe foldIn.add(row, confidence: entry.weight * model.confidenceScale)
            foldedRows.append(count)
            count += 1
        }
        return foldIn.solve(penalty)
    }

    /// Reads an item's factors into `row`; false where it has none.
    private func read(_ item: Int32) -> Bool {
        if Int(item) < model.itemCount {
            model.read(Int(item), into: &row)
            return true
        }
        guard let factors = newFactors[item] else { return false }
        row = factors.kept
        return true
    }

    /// O(new items with factors).
    private func scoreNewItems() {
        for item in scoredItems { scores[Int(item)] = 0 }
        scoredItems.removeAll(keepingCapacity: true)
        for (item, factors) in newFactors {
            QuantizedRows.multiply(factors, by: vector, into: scores, at: Int(item))
            scoredItems.append(item)
        }
    }

    /// What each item of the last history adds to the factors' score of `item`; the parts sum to it. O(d^2 + history d), and for the
    /// first item of a history O(d^3 + history d^2).
    func shares(of item: Int32, history: [ProfileEntry]) -> [Float] {
        guard isSolved else { return Array(repeating: 0, count: history.count) }
        guard read(item) else { return Array(repeating: 0, count: history.count) }
        unsafe foldIn.prepareShares(of: row)
        return history.indices.map { place in
            let entry = history[place]
            let confidence = entry.weight * model.confidenceScale
            if place < foldedRows.count, let row = foldedRows[place] {
                return foldIn.share(ofRow: row, confidence: confidence)
            }
            guard read(entry.item.rawValue) else { return 0 }
            return unsafe foldIn.share(row, confidence: confidence)
        }
    }
}
