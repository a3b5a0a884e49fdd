import Testing

@testable import Recommenders

@Suite struct UnobservedWeightTests {
    typealias Weight = ImplicitALS.UnobservedWeight

    /// 40 interactions of each of 1,000 users and 10 of each of 4,000 items: a share of 1 in 100, and half of 20 times it.
    @Test func automaticFollowsWhatIsKnownOfUsersAndItems() {
        let weight = Weight.automatic.value(pairCount: 40_000, userCount: 1000, itemCount: 4000)
        #expect((weight - 0.1).magnitude < 1e-12)
        // Half as many of each: a quarter.
        let fewer = Weight.automatic.value(pairCount: 20_000, userCount: 1000, itemCount: 4000)
        #expect((fewer - 0.025).magnitude < 1e-12)
    }

    @Test func automaticHasALimit() {
        #expect(Weight.automatic.value(pairCount: 1_000_000, userCount: 6040, itemCount: 3706) == 0.3)
        #expect(Weight.automatic.value(pairCount: 6, userCount: 2, itemCount: 3) == 0.3)
    }

    @Test func factorsAreOfTheDensityAndFixedWeightsAreNot() {
        #expect(Weight.factor(7).value(pairCount: 3, userCount: 2, itemCount: 3) == 3.5)
        #expect(Weight.fixed(0.25).value(pairCount: 3, userCount: 2, itemCount: 3) == 0.25)
    }

    @Test func nothingIsThere() {
        #expect(Weight.automatic.value(pairCount: 0, userCount: 0, itemCount: 0) == 0)
        #expect(Weight.factor(7).value(pairCount: 0, userCount: 5, itemCount: 0) == 0)
    }

    @Test func texts() {
        #expect(Weight.automatic.text == "auto")
        #expect(Weight.factor(7).text == "7.0x")
        #expect(Weight.fixed(0.25).text == "0.25")
    }
}
