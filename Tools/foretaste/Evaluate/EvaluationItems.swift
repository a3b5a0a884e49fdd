import Evaluation
import IndexBuilding
import Interactions
import RecommendationIndex
import RecommendationService

/// What an evaluation knows of the items beside their numbers: vectors of the index, categories of the catalogue.
enum EvaluationItems {
    /// The properties that are taken for the category where none is named, the first that any item has.
    static let usualCategoryNames = ["genres", "category", "department"]

    /// `category` names a property. Throws where no item has it.
    static func descriptions(
        of holdOut: HoldOut, in heldOut: HeldOutIndex, category: String?
    ) throws(RunFailure) -> ItemDescriptions {
        let items = holdOut.training.items
        let name = category ?? usualCategoryNames.first { name in items.contains { $0[name] != nil } }
        if let category, !items.contains(where: { $0[category] != nil }) {
            throw RunFailure(
                description: "no item of the catalogue has the property '\(category)' that --category names; "
                    + "with --item-columns only the properties named there are kept")
        }
        let index = heldOut.serving.index
        let dimension = index.vectors.columnCount
        var vectors = [Float](repeating: 0, count: holdOut.items.count * dimension)
        for (item, number) in heldOut.itemNumbers.enumerated() {
            let row = unsafe index.vectors.row(item)
            for column in 0..<dimension { unsafe vectors[Int(number) * dimension + column] = row[column] }
        }
        return ItemDescriptions(
            categoryName: name, categories: name.map { categories(named: $0, of: holdOut) } ?? [],
            vectors: vectors, dimension: dimension)
    }

    /// Dense numbers in the order of the catalogue's file; of a repeated item the first counts, as in a build.
    private static func categories(named name: String, of holdOut: HoldOut) -> [[Int32]] {
        var known = IdentifierTable()
        var categories = [[Int32]](repeating: [], count: holdOut.items.count)
        for item in holdOut.training.items.reversed() {
            guard let number = holdOut.items.index(of: item.id) else { continue }
            let labels: [String] =
                switch item[name] {
                case .string(let label): [label]
                case .strings(let labels): labels
                case .number(let value): ["\(value)"]
                case .boolean(let value): ["\(value)"]
                case .time, nil: []
                }
            categories[Int(number)] = labels.map { known.intern($0) }
        }
        return categories
    }
}
