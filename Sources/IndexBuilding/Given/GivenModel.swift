package import Embeddings
package import Interactions
import LinearAlgebra
package import RecommendationIndex
import Recommenders

/// A collaborative model, and more if wanted, that was trained elsewhere: on machines of a cluster, by another library.
package struct GivenModel: Sendable {
    /// What the index says of it: `item-knn`, `ease`, `ials` ... A pair has links and factors.
    package var model: CollaborativeModel
    /// Per row, an item that somebody has, an item to recommend, and what the first says of the second; nil for factors alone.
    package var links: PairLog?
    /// Of the items; not of length one.
    package var factors: ItemVectors?
    /// Of the users: compared with what their histories are folded into, and not kept.
    package var userFactors: ItemVectors?
    package var foldIn = FoldIn()
    package var histories: Histories?
    /// nil: counted here from the histories or interactions.
    package var popularity: Popularity?
    /// The files, for the manifest.
    package var sources: [IndexFacts.SourceFile] = []
    /// Who made it, for the manifest.
    package var madeBy = "unknown"

    package init(model: CollaborativeModel) { self.model = model }

    /// How a history becomes factors: the constants of `ImplicitALS`; nil: those that this build would train with.
    package struct FoldIn: Sendable, Equatable {
        package var regularization: Double?
        package var regularizationExponent: Double?
        package var unobservedWeight: Double?
        /// What turns the magnitude of a damped sum into a confidence; nil: the inverse of the mean magnitude.
        package var confidenceScale: Double?

        package init() {}
    }

    /// What users did, instead of files of interactions.
    package struct Histories: Sendable {
        /// User, item, the sum of the weights of the user's interactions with it before it is damped, and the time of the last.
        package var sums: PairLog
        /// Whether the times are times, and not numbers of rows in the order of time.
        package var hasTimes: Bool
        /// What ages were counted from where weights faded; nil: the newest time.
        package var referenceTime: Int64?
        /// How many interactions were summed.
        package var interactionCount: Int

        package init(sums: PairLog, hasTimes: Bool, referenceTime: Int64?, interactionCount: Int) {
            self.sums = sums
            self.hasTimes = hasTimes
            self.referenceTime = referenceTime
            self.interactionCount = interactionCount
        }
    }

    /// Of items, one element each.
    package struct Popularity: Sendable {
        package var items = IdentifierTable()
        package var allTime: [Float] = []
        package var recent: [Float] = []
        package var trending: [Float] = []

        package init() {}
    }
}

/// What was trained, as it is before links of new items are predicted: what another build can be given.
package struct TrainedModel: Sendable {
    /// As in `GivenModel`.
    let model: String
    /// Ascending by UTF-8 bytes: the rows and columns of all that follows.
    let itemIds: [String]
    let userIds: [String]
    /// `[itemCount x itemCount]`: row = an item somebody has, column = an item to recommend.
    let links: SparseMatrix
    /// `[itemCount x d]`; nil for a model without factors.
    let factors: DenseMatrix?
    let histories: UserHistories
    let hasTimes: Bool
    let referenceTime: Int64
    let interactionCount: Int
    let popularity: ItemPopularity
    /// Of a model with factors.
    let foldIn: GivenModel.FoldIn
}

extension TrainedModel {
    /// - Parameter unobservedWeight: alpha0 of the training of factors.
    init(
        _ trained: CollaborativeTraining.Trained, of interactions: InteractionMatrix, _ popularity: ItemPopularity,
        interactionCount: Int, unobservedWeight: Double
    ) {
        var foldIn = GivenModel.FoldIn()
        if let terms = trained.factorModel?.terms {
            foldIn.regularization = Double(terms.regularization)
            foldIn.regularizationExponent = Double(terms.regularizationExponent)
            foldIn.unobservedWeight = unobservedWeight
            foldIn.confidenceScale = Double(terms.confidenceScale)
        }
        self.init(
            model: trained.model, itemIds: interactions.itemIds, userIds: interactions.userIds, links: trained.matrix,
            factors: trained.factorModel?.items, histories: interactions.histories, hasTimes: interactions.hasTimes,
            referenceTime: interactions.referenceTime, interactionCount: interactionCount, popularity: popularity,
            foldIn: foldIn)
    }
}

extension ItemPopularity {
    /// As given; items that are not among the given ones have none.
    init(_ given: GivenModel.Popularity, of itemIds: [String]) {
        func aligned(_ values: [Float]) -> [Float] {
            itemIds.map { id in given.items.index(of: id).map { values[Int($0)] } ?? 0 }
        }
        self.init(
            allTime: aligned(given.allTime), recent: aligned(given.recent), trending: aligned(given.trending))
    }
}

extension CollaborativeTraining {
    /// The given model in the place of a trained one.
    func take(_ given: GivenModel, _ interactions: InteractionMatrix) throws(BuildError) -> Trained {
        let ids = interactions.itemIds
        var trained = Trained(
            model: given.model.rawValue,
            matrix: given.links?.matrix(rowIds: ids, columnIds: ids) ?? SparseMatrix(empty: ids.count))
        guard let vectors = given.factors else { return trained }
        var items = DenseMatrix(zeros: ids.count, vectors.vectors.columnCount)
        let places = IdentifierTable(ids)
        for (row, id) in vectors.ids.enumerated() {
            guard let place = places.index(of: id).map({ Int($0) }) else { continue }
            for column in 0..<items.columnCount { items[place, column] = vectors.vectors[row, column] }
        }
        var als = implicitALSConfiguration(interactions.matrix)
        als.regularization = given.foldIn.regularization ?? als.regularization
        als.regularizationExponent = given.foldIn.regularizationExponent ?? als.regularizationExponent
        als.unobservedWeight = given.foldIn.unobservedWeight ?? als.unobservedWeight
        var terms = ImplicitALS.foldInTerms(items: items, of: interactions.matrix, configuration: als)
        if let scale = given.foldIn.confidenceScale { terms.confidenceScale = Float(scale) }
        trained.factorModel = FactorModelContents(items: items, terms)
        return trained
    }
}
