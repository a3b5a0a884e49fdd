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
        /// Where the model scores by factors; `matrix` is then empty, unless the model is a pair.
        var factorModel: FactorModelContents?
        /// Where the model compares users; `matrix` is then empty.
        var usersOfItems: IndexLists?
    }

    /// Beyond 100 neighbours per target the quality of cosine neighbours falls on the same splits.
    private static let knnNeighbourCount = 100

    /// Up to here a second EASE costs at most about three seconds on two cores.
    private static let measuredEASEItemCount = 6000
    /// Multiply-adds that the training of all contenders may cost: about two minutes on two cores.
    private static let contestWork = 1.2e13
    /// Small systems of equations take so many times as long as the products of large matrices: 7e10 multiply-adds a second
    /// on two cores instead of 2e11.
    static let smallSystemFactor = 3.0
    /// Threads whose workspaces count where contenders are chosen, so that the choice does not depend on the machine.
    private static let countedThreads = 16

    /// - Parameter recency: per user, when they last did something.
    func train(
        _ model: CollaborativeModel, _ interactions: SparseMatrix, recency: [Int64]
    ) throws(BuildError) -> Trained {
        let empty = SparseMatrix(empty: interactions.columnCount)
        guard interactions.storedCount > 0 else { return Trained(model: "none", matrix: empty) }
        switch model {
        case .ease: return Trained(model: "ease", matrix: try ease(interactions))
        case .sparseEASE: return Trained(model: "sparse-ease", matrix: try sparseEASE(interactions))
        case .slist: return Trained(model: "slist", matrix: try slist(interactions))
        case .itemKNN: return Trained(model: "item-knn", matrix: itemKNN(interactions))
        case .rp3beta: return Trained(model: "rp3beta", matrix: rp3beta(interactions))
        case .implicitALS:
            return Trained(model: "ials", matrix: empty, factorModel: try implicitALS(interactions))
        case .easeAndImplicitALS, .slistAndImplicitALS:
            var trained = try train(model.listsOfPair ?? .none, interactions, recency: recency)
            trained.model = model.rawValue
            trained.factorModel = try implicitALS(interactions)
            return trained
        case .userKNN:
            return Trained(
                model: "user-knn", matrix: empty,
                usersOfItems: UserKNN.usersOfItems(interactions, recency: recency))
        case .none, .automatic: return Trained(model: "none", matrix: empty)
        }
    }

    /// The models that are measured against each other, the usual one first: those that are best on some data and fit the
    /// memory limit, the cheapest of them as long as all together can be trained a few times.
    func contenders(for interactions: SparseMatrix) -> [CollaborativeModel] {
        let usual = usualChoice(for: interactions)
        guard configuration.model == .automatic, usual == .ease else { return [usual] }
        let rivals = ((histories == nil ? [] : [.slist]) + [CollaborativeModel.implicitALS]).filter {
            bytes(of: $0, interactions, threadCount: Self.countedThreads) <= configuration.memoryLimitBytes
        }.map { (model: $0, work: multiplyAdds(of: $0, interactions)) }.sorted { $0.work < $1.work }
        var work = multiplyAdds(of: usual, interactions)
        var affordable: Set<CollaborativeModel> = [usual]
        for rival in rivals where work + rival.work <= Self.contestWork {
            work += rival.work
            affordable.insert(rival.model)
        }
        return [usual, .slist, .implicitALS].filter { affordable.contains($0) }
    }

    /// A model that is only measured with. For one that has no rival item-to-item stands where a second training would cost
    /// more than a few seconds, and for a pair its item lists.
    func trainForMeasuring(
        _ model: CollaborativeModel, hasRivals: Bool, _ interactions: SparseMatrix
    ) throws(BuildError) -> MeasuredModel {
        // A pair's factors are trained last of all, minutes later.
        if model.listsOfPair != nil { try requireMemoryForFactors(interactions) }
        let model = model.listsOfPair ?? model
        let isLong =
            switch model {
            case .userKNN: true
            case .implicitALS: !hasRivals
            case .ease, .sparseEASE, .slist:
                !hasRivals && warmItemCount(interactions) > Self.measuredEASEItemCount
            case .automatic, .itemKNN, .rp3beta, .none, .easeAndImplicitALS, .slistAndImplicitALS: false
            }
        let trained = try train(isLong ? .itemKNN : model, interactions, recency: [])
        if let factors = trained.factorModel { return .factors(factors, threadCount: configuration.threadCount) }
        return .lists(trained.matrix)
    }

    private func bytes(of model: CollaborativeModel, _ interactions: SparseMatrix) -> Int {
        bytes(of: model, interactions, threadCount: configuration.threadCount)
    }

    func bytes(of model: CollaborativeModel, _ interactions: SparseMatrix, threadCount: Int) -> Int {
        let itemCount = warmItemCount(interactions)
        return switch model {
        case .ease:
            EASE.estimatedBytes(itemCount: itemCount, configuration: easeConfiguration, threadCount: threadCount)
        case .slist:
            SLIST.estimatedBytes(itemCount: itemCount, configuration: slistConfiguration, threadCount: threadCount)
        case .implicitALS:
            ImplicitALS.estimatedBytes(
                userCount: interactions.rowCount, itemCount: interactions.columnCount,
                storedCount: interactions.storedCount, configuration: implicitALSConfiguration(interactions),
                threadCount: threadCount)
        case .sparseEASE: sparseEASEBytes(interactions)
        // The parts of a pair are trained one after the other, and each is looked at by itself.
        case .easeAndImplicitALS, .slistAndImplicitALS, .automatic, .itemKNN, .rp3beta, .userKNN, .none: 0
        }
    }

    /// Of training a contender, as the models' comments have it, in those of large products; 0 for other models.
    private func multiplyAdds(of model: CollaborativeModel, _ interactions: SparseMatrix) -> Double {
        let itemCount = Double(warmItemCount(interactions))
        switch model {
        case .ease: return itemCount * itemCount * itemCount
        case .slist: return 3 * itemCount * itemCount * itemCount
        case .implicitALS:
            let als = configuration.implicitALS
            let dimension = Double(als.dimension)
            let systems = (Double(interactions.rowCount) + itemCount) * dimension / 3
            return Self.smallSystemFactor * Double(als.epochCount) * dimension * dimension
                * (systems + 2 * Double(interactions.storedCount))
        case .automatic, .sparseEASE, .itemKNN, .rp3beta, .userKNN, .none, .easeAndImplicitALS, .slistAndImplicitALS:
            return 0
        }
    }

    /// What `automatic` means by size alone.
    private func usualChoice(for interactions: SparseMatrix) -> CollaborativeModel {
        guard configuration.model == .automatic else { return configuration.model }
        let fits =
            warmItemCount(interactions) <= BuildConfiguration.Limits.easeItemCount
            && bytes(of: .ease, interactions) <= configuration.memoryLimitBytes
        if fits { return .ease }
        return sparseEASEBytes(interactions) <= configuration.memoryLimitBytes ? .sparseEASE : .itemKNN
    }

    private var easeConfiguration: EASE.Configuration {
        EASE.Configuration(
            l2: configuration.easeL2, l2Factor: configuration.easeL2Factor,
            truncation: .perTarget(configuration.neighbourCount))
    }

    private func ease(_ interactions: SparseMatrix) throws(BuildError) -> SparseMatrix {
        let bytes = bytes(of: .ease, interactions)
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

    func implicitALSConfiguration(_ interactions: SparseMatrix) -> ImplicitALS.Configuration {
        var als = configuration.implicitALS
        als.seed = configuration.seed
        als.unobservedWeight = configuration.ialsAlpha.value(
            pairCount: interactions.storedCount, userCount: interactions.rowCount,
            itemCount: warmItemCount(interactions))
        return als
    }

    private func requireMemoryForFactors(_ interactions: SparseMatrix) throws(BuildError) {
        let bytes = bytes(of: .implicitALS, interactions)
        guard bytes <= configuration.memoryLimitBytes else {
            throw BuildError(
                operation: "train implicit ALS", expected: "at most \(configuration.memoryLimitBytes >> 20) MiB",
                found: "\(bytes >> 20) MiB for its factors",
                remedy: "Give a smaller --ials-dimension, or allow more with --memory-limit.")
        }
    }

    private func implicitALS(_ interactions: SparseMatrix) throws(BuildError) -> FactorModelContents {
        try requireMemoryForFactors(interactions)
        let als = implicitALSConfiguration(interactions)
        do {
            let factors = try ImplicitALS.train(
                interactions, configuration: als, threadCount: configuration.threadCount)
            return FactorModelContents(
                items: factors.items,
                ImplicitALS.foldInTerms(items: factors.items, of: interactions, configuration: als))
        } catch {
            throw Self.failure(ofImplicitALS: error)
        }
    }

    static func failure(ofImplicitALS error: LinearAlgebraError) -> BuildError {
        BuildError(
            operation: "train implicit ALS", expected: "positive definite systems", found: error.found,
            remedy: "Check the event weights, give a larger --ials-regularisation, or take --model ease.")
    }

    func warmItemCount(_ interactions: SparseMatrix) -> Int {
        var isWarm = [Bool](repeating: false, count: interactions.columnCount)
        for column in interactions.columnIndexes { isWarm[Int(column)] = true }
        return isWarm.count { $0 }
    }
}

extension FactorModelContents {
    /// - Parameter items: `[itemCount x d]`
    init(items: DenseMatrix, _ terms: ImplicitALS.FoldInTerms) {
        self.init(
            items: items, gram: terms.gram,
            constants: [
                terms.confidenceScale, terms.unobservedTotal, terms.regularization, terms.regularizationExponent,
            ])
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
