import LinearAlgebra
import SeededRandom
import Testing

@testable import Segmentation

struct KMeansTests {
    private func configuration(_ clusterCount: Int) -> KMeansConfiguration {
        KMeansConfiguration(clusterCount: clusterCount)
    }

    @Test func findsTwoGroupsOnALine() throws {
        let rows = matrix([[10], [0], [1], [11], [2], [12], [13]])
        let model = try KMeans.fit(rows, configuration(2))
        // The larger group comes first.
        #expect(model.centres == matrix([[11.5], [1]]))
        #expect(model.labels == [0, 1, 1, 0, 1, 0, 0])
        #expect(model.sizes == [4, 3])
        #expect(model.inertia == 5 + 2)
    }

    /// All 3^8 ways to label eight rows.
    @Test func reachesTheBestOfAllPartitions() throws {
        let rows = clouds(8, 2, clusterCount: 3, spread: 2, seed: 5)
        var best = Double.infinity
        for number in 0..<6561 {
            var rest = number
            let labels = (0..<8).map { _ in
                defer { rest /= 3 }
                return Int32(rest % 3)
            }
            best = min(best, ClusterSpread(rows: rows, labels: labels).inertia)
        }
        let model = try KMeans.fit(rows, configuration(3))
        #expect(abs(model.inertia - best) <= 1e-6 * best)
    }

    @Test func oneClusterIsTheMean() throws {
        let model = try KMeans.fit(matrix([[1, 5], [2, 7], [6, 0]]), configuration(1))
        #expect(model.centres == matrix([[3, 4]]))
        #expect(model.inertia == 4 + 1 + 1 + 9 + 9 + 16)
    }

    @Test func asManyClustersAsRows() throws {
        let model = try KMeans.fit(clouds(9, 4, clusterCount: 3), configuration(9))
        #expect(model.sizes == Array(repeating: 1, count: 9))
        #expect(model.inertia < 1e-9)
    }

    @Test func fewerDifferentRowsThanClustersLeaveClustersEmpty() throws {
        let model = try KMeans.fit(matrix([[1], [1], [2], [2], [2]]), configuration(4))
        #expect(model.sizes == [3, 2, 0, 0])
        #expect(model.labels == [1, 1, 0, 0, 0])
        #expect(model.inertia == 0)
        #expect(model.centres.values.allSatisfy { $0.isFinite })
    }

    @Test(arguments: [(300, 2, 5), (4503, 3, 6), (300, 8, 9), (300, 11, 9), (300, 12, 7), (150, 40, 20), (2100, 3, 30)])
    func boundsChangeNothing(rowCount: Int, columnCount: Int, clusterCount: Int) {
        let rows = clouds(rowCount, columnCount, clusterCount: clusterCount, spread: 3, seed: 11)
        let seeds = rows.rows(0..<clusterCount)
        var iterations = LloydIterations(rows: rows, centres: seeds, threadCount: 2)
        iterations.run(limit: 12, shiftLimit: 0)
        let (expected, _) = plainLloyd(rows, from: seeds, iterations: iterations.iterationCount)
        let gap = zip(iterations.centres.values, expected.values).map { abs($0 - $1) }.max() ?? .infinity
        #expect(iterations.iterationCount > 3)
        #expect(gap < 1e-4)
    }

    @Test func threadsChangeNothing() throws {
        let rows = clouds(4500, 3, clusterCount: 6, spread: 4, seed: 3)
        let centres = (1...3).map { threadCount in
            var iterations = LloydIterations(rows: rows, centres: rows.rows(0..<7), threadCount: threadCount)
            iterations.run(limit: 5, shiftLimit: 0)
            return iterations.centres
        }
        #expect(centres[1] == centres[0] && centres[2] == centres[0])
        let assigned = (1...3).map { NearestCentres(of: rows, to: centres[0], threadCount: $0) }
        #expect(assigned[1] == assigned[0] && assigned[2] == assigned[0])
        let seeds = (1...3).map { threadCount in
            var generator = SplitMix64(seed: 1)
            var seeding = CentreSeeding(rows: rows, threadCount: threadCount)
            return seeding.chooseRows(6, using: &generator)
        }
        #expect(seeds[1] == seeds[0] && seeds[2] == seeds[0])
        var configuration = configuration(5)
        configuration.initialisationCount = 3
        configuration.maximumIterationCount = 4
        let one = try KMeans.fit(rows, configuration)
        configuration.threadCount = 2
        #expect(try KMeans.fit(rows, configuration) == one)
    }

    @Test func seedsDiffer() throws {
        let rows = clouds(400, 5, clusterCount: 5, spread: 5, seed: 9)
        var configuration = configuration(12)
        configuration.initialisationCount = 1
        let first = try KMeans.fit(rows, configuration)
        #expect(try KMeans.fit(rows, configuration) == first)
        configuration.seed = 43
        #expect(try KMeans.fit(rows, configuration).labels != first.labels)
    }

