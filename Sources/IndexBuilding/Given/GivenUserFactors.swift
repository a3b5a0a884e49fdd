import Embeddings
import Interactions
import LinearAlgebra
import RecommendationIndex
import Recommenders

/// Whether users' factors that were given are those that their histories are folded into: where not, the constants of the
/// folding are not those of the training, and a server's answers are not those that were meant.
struct GivenUserFactors {
    /// Enough for a median, in a second.
    private static let userLimit = 1000
    /// Below this median cosine something is amiss.
    private static let leastCosine = 0.9

    /// Of those compared.
    let medianCosine: Double
    let userCount: Int

    var isPoor: Bool { medianCosine < Self.leastCosine }

    var text: String {
        "median cosine \((medianCosine * 1e4).rounded() / 1e4) with the factors that \(userCount) histories are folded into"
            + (isPoor ? ": see \"ials\" in \(GivenManifest.fileName)" : "")
    }

    /// nil where no user is known on both sides.
    init?(
        _ given: GivenModel, _ model: FactorModelContents?, _ interactions: InteractionMatrix, threadCount: Int
    ) throws(BuildError) {
        guard let vectors = given.userFactors, let model else { return nil }
        guard vectors.vectors.columnCount == model.items.columnCount else {
            throw BuildError(
                operation: "compare the users' factors",
                expected: "\(model.items.columnCount) numbers each, as the items have",
                found: "\(vectors.vectors.columnCount)", remedy: "Give users and items of one training.")
        }
        let places = IdentifierTable(interactions.userIds)
        var pairs: [(row: Int, user: Int)] = []
        for (row, id) in vectors.ids.enumerated() where pairs.count < Self.userLimit {
            if let user = places.index(of: id) { pairs.append((row, Int(user))) }
        }
        let histories = interactions.matrix.selecting(
            rows: pairs.map(\.user), columns: Array(interactions.itemIds.indices))
        let folded: DenseMatrix
        do {
            folded = try ImplicitALS.users(
                of: histories, items: model.items, model.terms, threadCount: threadCount)
        } catch {
            throw CollaborativeTraining.failure(ofImplicitALS: error)
        }
        let cosines = pairs.enumerated().compactMap { place, pair in
            Self.cosine(vectors.vectors, pair.row, folded, place)
        }.sorted()
        guard !cosines.isEmpty else { return nil }
        medianCosine = cosines[cosines.count / 2]
        userCount = cosines.count
    }

    /// nil where one of the two is zero.
    private static func cosine(_ one: DenseMatrix, _ row: Int, _ other: DenseMatrix, _ otherRow: Int) -> Double? {
        var (product, left, right) = (0.0, 0.0, 0.0)
        for column in 0..<one.columnCount {
            let (a, b) = (Double(one[row, column]), Double(other[otherRow, column]))
            product += a * b
            left += a * a
            right += b * b
        }
        guard left > 0, right > 0 else { return nil }
        return product / (left * right).squareRoot()
    }
}
