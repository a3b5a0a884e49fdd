import LinearAlgebra
import SeededRandom
import Testing

@testable import Segmentation

@Suite struct SampledStartsTests {
    /// 140,000 rows in six clouds whose sizes differ by a factor of eleven.
    private static func clouds() -> DenseMatrix {
        var generator = SplitMix64(seed: 3)
        var values: [Float] = []
        for row in 0..<140_000 {
            let cloud = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 4, 5][row % 20]
            values.append(Float(Double(cloud % 3) * 10 + generator.nextNormal()))
            values.append(Float(Double(cloud / 3) * 10 + generator.nextNormal()))
        }
        return DenseMatrix(rowCount: 140_000, columnCount: 2, values: values)
    }

    @Test func everyRowHasTheSameChanceOfBeingSampled() throws {
        var configuration = KMeansConfiguration(clusterCount: 2)
        let rows = DenseMatrix(
            rowCount: 160_000, columnCount: 1, values: (0..<160_000).map { Float($0) })
        var drawn: [Float] = []
        for seed in 1...3 {
            configuration.seed = UInt64(seed)
            let sample = try #require(SampledStarts(of: rows, configuration)).sample
            #expect(sample.rowCount == 32_767)
            let isAscending = zip(sample.values, sample.values.dropFirst()).allSatisfy { $0 < $1 }
            #expect(isAscending)
            drawn += sample.values
        }
        // 3 x 32,767 of 3 x 160,000: 12,287 in each eighth, with a standard deviation of 100.
        for eighth in 0..<8 {
            let range = Float(eighth * 20_000)..<Float((eighth + 1) * 20_000)
            #expect(abs(drawn.count { range.contains($0) } - 12_287) < 5 * 100)
        }
    }

    /// 32,767 rows, or 200 of each cluster, must be at most a quarter of all.
    @Test func fewRowsAreNotSampled() {
        let configuration = KMeansConfiguration(clusterCount: 2)
        #expect(SampledStarts(of: DenseMatrix(zeros: 131_067, 1), configuration) == nil)
        #expect(SampledStarts(of: DenseMatrix(zeros: 131_068, 1), configuration)?.sample.rowCount == 32_767)
        #expect(SampledStarts(of: DenseMatrix(zeros: 140_000, 1), KMeansConfiguration(clusterCount: 176)) == nil)
    }

    @Test func clusteringsThatAreTheSameGoOnOnce() {
        var configuration = KMeansConfiguration(clusterCount: 1)
        func clustering(_ inertia: Double) -> (centres: DenseMatrix, inertia: Double) {
            (DenseMatrix(rowCount: 1, columnCount: 1, values: [Float(inertia)]), inertia)
        }
        let all = [30, 10.0005, 10, 20, 40, 20.5].map { clustering($0) }
        configuration.initialisationCount = 10
        #expect(SampledStarts.kept(all, configuration).map { $0.values[0] } == [10, 20, 20.5])
        configuration.initialisationCount = 2
        #expect(SampledStarts.kept(all, configuration).map { $0.values[0] } == [10, 20])
    }

    /// One large cloud, and six groups of four rows far away, which hardly any sample shows.
    @Test func rareGroupsAreFoundAmongManyRows() throws {
        var generator = SplitMix64(seed: 9)
        var values: [Float] = []
        for row in 0..<140_000 {
            let group = row % 23_333 < 4 && row / 23_333 < 6 ? row / 23_333 + 1 : 0
            values.append(Float(Double(group) * 1000 + generator.nextNormal()))
            values.append(Float(Double(group % 2) * 1000 + generator.nextNormal()))
        }
        var configuration = KMeansConfiguration(clusterCount: 7)
        configuration.initialisationCount = 1
        configuration.threadCount = 2
        let found = try KMeans.fit(DenseMatrix(rowCount: 140_000, columnCount: 2, values: values), configuration)
        #expect(found.sizes == [139_976, 4, 4, 4, 4, 4, 4])
        #expect(found.inertia < 140_000 * 2 * 1.02)
    }

    /// The inertia of the clouds themselves, which every row's cloud gives; and the same for all thread counts.
    @Test func findsEveryCloudOfManyRows() throws {
        let rows = Self.clouds()
        var configuration = KMeansConfiguration(clusterCount: 6)
        configuration.initialisationCount = 1
        let one = try KMeans.fit(rows, configuration)
        configuration.threadCount = 2
        let two = try KMeans.fit(rows, configuration)
        let isSame = one.centres == two.centres && one.labels == two.labels
        #expect(isSame)
        // Of a normal cloud in two dimensions, 2 for each row.
        #expect(one.inertia < 140_000 * 2 * 1.01)
        #expect(one.sizes == one.sizes.sorted(by: >) && one.sizes.reduce(0, +) == 140_000)
        #expect(abs(one.sizes[0] - 77_000) < 200 && abs(one.sizes[5] - 7_000) < 200)
    }
}
