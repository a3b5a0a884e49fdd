import LinearAlgebra
import RecommendationIndex
import TestSupport

/// What a sample catalogue's collaborative component scores by.
enum SampleModel: CaseIterable {
    case lists, factors, listsAndFactors, users

    /// Gives the catalogue what the model needs, at random.
    func apply(to catalogue: inout SampleCatalogue, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let count = catalogue.itemCount
        if self == .factors || self == .listsAndFactors {
            catalogue.factorModel = FactorModelContents(
                items: DenseMatrix(
                    rowCount: count, columnCount: 3, values: (0..<3 * count).map { _ in Float(generator.unit() - 0.3) }),
                gram: DenseMatrix(rowCount: 3, columnCount: 3, values: [1, 0, 0, 0, 1, 0, 0, 0, 1]),
                constants: [1, 1, 0.1, 1])
        }
        if self == .factors {
            for row in catalogue.collaborative.indices {
                for column in catalogue.collaborative[row].indices { catalogue.collaborative[row][column] = 0 }
            }
        }
        guard self == .users else { return }
        var lists = IndexLists()
        for item in 0..<count {
            lists.append(
                catalogue.histories.indices.filter { user in catalogue.histories[user].contains { $0.item == item } }
                    .map { Int32($0) })
        }
        catalogue.usersOfItems = lists
    }
}
