import LinearAlgebra
import Recommenders
import Testing

/// Two features; items 0 and 1 are warm and point along one axis each, the others are cold.
@Suite struct ColdStartNeighboursTests {
    private let collaborative = matrix([[0, 3, 0, 0], [4, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])

    private func extended(
        features: [[Float]], similarities: [[Float]], strength: Double = 1, kept: Int = 4, threads: Int = 1
    ) -> SparseMatrix {
        ColdStartNeighbours.extending(
            collaborative, features: matrix(features), similarities: matrix(similarities),
            isWarm: [true, true, false, false], strength: strength, keptPerTarget: kept, threadCount: threads)
    }

    @Test func aColdItemGetsTheColumnsOfWhatItIsLike() {
        // Item 2 lies between both axes: K = I, so w = (I + I)^-1 (.6, .8) = (.3, .4), and its column is .3 B_0 + .4 B_1 =
        // (.4 * 3, .3 * 4) = (1.2, 1.2), brought to the upper median of the warm columns' lengths 3 and 4.
        let result = extended(
            features: [[1, 0], [0, 1], [0.6, 0.8], [0, 0]],
            similarities: [[0, 0, 0, 0], [0, 0, 0, 0], [0.6, 0.8, 0, 0], [0, 0, 0, 0]])
        let value = dense(result)
        #expect(value[0][1] == 3 && value[1][0] == 4)
        #expect(abs(value[0][2] - Float(8).squareRoot()) < 1e-5 && abs(value[1][2] - Float(8).squareRoot()) < 1e-5)
        // Nothing is like item 3, and nothing leads on from a cold item.
        #expect(value.map { $0[3] } == [0, 0, 0, 0])
        #expect(value[2] == [0, 0, 0, 0] && value[3] == [0, 0, 0, 0])
    }

    /// As the columns of the square matrix, but the model's rows are factors: more or fewer than items.
    @Test func aColdItemGetsTheFactorsOfWhatItIsLike() {
        let result = dense(
            ColdStartNeighbours.extending(
                rows: matrix([[3, 0, 0, 0, 0], [0, 0, 0, 0, -4], [0, 0, 0, 0, 0]]),
                features: matrix([[1, 0], [0, 1], [0.6, 0.8]]),
                similarities: matrix([[0, 0, 0], [0, 0, 0], [0.6, 0.8, 0]]), isWarm: [true, true, false], strength: 1,
                kept: 5, threadCount: 2))
        #expect(result[0] == [3, 0, 0, 0, 0] && result[1] == [0, 0, 0, 0, -4])
        // .3 (3, 0) + .4 (0, -4) = (.9, -1.6), brought to the length 4.
        let scale = 4 / Float(0.81 + 2.56).squareRoot()
        #expect(abs(result[2][0] - 0.9 * scale) < 1e-5 && abs(result[2][4] + 1.6 * scale) < 1e-5)
        #expect(result[2][1...3].allSatisfy { $0 == 0 })
    }

    @Test func copiesShareTheirWeight() {
        // Both warm items are the same to content: K is all ones, w = (1 / 3, 1 / 3).
        let result = dense(
            extended(
                features: [[1, 0], [1, 0], [1, 0], [1, 0]],
                similarities: [[0, 0, 0, 0], [0, 0, 0, 0], [1, 1, 0, 0], [0.5, 0.5, 0, 0]], strength: 0.5))
        // The column's direction is (3, 4) / 5, its length half of 4; of item 3 too, which is less alike.
        for item in [2, 3] {
            #expect(abs(result[0][item] - 1.2) < 1e-5)
            #expect(abs(result[1][item] - 1.6) < 1e-5)
        }
    }

    @Test func onlyTheStrongestValuesAreKept() {
        let result = dense(
            extended(
                features: [[1, 0], [1, 0], [1, 0], [0, 0]],
                similarities: [[0, 0, 0, 0], [0, 0, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0]], kept: 1))
        #expect(result[0][2] == 0)
        #expect(abs(result[1][2] - 4) < 1e-5)
    }

    @Test func whereThereIsNothingToPredictNothingChanges() {
        let none = [[Float]](repeating: [0, 0, 0, 0], count: 4)
        let features: [[Float]] = [[1, 0], [0, 1], [1, 0], [0, 1]]
        #expect(extended(features: features, similarities: none) == collaborative)
        var some = none
        some[2][0] = 1
        #expect(extended(features: features, similarities: some, strength: 0) == collaborative)
        #expect(extended(features: features, similarities: some, kept: 0) == collaborative)
        some[2][0] = .nan
        #expect(extended(features: features, similarities: some) == collaborative)
        let empty = matrix(none)
        let untrained = ColdStartNeighbours.extending(
            empty, features: matrix(features), similarities: matrix(some), isWarm: [true, true, false, false],
            strength: 1, keptPerTarget: 4, threadCount: 1)
        #expect(untrained == empty)
    }

    @Test func theNumberOfThreadsChangesNothing() {
        let features: [[Float]] = [[1, 0], [0.6, 0.8], [0.8, 0.6], [0, 1]]
        let similarities: [[Float]] = [[0, 0, 0, 0], [0, 0, 0, 0], [0.8, 0.96, 0, 0], [0, 0.8, 0, 0]]
        let one = extended(features: features, similarities: similarities)
        #expect(one == extended(features: features, similarities: similarities, threads: 3))
        #expect(one.storedCount > collaborative.storedCount)
    }

    private func dense(_ sparse: SparseMatrix) -> [[Float]] {
        (0..<sparse.rowCount).map { row in
            var values = [Float](repeating: 0, count: sparse.columnCount)
            for entry in sparse.range(ofRow: row) { values[Int(sparse.columnIndexes[entry])] = sparse.values[entry] }
            return values
        }
    }
}

private func matrix(_ rows: [[Float]]) -> SparseMatrix {
    var (offsets, columns, values): ([Int], [Int32], [Float]) = ([0], [], [])
    for row in rows {
        for (column, value) in row.enumerated() where value != 0 {
            columns.append(Int32(column))
            values.append(value)
        }
        offsets.append(columns.count)
    }
    return SparseMatrix(
        rowCount: rows.count, columnCount: rows.first?.count ?? 0, rowOffsets: offsets, columnIndexes: columns,
        values: values)
}