    @Test func emptyClustersTakeTheFarthestRows() {
        let rows = matrix([[0], [1], [10], [11], [30]])
        var iterations = LloydIterations(rows: rows, centres: matrix([[0.5], [10.5], [1000]]), threadCount: 1)
        iterations.run(limit: 50, shiftLimit: 0)
        #expect(iterations.centres == matrix([[0.5], [10.5], [30]]))
    }

    @Test func farFromTheOriginNothingIsLost() throws {
        let near = clouds(400, 2, clusterCount: 4, seed: 21)
        var far = near
        // A power of two keeps the rows' own digits: 2^-7 is the Float step there.
        for index in far.values.indices { far.values[index] = (near.values[index] * 128).rounded() / 128 + 65536 }
        var same = far
        for index in same.values.indices { same.values[index] -= 65536 }
        let (a, b) = (try KMeans.fit(same, configuration(4)), try KMeans.fit(far, configuration(4)))
        #expect(a.labels == b.labels)
        #expect(abs(a.inertia - b.inertia) < 1e-3 * a.inertia)
    }

    @Test func labelsAreThoseOfTheNearestCentres() throws {
        let rows = clouds(1000, 6, clusterCount: 4, spread: 4, seed: 2)
        let model = try KMeans.fit(rows, configuration(7))
        let alone = NearestCentres(of: rows.rows([432]), to: model.centres, threadCount: 1)
        #expect(alone.labels == [model.labels[432]])
        let wrong = (0..<rows.rowCount).filter { row in
            let own = squaredDistance(rows, row, model.centres, Int(model.labels[row]))
            return (0..<7).contains { squaredDistance(rows, row, model.centres, $0) < own }
        }
        #expect(wrong.isEmpty)
        #expect(model.sizes.reduce(0, +) == 1000)
        #expect(model.sizes == model.sizes.sorted(by: >))
    }

    @Test func miniBatchesComeNear() throws {
        let rows = clouds(3000, 4, clusterCount: 10, seed: 4)
        var configuration = configuration(10)
        let full = try KMeans.fit(rows, configuration)
        configuration.method = .miniBatch(batchSize: 300)
        let quick = try KMeans.fit(rows, configuration)
        #expect(quick.inertia >= full.inertia * (1 - 1e-9))
        #expect(quick.inertia < full.inertia * 1.05)
        #expect(try KMeans.fit(rows, configuration) == quick)
    }

    @Test func parallelSeedingFindsTheClouds() throws {
        let rows = clouds(1500, 8, clusterCount: 15, spread: 0.2, seed: 6)
        var configuration = configuration(15)
        let full = try KMeans.fit(rows, configuration)
        configuration.seeding = .parallel
        #expect(abs(try KMeans.fit(rows, configuration).inertia / full.inertia - 1) < 1e-6)
        #expect(full.sizes == Array(repeating: 100, count: 15))
    }

    @Test func refusesWhatHasNoAnswer() {
        func code(_ rows: DenseMatrix, _ change: (inout KMeansConfiguration) -> Void) -> SegmentationError.Code? {
            var configuration = configuration(2)
            change(&configuration)
            do throws(SegmentationError) {
                _ = try KMeans.fit(rows, configuration)
                return nil
            } catch {
                return error.code
            }
        }
        let rows = matrix([[1], [2], [3]])
        #expect(code(rows) { _ in } == nil)
        #expect(code(rows) { $0.clusterCount = 4 } == .tooFewRows)
        #expect(code(rows) { $0.clusterCount = 0 } == .badOption)
        #expect(code(rows) { $0.initialisationCount = 0 } == .badOption)
        #expect(code(rows) { $0.tolerance = .nan } == .badOption)
        #expect(code(matrix([])) { _ in } == .tooFewRows)
        #expect(code(DenseMatrix(zeros: 5, 0)) { _ in } == .tooFewRows)
        #expect(code(matrix([[1], [.nan], [3]])) { _ in } == .notFinite)
        #expect(code(matrix([[1], [2], [.infinity]])) { _ in } == .notFinite)
        #expect(code(matrix([[1], [2], [3e30]])) { _ in } == .notFinite)
    }

    /// Given centres keep their order, and an offset of all rows changes nothing.
    @Test func refiningKeepsTheOrderOfTheCentres() throws {
        let values: [Float] = [1000, 1001, 1002, 2000, 2001, 2002]
        let rows = DenseMatrix(rowCount: 6, columnCount: 1, values: values)
        let configuration = KMeansConfiguration(clusterCount: 1)
        for (centres, labels, means) in [
            ([1990, 1010], [1, 1, 1, 0, 0, 0], [2001, 1001]), ([1010, 1990], [0, 0, 0, 1, 1, 1], [1001, 2001]),
        ] as [([Float], [Int32], [Float])] {
            let model = try KMeans.refine(
                rows, from: DenseMatrix(rowCount: 2, columnCount: 1, values: centres), configuration)
            #expect(model.labels == labels && model.centres.values == means)
            #expect(model.inertia == 4 && model.sizes == [3, 3])
        }
        #expect(throws: SegmentationError.self) {
            try KMeans.refine(rows, from: DenseMatrix(zeros: 7, 1), configuration)
        }
    }
}
