import LinearAlgebra
import TestSupport
import Testing

@testable import Segmentation

struct CentreMatchingTests {
    @Test(arguments: [(5, 5), (3, 5), (1, 4), (6, 6)])
    func costsTheLeastOfAllPairings(rowCount: Int, columnCount: Int) {
        var generator = SeededGenerator(seed: 17)
        for _ in 0..<20 {
            let costs = (0..<rowCount).map { _ in (0..<columnCount).map { _ in generator.unit() } }
            let partners = CentreMatching.partners(costs)
            #expect(Set(partners).count == rowCount)
            let cost = partners.enumerated().reduce(0) { $0 + costs[$1.offset][$1.element] }
            #expect(abs(cost - leastCost(costs, row: 0, free: Array(0..<columnCount))) < 1e-12)
        }
    }

    private func leastCost(_ costs: [[Double]], row: Int, free: [Int]) -> Double {
        guard row < costs.count else { return 0 }
        return free.map { column in
            costs[row][column] + leastCost(costs, row: row + 1, free: free.filter { $0 != column })
        }.min() ?? 0
    }

    @Test func labelsStayFromBuildToBuild() throws {
        let configuration = KMeansConfiguration(clusterCount: 5)
        let yesterday = try KMeans.fit(clouds(300, 3, clusterCount: 5, spread: 0.1, seed: 8), configuration)
        let numbers = [3, 0, 4, 1, 2]
        let renumbered = yesterday.reordered(numbers)
        // The same clouds with 43 rows more.
        let today = try KMeans.fit(
            clouds(343, 3, clusterCount: 5, spread: 0.1, seed: 8), configuration, previous: renumbered.centres)
        #expect(Array(today.labels.prefix(300)) == renumbered.labels)
    }

    @Test func moreAndFewerCentresThanBefore() {
        let previous = matrix([[0], [10], [20]])
        #expect(CentreMatching.order(of: matrix([[50], [21], [1], [9]]), matching: previous) == [2, 3, 1, 0])
        #expect(CentreMatching.order(of: matrix([[19], [2]]), matching: previous) == [1, 0])
        #expect(CentreMatching.order(of: matrix([[19, 1], [2, 1]]), matching: previous) == [0, 1])
    }
}
