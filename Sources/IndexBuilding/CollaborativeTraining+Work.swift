import LinearAlgebra
import Recommenders

// What a training costs, in multiply-adds at the speed of large matrix products. It decides on which part of the data
// models are compared, so it follows from the data alone and never from a clock.

extension CollaborativeTraining {
    /// Of a Cholesky factor, its inverse and their product: n^3 / 6 each.
    private static let inverseShare = 0.5
    /// SLIST multiplies two dense matrices as well.
    private static let orderedShare = inverseShare + 1

    /// Of a contender; 0 for other models, which are never compared.
    func work(of model: CollaborativeModel, _ interactions: SparseMatrix) -> Double {
        switch model {
        case .ease, .slist:
            let items = Double(warmItemCount(interactions))
            return Self.share(of: model) * items * items * items
        case .implicitALS: return factorWork(interactions)
        case .easeAndImplicitALS, .slistAndImplicitALS:
            return work(of: model.listsOfPair ?? .none, interactions) + factorWork(interactions)
        case .automatic, .sparseEASE, .itemKNN, .rp3beta, .userKNN, .none: return 0
        }
    }

    /// Of the cube of the items.
    static func share(of model: CollaborativeModel) -> Double {
        switch model {
        case .ease: inverseShare
        case .slist: orderedShare
        case .automatic, .sparseEASE, .itemKNN, .rp3beta, .implicitALS, .easeAndImplicitALS, .slistAndImplicitALS,
            .userKNN, .none:
            0
        }
    }

    /// A row of few confidences is solved as a system of that order, see `NormalEquations`.
    private func factorWork(_ interactions: SparseMatrix) -> Double {
        let dimension = Double(configuration.implicitALS.dimension)
        func rowWork(_ count: Int) -> Double {
            let count = Double(count)
            guard count > 0 else { return 0 }
            let order = min(count, dimension)
            return count * dimension * order / 2 + order * order * order / 6 + count * dimension
        }
        var ofItems = [Int](repeating: 0, count: interactions.columnCount)
        for item in interactions.columnIndexes { ofItems[Int(item)] += 1 }
        let users = (0..<interactions.rowCount).reduce(0) { $0 + rowWork(interactions.range(ofRow: $1).count) }
        let items = ofItems.reduce(0) { $0 + rowWork($1) }
        return Self.smallSystemFactor * Double(configuration.implicitALS.epochCount) * (users + items)
    }
}
