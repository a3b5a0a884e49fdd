import LinearAlgebra
import Testing

@testable import Segmentation

struct TransfersTests {
    /// The row at 4 is nearer to the mean of 0 and 4 than to 7, and still the sum falls when it changes over.
    @Test func movesARowThatLloydLeaves() {
        let rows = matrix([[0], [4], [7], [7], [7], [7]])
        let centres = matrix([[2], [7]])
        let nearest = NearestCentres(of: rows, to: centres, threadCount: 1)
        #expect(nearest.labels == [0, 0, 1, 1, 1, 1])
        #expect(nearest.inertia == 8)
        var transfers = Transfers(rows: rows, nearest: nearest, centres: centres)
        transfers.run(limit: 100, leastGain: 0)
        // 4 * 2 / 1 = 8 leaves, 9 * 4 / 5 = 7.2 comes.
        #expect(transfers.centres == matrix([[0], [6.4]]))
        #expect(abs(NearestCentres(of: rows, to: transfers.centres, threadCount: 1).inertia - 7.2) < 1e-5)
    }

    @Test(arguments: [(200, 30, 20), (300, 8, 25), (120, 3, 12)])
    func noSingleMoveIsLeftThatLowersTheInertia(rowCount: Int, columnCount: Int, clusterCount: Int) {
        let rows = clouds(rowCount, columnCount, clusterCount: clusterCount, spread: 3, seed: 7)
        var iterations = LloydIterations(rows: rows, centres: rows.rows(0..<clusterCount), threadCount: 1)
        iterations.run(limit: 100, shiftLimit: 0)
        let lloyd = NearestCentres(of: rows, to: iterations.centres, threadCount: 1)
        var transfers = Transfers(rows: rows, nearest: lloyd, centres: iterations.centres)
        transfers.run(limit: 100, leastGain: 0)
        let nearest = NearestCentres(of: rows, to: transfers.centres, threadCount: 1)
        #expect(nearest.inertia < lloyd.inertia)
        // Brute force: every row to every other cluster, measured from scratch.
        let inertia = ClusterSpread(rows: rows, labels: nearest.labels).inertia
        #expect(abs(inertia - nearest.inertia) < 1e-4 * inertia)
        var greatestGain = 0.0
        for row in 0..<rowCount where nearest.labels.count(where: { $0 == nearest.labels[row] }) > 1 {
            for cluster in 0..<Int32(clusterCount) where cluster != nearest.labels[row] {
                var labels = nearest.labels
                labels[row] = cluster
                greatestGain = max(greatestGain, inertia - ClusterSpread(rows: rows, labels: labels).inertia)
            }
        }
        #expect(greatestGain <= 1e-6 * inertia)
    }

    @Test func theOnlyRowOfAClusterStays() {
        let rows = matrix([[0], [10], [10.5]])
        let centres = matrix([[0], [10], [10.5]])
        var transfers = Transfers(
            rows: rows, nearest: NearestCentres(of: rows, to: centres, threadCount: 1), centres: centres)
        transfers.run(limit: 100, leastGain: 0)
        #expect(transfers.centres == centres)
    }

    @Test func seedsShareNoStart() throws {
        let rows = clouds(500, 6, clusterCount: 30, spread: 4, seed: 8)
        var configuration = KMeansConfiguration(clusterCount: 30)
        configuration.initialisationCount = 1
        let inertias = try (0..<20).map { seed in
            configuration.seed = UInt64(seed)
            return try KMeans.fit(rows, configuration).inertia
        }
        #expect(Set(inertias).count == 20)
        // Were start n of seed s start n + 1 of seed s - 1, three starts of each would find some of the same minima.
        configuration.initialisationCount = 3
        let best = try (0..<20).map { seed in
            configuration.seed = UInt64(seed)
            return try KMeans.fit(rows, configuration).inertia
        }
        #expect(Set(best).count == 20)
        for (one, three) in zip(inertias, best) { #expect(three <= one) }
    }
}
