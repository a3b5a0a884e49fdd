import LinearAlgebra
import SeededRandom
import Testing

@testable import Segmentation

/// Goldens: scikit-learn's `silhouette_score`, `silhouette_samples`, `davies_bouldin_score` and
/// `calinski_harabasz_score` on `GoldenRows`. They change only with the rows.
struct DiagnosticsTests {
    private let golden = GoldenRows()

    @Test func rowsAreThoseOfTheGoldens() {
        #expect(golden.rows.values.reduce(0, +) == 9764)
        #expect((0..<4).map { label in golden.randomLabels.count { $0 == label } } == [14, 14, 16, 16])
    }

    @Test func silhouettesAgreeWithScikitLearn() {
        let groups = Silhouette.mean(rows: golden.rows, labels: golden.groups, threadCount: 2)
        #expect(abs(groups - 0.19144847384001) < 1e-12)
        let random = Silhouette.mean(rows: golden.rows, labels: golden.randomLabels, threadCount: 1)
        #expect(abs(random - -0.09225781501056056) < 1e-12)
        let values = Silhouette.values(rows: golden.rows, labels: golden.groups, threadCount: 1)
        for (value, expected) in zip(values, [0.43495041, 0.03417205, -0.06614455]) {
            #expect(abs(value - expected) < 1e-8)
        }
    }

    @Test func spreadAgreesWithScikitLearn() {
        let groups = ClusterSpread(rows: golden.rows, labels: golden.groups)
        #expect(abs(groups.daviesBouldin - 1.2994790821128417) < 1e-12)
        #expect(abs(groups.calinskiHarabasz - 43.417584502878576) < 1e-10)
        let random = ClusterSpread(rows: golden.rows, labels: golden.randomLabels)
        #expect(abs(random.daviesBouldin - 13.078631998766738) < 1e-10)
        #expect(abs(random.calinskiHarabasz - 0.6485255187282861) < 1e-12)
    }

    @Test func byHand() {
        let rows = matrix([[0], [2], [10]])
        let values = Silhouette.values(rows: rows, labels: [0, 0, 2], threadCount: 1)
        #expect(values == [0.8, 0.75, 0])
        let spread = ClusterSpread(rows: rows, labels: [0, 0, 2])
        #expect(spread.inertia == 2)
        #expect(abs(spread.daviesBouldin - 1.0 / 9) < 1e-15)
        // Means 1 and 10 around 4: 2 * 9 + 36 = 54; (54 / 1) / (2 / 1).
        #expect(abs(spread.calinskiHarabasz - 27) < 1e-12)
    }

    @Test func edges() {
        let rows = matrix([[1], [2]])
        #expect(Silhouette.mean(rows: rows, labels: [0, 0], threadCount: 1).isNaN)
        #expect(Silhouette.values(rows: rows, labels: [0, 1], threadCount: 1) == [0, 0])
        #expect(ClusterSpread(rows: rows, labels: [0, 0]).daviesBouldin == 0)
        #expect(ClusterSpread(rows: rows, labels: [0, 0]).calinskiHarabasz.isNaN)
        #expect(Silhouette.values(rows: DenseMatrix(zeros: 0, 1), labels: [], threadCount: 1).isEmpty)
        #expect(Silhouette.values(rows: matrix([[3], [3]]), labels: [0, 1], threadCount: 1) == [0, 0])
    }

    @Test func samples() {
        let rows = clouds(900, 3, clusterCount: 4, seed: 12)
        let labels = (0..<900).map { Int32($0 % 4) }
        let exact = Silhouette.mean(rows: rows, labels: labels, threadCount: 2)
        func sampled(_ count: Int) -> Double {
            Silhouette.sampledMean(rows: rows, labels: labels, sampleSize: count, seed: 1, threadCount: 2)
        }
        #expect(abs(sampled(400) - exact) < 0.03)
        #expect(sampled(400) == sampled(400))
        #expect(sampled(900) == exact)
        let indexes = RowSample.indexes(of: 50, count: 20, seed: 3)
        #expect(Set(indexes).count == 20 && indexes == indexes.sorted() && indexes.allSatisfy { (0..<50).contains($0) })
    }

    @Test func countsRecommendPlantedClusters() throws {
        // Around four corners of a cube, no two of them on one edge.
        let corners: [[Float]] = [[0, 0, 0], [10, 10, 0], [10, 0, 10], [0, 10, 10]]
        var rows = clouds(200, 3, clusterCount: 1, spread: 0.5, seed: 31)
        for row in 0..<200 { for column in 0..<3 { rows[row, column] += corners[row % 4][column] } }
        let diagnostics = try ClusterCountDiagnostics(
            rows: rows, clusterCounts: Array(2...7), configuration: KMeansConfiguration(clusterCount: 4))
        #expect(diagnostics.recommendation.clusterCount == 4)
        #expect(diagnostics.recommendation.reasons.first == "4 clusters: preferred by 5 of 5 measures.")
        #expect(diagnostics.rows.map(\.clusterCount) == Array(2...7))
        let inertias = diagnostics.rows.map(\.inertia)
        #expect(inertias == inertias.sorted(by: >))
    }

    @Test func onEvenRowsTheGapSpeaksForNothing() throws {
        var generator = SplitMix64(seed: 5)
        var rows = DenseMatrix(zeros: 500, 2)
        for index in rows.values.indices { rows.values[index] = Float(generator.nextUniform()) }
        let configuration = KMeansConfiguration(clusterCount: 1)
        let inertias = try (1...3).map { count in
            var one = configuration
            one.clusterCount = count
            return try KMeans.fit(rows, one).inertia
        }
        let gaps = try GapStatistic.values(
            rows: rows, clusterCounts: [1, 2, 3], inertias: inertias, configuration: configuration)
        #expect(gaps.allSatisfy { abs($0.gap) < 0.1 && $0.standardError > 0 })
        #expect(gaps[0].gap >= gaps[1].gap - gaps[1].standardError)
    }

    @Test func elbowIsTheDeepestBend() {
        func rows(_ inertias: [Double]) -> [ClusterCountDiagnostics.Row] {
            inertias.enumerated().map {
                .init(
                    clusterCount: $0.offset + 2, inertia: $0.element, silhouette: 0, daviesBouldin: 0,
                    calinskiHarabasz: 0, gap: .init(gap: Double($0.offset), standardError: 0.5))
            }
        }
        #expect(ClusterCountDiagnostics.elbow(rows([100, 40, 10, 8, 6])) == 4)
        #expect(ClusterCountDiagnostics.elbow(rows([100, 75, 50])) == nil)
        #expect(ClusterCountDiagnostics.elbow(rows([100, 10])) == nil)
        #expect(ClusterCountDiagnostics.gapChoice(rows([3, 2, 1])) == nil)
        #expect(ClusterCountDiagnostics.recommendation([]).clusterCount == 1)
    }
}
