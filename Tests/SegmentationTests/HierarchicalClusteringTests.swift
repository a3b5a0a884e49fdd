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
            try HierarchicalClustering.fit(DenseMatrix(zeros: 20_001, 1), linkage: .ward, threadCount: 1)
        }
    }
}
