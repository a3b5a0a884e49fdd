import LinearAlgebra
import Segmentation
import Testing

struct HierarchicalClusteringTests {
    @Test func mergesOnALine() throws {
        let rows = matrix([[0], [1], [5], [7], [20]])
        let average = try HierarchicalClustering.fit(rows, linkage: .average, threadCount: 1)
        // {0,1} at 1; {5,7} at 2; their mean distance (5 + 7 + 4 + 6) / 4; then (20 + 19 + 15 + 13) / 4.
        #expect(average.merges.map(\.height) == [1, 2, 5.5, 16.75])
        let ward = try HierarchicalClustering.fit(rows, linkage: .ward, threadCount: 2)
        // sqrt(2 * a b / (a + b)) times the distance of the means.
        let expected = [1, 2, (2.0 * 4 / 4).squareRoot() * 5.5, (2.0 * 4 / 5).squareRoot() * 16.75]
        for (height, value) in zip(ward.merges.map(\.height), expected) { #expect(abs(height - value) < 1e-5) }
        #expect(average.labels(clusterCount: 2) == [0, 0, 0, 0, 1])
        #expect(average.labels(clusterCount: 3) == [0, 0, 1, 1, 2])
        #expect(average.labels(clusterCount: 9) == [0, 1, 2, 3, 4])
    }

    /// Goldens: SciPy 1.x `linkage` and `fcluster(4, "maxclust")`. They change only with the rows.
    @Test func agreesWithSciPy() throws {
        let rows = GoldenRows().rows
        let ward = try HierarchicalClustering.fit(rows, linkage: .ward, threadCount: 2)
        #expect(abs(ward.merges.reduce(0) { $0 + $1.height } - 2643.979736802374) < 1e-2)
        #expect(abs(ward.merges[58].height - 460.96284497174435) < 1e-3)
        #expect(abs(ward.merges[57].height - 202.71794170445023) < 1e-3)
        #expect(abs(ward.merges[0].height - 5.830951894845301) < 1e-5)
        #expect(sizes(ward.labels(clusterCount: 4)) == [24, 20, 8, 8])
        let average = try HierarchicalClustering.fit(rows, linkage: .average, threadCount: 1)
        #expect(abs(average.merges.reduce(0) { $0 + $1.height } - 1538.3927248737646) < 1e-2)
        #expect(abs(average.merges[58].height - 94.94983547225056) < 1e-3)
        #expect(sizes(average.labels(clusterCount: 4)) == [23, 23, 13, 1])
    }

    /// SciPy 1.17: `linkage(rows, "ward")` and "average", whose trees differ in their heights alone.
    @Test(
        arguments: [
            (
                .ward,
                [
                    9.486832980505138, 12.36931687685298, 13, 16.010413278030438, 23.671361036774655, 38.01929334780785,
                    60.73398279930822,
                ]
            ),
            (
                .average,
                [
                    9.486832980505138, 12.36931687685298, 13, 15.139410298049853, 21.37169730450985, 26.045871310145444,
                    35.05224848504806,
                ]
            ),
        ] as [(HierarchicalClustering.Linkage, [Double])])
    func stepsAreSciPysLinkage(_ linkage: HierarchicalClustering.Linkage, _ heights: [Double]) throws {
        let rows = matrix([[3, 14], [15, 9], [26, 5], [35, 8], [9, 32], [38, 46], [26, 43], [38, 32]])
        let tree = try HierarchicalClustering.fit(rows, linkage: linkage, threadCount: 1)
        #expect(tree.steps.map(\.first) == [2, 5, 0, 7, 4, 8, 11])
        #expect(tree.steps.map(\.second) == [3, 6, 1, 9, 10, 12, 13])
        #expect(tree.steps.map(\.size) == [2, 2, 2, 3, 3, 5, 8])
        #expect(tree.steps.map(\.firstSize) == [1, 1, 1, 1, 1, 2, 3])
        for (step, height) in zip(tree.steps, heights) { #expect(abs(step.height - height) < 1e-5) }
        // The clusters of fcluster(3, "maxclust"), the largest first and of equal ones that of the lowest row.
        let clusters = TreeClusters(cutting: tree, of: rows, count: 3)
        #expect(clusters.labels == [0, 0, 2, 2, 0, 1, 1, 1] && clusters.sizes == [3, 3, 2])
        #expect(clusters.centres.values.prefix(4).elementsEqual([9, Float(55.0 / 3), 34, Float(121.0 / 3)]))
    }

    @Test func numbersOfEarlierCentresStay() throws {
        let rows = matrix([[0], [1], [0], [9], [8], [30]])
        let tree = try HierarchicalClustering.fit(rows, linkage: .ward, threadCount: 1)
        #expect(TreeClusters(cutting: tree, of: rows, count: 3).labels == [0, 0, 0, 1, 1, 2])
        let matched = TreeClusters(cutting: tree, of: rows, count: 3, previous: matrix([[29], [2], [7]]))
        #expect(matched.labels == [1, 1, 1, 2, 2, 0] && matched.sizes == [1, 3, 2])
        #expect(matched.centres == matrix([[30], [Float(1.0 / 3)], [8.5]]))
        // What has no earlier centre comes last.
        let more = TreeClusters(cutting: tree, of: rows, count: 3, previous: matrix([[7], [2]]))
        #expect(more.labels == [1, 1, 1, 0, 0, 2])
    }

    private func sizes(_ labels: [Int32]) -> [Int] {
        (0...(labels.max() ?? 0)).map { label in labels.count { $0 == label } }
    }

    @Test func edges() throws {
        let none = try HierarchicalClustering.fit(DenseMatrix(zeros: 0, 2), linkage: .ward, threadCount: 1)
        #expect(none.merges.isEmpty && none.labels(clusterCount: 3).isEmpty)
        let one = try HierarchicalClustering.fit(matrix([[4]]), linkage: .ward, threadCount: 1)
        #expect(one.labels(clusterCount: 1) == [0])
        let equal = try HierarchicalClustering.fit(matrix([[4], [4], [4]]), linkage: .average, threadCount: 1)
        #expect(equal.merges.map(\.height) == [0, 0])
        #expect(throws: SegmentationError.self) {
            try HierarchicalClustering.fit(matrix([[.nan], [1]]), linkage: .ward, threadCount: 1)
        }
        #expect(throws: SegmentationError.self) {
            try HierarchicalClustering.fit(matrix([[1e16], [1]]), linkage: .average, threadCount: 1)
        }
        #expect(throws: SegmentationError.self) {
            try HierarchicalClustering.fit(DenseMatrix(zeros: 20_001, 1), linkage: .ward, threadCount: 1)
        }
    }
}
