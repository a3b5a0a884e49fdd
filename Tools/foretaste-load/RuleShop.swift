import Interactions
import LinearAlgebra
import RecommendationIndex
import SeededRandom

/// A made-up catalogue with properties of every type, whose neighbours and histories prefer popular items as real ones do.
struct RuleShop {
    let itemCount: Int
    let historyLength: Int
    let neighbourCount: Int

    let userIds = (0..<200).map { "u" + String(1_000 + $0) }

    private static let dimension = 64

    /// Cubes of uniform numbers: a tenth of the items has nearly half of all.
    private func popularItem(_ random: inout SplitMix64) -> Int32 {
        let unit = Double(random.nextIndex(below: 1 << 30)) / Double(1 << 30)
        return Int32(Double(itemCount - 1) * unit * unit * unit)
    }

    func contents() -> IndexContents {
        var random = SplitMix64(seed: 1)
        let width = String(itemCount).utf8.count
        let ids = (0..<itemCount).map { place in
            let digits = String(place)
            return "i" + String(repeating: "0", count: width - digits.utf8.count) + digits
        }
        let scores = (0..<itemCount).map { 1 - Float($0) / Float(itemCount) }
        return IndexContents(
            itemIds: ids, userIds: userIds, itemProperties: properties(&random), collaborative: links(&random),
            collaborativeModel: "item-knn", contentNeighbours: links(&random), vectors: vectors(&random),
            histories: histories(&random), interactionCounts: Array(repeating: 1, count: itemCount), popularity: scores,
            trending: scores, recentPopularity: scores, fallback: scores,
            facts: IndexFacts(
                createdMilliseconds: 0, toolVersion: "measurement",
                blendWeights: StoredBlendWeights(content: 0.4, collaborative: 0.6, fallback: 0.3)))
    }

    private func properties(_ random: inout SplitMix64) -> [[Item.Property]] {
        (0..<itemCount).map { place in
            [
                .init("title", .string("Item \(place) of the x\(place % 97) kind")),
                .init("price", .number(Double(random.nextIndex(below: 100_000)) / 100)),
                .init("brand", .string("b\(random.nextIndex(below: 1_000))")),
                .init("tags", .strings((0..<3).map { _ in "t\(random.nextIndex(below: 200))" })),
                .init("inStock", .boolean(random.nextIndex(below: 2) == 0)),
                .init("launch", .time(Int64(random.nextIndex(below: 1_764_000_000)) * 1_000)),
            ]
        }
    }

    private func links(_ random: inout SplitMix64) -> SparseMatrix {
        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        for _ in 0..<itemCount {
            let row = Set((0..<neighbourCount).map { _ in popularItem(&random) }).sorted()
            for column in row {
                columns.append(column)
                values.append(Float(1 + random.nextIndex(below: 100)) / 100)
            }
            offsets.append(columns.count)
        }
        return SparseMatrix(
            rowCount: itemCount, columnCount: itemCount, rowOffsets: offsets, columnIndexes: columns, values: values)
    }

    private func vectors(_ random: inout SplitMix64) -> DenseMatrix {
        let unit = 1 / Float(Self.dimension).squareRoot()
        let values = (0..<itemCount * Self.dimension).map { _ in random.nextIndex(below: 2) == 0 ? unit : -unit }
        return DenseMatrix(rowCount: itemCount, columnCount: Self.dimension, values: values)
    }

    private func histories(_ random: inout SplitMix64) -> UserHistories {
        var histories = UserHistories(offsets: [0], itemIndexes: [], sums: [], times: [])
        for _ in userIds {
            let items = Set((0..<historyLength).map { _ in popularItem(&random) }).sorted()
            histories.itemIndexes += items
            histories.sums += Array(repeating: 1, count: items.count)
            histories.times += items.indices.map { Int64(items.count - $0) * 1_000 }
            histories.offsets.append(histories.itemIndexes.count)
        }
        return histories
    }
}
