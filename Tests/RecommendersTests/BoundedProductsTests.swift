import LinearAlgebra
import SeededRandom
import Testing

@testable import Recommenders

/// What is left out because a bound says so is never among the strongest.
@Suite struct BoundedProductsTests {
    /// Items with a few words each: some words are everywhere, most are rare.
    private static func words(_ itemCount: Int, seed: UInt64) -> SparseMatrix {
        var generator = SplitMix64(seed: seed)
        return sparse(
            (0..<itemCount).map { item in
                (0..<200).map { word in
                    let share = word < 5 ? 0.8 : word < 20 ? 0.2 : 0.02
                    guard generator.nextUniform() < share else { return 0 }
                    return Float((word < 5 ? 0.2 : word < 20 ? 0.5 : 1) * (0.5 + generator.nextUniform()))
                }
            }, columnCount: 200)
    }

    private static func products(
        _ rows: SparseMatrix, _ features: SparseMatrix, _ factors: [Double], _ count: Int
    ) -> (bounded: SparseMatrix, all: SparseMatrix) {
        let bounded = BoundedProducts(rows: rows, features: features, factors: factors, neighbourCount: count)
        return (
            bounded.strongest(threadCount: 2),
            ScaledProducts.strongest(
                rows: rows, features: features, rowFactors: factors, columnFactors: factors, neighbourCount: count,
                shrinkage: 0, threadCount: 1)
        )
    }

    private static func expectSame(_ found: (bounded: SparseMatrix, all: SparseMatrix)) {
        #expect(found.bounded.rowOffsets == found.all.rowOffsets)
        for row in 0..<found.all.rowCount {
            // Sums are made in another order: of two products that differ by a rounding either may be the last one.
            let range = found.all.range(ofRow: row)
            let (bounded, all) = (found.bounded.values[range].sorted(), found.all.values[range].sorted())
            #expect(zip(bounded, all).allSatisfy { ($0 - $1).magnitude <= 1e-6 * $1 })
            let differing = Set(found.bounded.columnIndexes[range])
                .symmetricDifference(found.all.columnIndexes[range])
            #expect(differing.count <= 2)
        }
    }

    @Test(arguments: [1, 10, 100, 900]) func findsWhatAllSumsFind(count: Int) {
        let rows = Self.words(900, seed: 1)
        let factors = (0..<900).map { 1 / (1 + Double($0 % 3)) }
        Self.expectSame(Self.products(rows, rows.transposed(), factors, count))
    }

    @Test func itemsThatAreNobodysNeighboursHaveNeighbours() {
        let rows = Self.words(600, seed: 2)
        let features = sparse(
            denseRows(rows).enumerated().map { $0.offset % 3 == 0 ? $0.element.map { _ in 0 } : $0.element },
            columnCount: 200
        ).transposed()
        let found = Self.products(rows, features, Array(repeating: 1, count: 600), 20)
        Self.expectSame(found)
        #expect(found.bounded.columnIndexes.allSatisfy { $0 % 3 != 0 })
    }

    @Test func equalItemsAreTakenByAscendingIndex() {
        let rows = sparse(Array(repeating: [1, 2, 3], count: 500), columnCount: 3)
        let found = Self.products(rows, rows.transposed(), Array(repeating: 1, count: 500), 4)
        #expect(found.bounded == found.all)
        #expect(Array(found.bounded.columnIndexes.prefix(8)) == [1, 2, 3, 4, 0, 2, 3, 4])
    }

    @Test func onlyValuesAboveZeroAreBounded() {
        let ones: [Double] = [1, 1]
        for value: Float in [-1, .nan, .infinity] {
            let rows = sparse([[1, value], [1, 1]], columnCount: 2)
            #expect(!BoundedProducts.isUsable(rows, rows.transposed(), ones))
        }
        let rows = sparse([[1, 1], [1, 1]], columnCount: 2)
        #expect(BoundedProducts.isUsable(rows, rows.transposed(), ones))
        #expect(!BoundedProducts.isUsable(rows, rows.transposed(), [1, -1]))
    }

    @Test func anItemWithoutAFactorHasNoNeighbours() {
        let rows = sparse([[1, 1], [1, 1], [1, 0]], columnCount: 2)
        let found = Self.products(rows, rows.transposed(), [1, 0, 1], 2)
        #expect(denseRows(found.bounded) == [[0, 0, 1], [0, 0, 0], [1, 0, 0]])
    }
}
