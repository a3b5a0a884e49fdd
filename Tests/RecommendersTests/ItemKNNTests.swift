import LinearAlgebra
import Recommenders
import Testing

@Suite struct ItemKNNTests {
    func bruteForce(_ rows: [[Float]], shrinkage: Double) -> [[Double]] {
        let n = rows.first?.count ?? 0
        func dot(_ i: Int, _ j: Int) -> Double { rows.reduce(0) { $0 + Double($1[i]) * Double($1[j]) } }
        return (0..<n).map { i in
            (0..<n).map { j in
                let support = Double(rows.filter { $0[i] != 0 && $0[j] != 0 }.count)
                guard i != j, support > 0 else { return 0 }
                let cosine = dot(i, j) / (dot(i, i) * dot(j, j)).squareRoot()
                return max(0, cosine * support / (support + shrinkage))
            }
        }
    }

    @Test func byHand() {
        // Items 0 and 1 share both users of item 0; cosine 2 / sqrt(2 * 3), support 2 of 2 + 2.
        let rows: [[Float]] = [[1, 1, 0], [1, 1, 0], [0, 1, 2]]
        let neighbours = denseRows(
            ItemKNN.train(sparse(rows, columnCount: 3), configuration: .init(shrinkage: 2), threadCount: 1))
        let strong = Float(2 / 6.0.squareRoot() * 0.5)
        let weak = Float(2 / 12.0.squareRoot() / 3)
        #expect(neighbours == [[0, strong, 0], [strong, 0, weak], [0, weak, 0]])
    }

    @Test(arguments: [0, 10] as [Double], [false, true]) func agreesWithDefinition(shrinkage: Double, dislikes: Bool) {
        let rows = randomInteractions(120, 40, density: 0.15, dislikes: dislikes, seed: 8)
        let neighbours = denseRows(
            ItemKNN.train(sparse(rows, columnCount: 40), configuration: .init(shrinkage: shrinkage), threadCount: 2))
        let expected = bruteForce(rows, shrinkage: shrinkage)
        for i in 0..<40 {
            for j in 0..<40 { #expect((Double(neighbours[i][j]) - expected[i][j]).magnitude < 1e-6) }
        }
    }

    @Test func truncationKeepsTheStrongest() {
        let rows = randomInteractions(200, 50, density: 0.1, seed: 9)
        let matrix = sparse(rows, columnCount: 50)
        let full = ItemKNN.train(matrix, threadCount: 2)
        let truncated = ItemKNN.train(matrix, configuration: .init(neighbourCount: 7), threadCount: 2)
        let (fullTargets, targets) = (denseRows(full.transposed()), truncated.transposed())
        for target in 0..<50 {
            let best = TopKSelector.best(7, of: fullTargets[target].map { $0 == 0 ? -.infinity : $0 })
            #expect(Array(targets.columnIndexes[targets.range(ofRow: target)]) == best.map(\.index).sorted())
        }
    }

    @Test func endlessHistoriesAreCut() {
        // One robot with everything, weight 1 except for two items.
        var robot = [Float](repeating: 1, count: 100)
        robot[70] = 5
        robot[3] = -6
        let matrix = sparse([robot, [1, 1] + [Float](repeating: 0, count: 98)], columnCount: 100)
        let limited = matrix.limitingRows(to: 10)
        #expect(limited.range(ofRow: 0).count == 10)
        #expect(limited.range(ofRow: 1).count == 2)
        let kept = limited.columnIndexes[limited.range(ofRow: 0)]
        #expect(kept.contains(70) && kept.contains(3))
        #expect(Array(kept) == kept.sorted())
        // Equal weights are drawn, not taken from the lowest index on.
        #expect(Array(kept.prefix(8)) != [0, 1, 2, 3, 4, 5, 6, 7])
        #expect(matrix.limitingRows(to: 100) == matrix)
        #expect(matrix.limitingRows(to: 0).storedCount == 0)
    }

    @Test func storedZerosAreNoInteraction() {
        let zeros = SparseMatrix(
            rowCount: 1, columnCount: 2, rowOffsets: [0, 2], columnIndexes: [0, 1], values: [0, 1])
        #expect(ItemKNN.train(zeros, threadCount: 1).storedCount == 0)
    }
}
