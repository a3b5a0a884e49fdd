import Foundation
import Testing

@testable import Segmentation

@Suite struct DriftTests {
    /// By hand: shares (.5, .5) and (.65, .35), see the formula.
    @Test func stabilityIndexOfTwoBins() {
        let index = DistributionDrift.stabilityIndex([100, 100], [130, 70])
        #expect(abs(index - (0.15 * log(1.3) - 0.15 * log(0.7))) < 1e-12)
        #expect(abs(DistributionDrift.stabilityIndex([50, 50], [65, 35]) - 0.09285588126093354) < 1e-12)
        #expect(abs(DistributionDrift.divergence([50, 50], [65, 35]) - 0.01667423493544029) < 1e-12)
    }

    @Test func equalSharesDoNotDrift() {
        #expect(DistributionDrift.stabilityIndex([10, 0, 30], [100, 0, 300]) == 0)
        #expect(DistributionDrift.divergence([10, 0, 30], [100, 0, 300]) == 0)
        #expect(DistributionDrift.stabilityIndex([0, 0], [1, 2]) == 0)
        #expect(DistributionDrift.divergence([1, 2], [0, 0]) == 0)
    }

    @Test func nothingInCommonIsOneBit() {
        #expect(DistributionDrift.divergence([7, 0], [0, 3]) == 1)
        let index = DistributionDrift.stabilityIndex([100, 0], [0, 100])
        // Empty bins count half a row: shares 100/100.5 and .5/100.5 change places.
        #expect(abs(index - 2 * (99.5 / 100.5) * log(200)) < 1e-9)
    }

    @Test(arguments: [(0.0, "stable"), (0.099, "stable"), (0.1, "moderate"), (0.249, "moderate"), (0.25, "large")])
    func levels(_ value: Double, _ name: String) {
        #expect(DistributionDrift.level(stabilityIndex: value).rawValue == name)
    }

    @Test func quantileBoundsHoldEquallyMany() {
        let values = (1...100).map(Double.init)
        let bounds = DistributionDrift.quantileBounds(values)
        #expect(bounds == [10, 20, 30, 40, 50, 60, 70, 80, 90])
        #expect(DistributionDrift.counts(values, bounds: bounds) == Array(repeating: 10, count: 10) + [0])
        #expect(DistributionDrift.counts([.nan, 1000, -5], bounds: bounds) == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    }

    @Test func manyEqualValuesMakeFewerBins() {
        #expect(DistributionDrift.quantileBounds([0, 0, 0, 0, 0, 0, 0, 0, 1, 2]) == [0, 1])
        #expect(DistributionDrift.quantileBounds([3, 3, 3]).isEmpty)
        #expect(DistributionDrift.quantileBounds([]).isEmpty)
        #expect(DistributionDrift.counts([3, 3], bounds: []) == [2, 0])
    }

    /// Wilson's interval for 1 of 10, from the formula with z = 1.959964 worked by hand in another language.
    @Test func proportionInterval() {
        let one = Proportion(count: 1, of: 10)
        #expect(abs(one.lower - 0.017876212896074023) < 1e-9 && abs(one.upper - 0.4041500295247722) < 1e-9)
        let none = Proportion(count: 0, of: 10)
        #expect(none.lower == 0 && abs(none.upper - 0.2775328030260577) < 1e-9)
        #expect(Proportion(count: 0, of: 0) == Proportion(count: 0, of: 0) && Proportion(count: 0, of: 0).upper == 1)
        #expect(Proportion(count: 3, of: 3).upper == 1 && Proportion(count: 3, of: 3).share == 1)
    }
}
