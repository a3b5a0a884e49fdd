import Interactions
import LinearAlgebra
import RecommendationIndex
import Recommenders

/// Chooses and trains the collaborative model.
struct CollaborativeTraining {
    let configuration: BuildConfiguration
    /// What the users of all matrices to train on did when; nil: nobody knows when.
    var histories: UserHistories?

    struct Trained {
        /// The raw value of the model that was trained, never "auto".
        var model: String
        /// `[itemCount x itemCount]`: row = an item somebody has, column = an item to recommend.
        var matrix: SparseMatrix
        /// Where the model scores by factors; `matrix` is then empty.
        var factorModel: FactorModelContents?
        /// Where the model compares users; `matrix` is then empty.
        var usersOfItems: IndexLists?
    }

    /// Beyond 100 neighbours per target the quality of cosine neighbours falls on the same splits.
    private static let knnNeighbourCount = 100

    /// Up to here a second EASE costs at most about three seconds on two cores.
    private static let measuredEASEItemCount = 6000

    /// - Parameter recency: per user, when they last did something.
    func train(_ interactions: SparseMatrix, recency: [Int64]) throws(BuildError) -> Trained {
        let empty = SparseMatrix(empty: interactions.columnCount)
        guard interactions.storedCount > 0 else { return Trained(model: "none", matrix: empty) }
        switch choice(for: interactions) {
        case .ease: return Trained(model: "ease", matrix: try ease(interactions))
        case .sparseEASE: return Trained(model: "sparse-ease", matrix: try sparseEASE(interactions))
        case .slist: return Trained(model: "slist", matrix: try slist(interactions))
        case .itemKNN: return Trained(model: "item-knn", matrix: itemKNN(interactions))
        case .rp3beta: return Trained(model: "rp3beta", matrix: rp3beta(interactions))
        case .implicitALS:
            return Trained(model: "ials", matrix: empty, factorModel: try implicitALS(interactions))
        case .userKNN:
            return Trained(
                model: "user-knn", matrix: empty,
                usersOfItems: UserKNN.usersOfItems(interactions, recency: recency))
        case .none, .automatic: return Trained(model: "none", matrix: empty)
        }
    }

    /// A model that is only measured with: the one that was asked for where it takes seconds, item-to-item else.
    func trainForMeasuring(_ interactions: SparseMatrix) throws(BuildError) -> Trained {
        let choice = choice(for: interactions)
        // Models without item lists cannot be measured by item lists.
        let isLong =
            choice == .implicitALS || choice == .userKNN
            || ([.ease, .sparseEASE, .slist].contains(choice)
                && warmItemCount(interactions) > Self.measuredEASEItemCount)
        return isLong ? Trained(model: "item-knn", matrix: itemKNN(interactions)) : try train(interactions, recency: [])
    }

    /// What `automatic` means for this matrix.
    func choice(for interactions: SparseMatrix) -> CollaborativeModel {
        guard configuration.model == .automatic else { return configuration.model }
        let itemCount = warmItemCount(interactions)
        let bytes = EASE.estimatedBytes(
            itemCount: itemCount, configuration: easeConfiguration, threadCount: configuration.threadCount)
        let fits = itemCount <= BuildConfiguration.Limits.easeItemCount && bytes <= configuration.memoryLimitBytes
        if fits { return .ease }
        return sparseEASEBytes(interactions) <= configuration.memoryLimitBytes ? .sparseEASE : .itemKNN
    }

    private var easeConfiguration: EASE.Configuration {
        EASE.Configuration(
            l2: configuration.easeL2, l2Factor: configuration.easeL2Factor,
            truncation: .perTarget(configuration.neighbourCount))
    }

    private func ease(_ interactions: SparseMatrix) throws(BuildError) -> SparseMatrix {
        let bytes = EASE.estimatedBytes(
            itemCount: warmItemCount(interactions), configuration: easeConfiguration,
            threadCount: configuration.threadCount)
        guard bytes <= configuration.memoryLimitBytes else {
            throw BuildError(
                operation: "train EASE", expected: "at most \(configuration.memoryLimitBytes >> 20) MiB",
                found: "\(bytes >> 20) MiB for its dense matrix",
                remedy: "Take --model sparse-ease or item-knn, or allow more with --memory-limit.")
        }
        do {
            return try EASE.train(
                interactions, configuration: easeConfiguration, threadCount: configuration.threadCount)
        } catch {
            throw BuildError(
                operation: "train EASE", expected: "a positive definite matrix", found: "\(error)",
                remedy: "Give a larger --ease-l2, or take --model item-knn.")
        }
    }

    private func itemKNN(_ interactions: SparseMatrix) -> SparseMatrix {
        ItemKNN.train(
            interactions,
            configuration: .init(
                shrinkage: configuration.knnShrinkage,
                neighbourCount: min(configuration.neighbourCount, Self.knnNeighbourCount),
                weighting: configuration.knnWeighting),
            threadCount: configuration.threadCount)
    }

    private func rp3beta(_ interactions: SparseMatrix) -> SparseMatrix {
        RP3beta.train(
            interactions,
            configuration: .init(
                alpha: configuration.rp3betaAlpha, beta: configuration.rp3betaBeta,
                neighbourCount: configuration.neighbourCount),
            threadCount: configuration.threadCount)
    }

    private func implicitALS(_ interactions: SparseMatrix) throws(BuildError) -> FactorModelContents {
        var als = configuration.implicitALS
        als.seed = configuration.seed
        if let factor = configuration.ialsAlphaFactor {
            let pairCount = Double(interactions.rowCount) * Double(warmItemCount(interactions))
            als.unobservedWeight = pairCount > 0 ? factor * Double(interactions.storedCount) / pairCount : 0
        }
        let bytes = ImplicitALS.estimatedBytes(
            userCount: interactions.rowCount, itemCount: interactions.columnCount,
            storedCount: interactions.storedCount, configuration: als, threadCount: configuration.threadCount)
        guard bytes <= configuration.memoryLimitBytes else {
            throw BuildError(
                operation: "train implicit ALS", expected: "at most \(configuration.memoryLimitBytes >> 20) MiB",
                found: "\(bytes >> 20) MiB for its factors",
                remedy: "Give a smaller --ials-dimension, or allow more with --memory-limit.")
        }
        do {
            let factors = try ImplicitALS.train(
                interactions, configuration: als, threadCount: configuration.threadCount)
            let terms = ImplicitALS.foldInTerms(factors, of: interactions, configuration: als)
            return FactorModelContents(
                items: factors.items, gram: terms.gram,
                constants: [
                    terms.confidenceScale, terms.unobservedTotal, terms.regularization, terms.regularizationExponent,
                ])
        } catch {
            throw BuildError(
                operation: "train implicit ALS", expected: "positive definite systems", found: "\(error)",
                remedy: "Check the event weights, give a larger --ials-regularisation, or take --model ease.")
        }
    }

    func warmItemCount(_ interactions: SparseMatrix) -> Int {
        var isWarm = [Bool](repeating: false, count: interactions.columnCount)
        for column in interactions.columnIndexes { isWarm[Int(column)] = true }
        return isWarm.count { $0 }
    }
}

extension SparseMatrix {
    /// A square matrix without stored values.
    init(empty count: Int) {
        self.init(
            rowCount: count, columnCount: count, rowOffsets: Array(repeating: 0, count: count + 1), columnIndexes: [],
            values: [])
    }
}
