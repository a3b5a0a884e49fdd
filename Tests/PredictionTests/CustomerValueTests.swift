import Interactions
import Prediction
import SeededRandom
import Segmentation
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct PurchaseModelTests {
    /// What Fader, Hardie and Lee 2005 print for CDNOW, in weeks.
    private let cdnow = PurchaseModel(r: 0.243, alpha: 4.414, a: 0.793, b: 2.426)

    /// Formula 10 of the paper by scipy's hypergeometric function; the first is the paper's own example (1.226).
    @Test func expectationsAreThePapers() {
        let cases: [(days: Double, x: Int, recency: Double, age: Double, purchases: Double, alive: Double)] = [
            (39, 2, 30.43, 38.86, 1.226028174767135, 0.726578570080673),
            (39, 0, 0, 38.86, 0.19509805201125396, 1), (10, 7, 20, 30, 0.9070007343468981, 0.4692099204797455),
            (100, 1, 5, 5, 4.331159252719243, 0.753650201926064),
        ]
        for one in cases {
            let found = cdnow.expectedPurchases(
                days: one.days, repeatCount: one.x, recency: one.recency, age: one.age)
            #expect(abs(found / one.purchases - 1) < 1e-9)
            let alive = cdnow.aliveProbability(repeatCount: one.x, recency: one.recency, age: one.age)
            #expect(abs(alive - one.alive) < 1e-12)
        }
    }

    /// Where the series of the paper has poles or overflows: a = 1, a + b = 1, thousands of purchases.
    @Test func expectationsAreFiniteEverywhere() {
        for model in [
            PurchaseModel(r: 1, alpha: 1, a: 1, b: 1), PurchaseModel(r: 0.5, alpha: 2, a: 0.4, b: 0.6),
            PurchaseModel(r: 1e-5, alpha: 1e5, a: 1e-5, b: 1e5), PurchaseModel(r: 1e5, alpha: 1e5, a: 0.01, b: 0.01),
        ] {
            for x in [0, 1, 5000] {
                let found = model.expectedPurchases(days: 365, repeatCount: x, recency: x > 0 ? 900 : 0, age: 1000)
                #expect(found.isFinite && found >= 0)
            }
        }
        // Nobody leaves: purchases come at the mean rate of their gamma distribution.
        let loyal = PurchaseModel(r: 2, alpha: 10, a: 1e-6, b: 1)
        let found = loyal.expectedPurchases(days: 60, repeatCount: 4, recency: 50, age: 50)
        #expect(abs(found / (60 * (2 + 4) / (10.0 + 50)) - 1) < 1e-3)
    }

    /// Customers made by the model itself.
    private func simulated(_ model: PurchaseModel, count: Int, seed: UInt64) -> PurchaseHistories {
        var random = SplitMix64(seed: seed)
        var (counts, recencies, ages): ([Int], [Double], [Double]) = ([], [], [])
        for _ in 0..<count {
            let age = 50 + 250 * random.nextUniform()
            let rate = random.nextGamma(model.r) / model.alpha
            let (x, y) = (random.nextGamma(model.a), random.nextGamma(model.b))
            let leaves = x / (x + y)
            var (time, last, repeats) = (0.0, 0.0, 0)
            while true {
                time += random.nextExponential() / rate
                if time > age { break }
                repeats += 1
                last = time
                if random.nextUniform() < leaves { break }
            }
            counts.append(repeats)
            recencies.append(last)
            ages.append(age)
        }
        return PurchaseHistories(
            repeatCounts: counts, recencies: recencies, ages: ages, meanValues: counts.map { _ in .nan })
    }

    @Test func parametersOfMadeUpCustomersAreFound() throws {
        let truth = PurchaseModel(r: 0.8, alpha: 20, a: 0.7, b: 2.5)
        let fit = try PurchaseModel.fit(simulated(truth, count: 3000, seed: 1))
        let intervals = try #require(fit.parameters)
        for (interval, value) in zip(intervals, [truth.r, truth.alpha, truth.a, truth.b]) {
            // Three standard errors rather than two: of four parameters one is outside of a 95 % interval too often.
            let (below, above) = (interval.value - interval.lower, interval.upper - interval.value)
            #expect(interval.value - 1.6 * below < value && value < interval.value + 1.6 * above)
            #expect(interval.upper / interval.lower < 3)
        }
    }

    @Test func tooFewCustomersAreRefused() {
        let none = PurchaseHistories(repeatCounts: [], recencies: [], ages: [], meanValues: [])
        #expect(throws: PredictionError.self) { try PurchaseModel.fit(none) }
        #expect(throws: PredictionError.self) { try SpendModel.fit(none) }
        // Nobody came back.
        let once = PurchaseHistories(
            repeatCounts: Array(repeating: 0, count: 100), recencies: Array(repeating: 0, count: 100),
            ages: (0..<100).map { Double($0) }, meanValues: Array(repeating: .nan, count: 100))
        #expect(throws: PredictionError.self) { try PurchaseModel.fit(once) }
    }

    /// Data that do not tell all parameters have an answer all the same, and it says so.
    @Test func flatLikelihoodsEnd() throws {
        let alike = PurchaseHistories(
            repeatCounts: Array(repeating: 3, count: 100), recencies: Array(repeating: 30, count: 100),
            ages: Array(repeating: 40, count: 100), meanValues: Array(repeating: 10, count: 100))
        let fit = try PurchaseModel.fit(alike)
        #expect(fit.logLikelihood.isFinite)
        let spend = try SpendModel.fit(alike)
        #expect(abs(spend.model.expectedValue(repeatCount: 3, meanValue: 10) / 10 - 1) < 0.02)
        #expect(spend.correlation == 0)
    }
}

@Suite struct SpendModelTests {
    @Test func parametersOfMadeUpPurchasesAreFound() throws {
        let truth = SpendModel(p: 6.25, q: 3.74, gamma: 15.44)
        var random = SplitMix64(seed: 3)
        var (counts, means): ([Int], [Double]) = ([], [])
        for _ in 0..<4000 {
            let rate = random.nextGamma(truth.q) / truth.gamma
            let count = 1 + random.nextIndex(below: 6)
            let sum = (0..<count).reduce(0) { sum, _ in sum + random.nextGamma(truth.p) / rate }
            counts.append(count)
            means.append(sum / Double(count))
        }
        let fit = try SpendModel.fit(
            PurchaseHistories(
                repeatCounts: counts, recencies: counts.map { _ in 1 }, ages: counts.map { _ in 2 }, meanValues: means))
        #expect(abs(fit.model.p / truth.p - 1) < 0.2)
        #expect(abs(fit.model.q / truth.q - 1) < 0.15)
        #expect(abs(fit.model.gamma / truth.gamma - 1) < 0.35)
        #expect(abs(fit.correlation) < 0.05)
        // Currency is of no account.
        let cents = try SpendModel.fit(
            PurchaseHistories(
                repeatCounts: counts, recencies: counts.map { _ in 1 }, ages: counts.map { _ in 2 },
                meanValues: means.map { 100 * $0 }))
        #expect(abs(cents.model.q - fit.model.q) < 1e-3)
    }

    /// Between a customer's own mean and that of all, and nearer to the former with every purchase.
    @Test func expectedValuesShrink() {
        let model = SpendModel(p: 6.25, q: 3.74, gamma: 15.44)
        let mean = model.expectedValue(repeatCount: 0, meanValue: .nan)
        #expect(abs(mean - 6.25 * 15.44 / 2.74) < 1e-9)
        let values = [1, 3, 10, 1000].map { model.expectedValue(repeatCount: $0, meanValue: 100) }
        #expect(values.first.map { $0 > mean } == true)
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
        #expect(values.last.map { $0 < 100 && $0 > 99 } == true)
    }
}

@Suite struct PurchaseHistoriesTests {
    private let day: Int64 = 86_400_000

    @Test func ordersOfADayAreOnePurchaseAndReturnsNone() throws {
        var log = TransactionLog()
        log.append(customer: "a", order: "1", time: 10 * day, quantity: 2, price: 5)
        log.append(customer: "a", order: "2", time: 10 * day + 5000, quantity: 1, price: 7)
        log.append(customer: "a", order: "3", time: 14 * day, quantity: 1, price: 30)
        log.append(customer: "a", order: "4", time: 14 * day + 1, quantity: 1, price: 10)
        log.append(customer: "a", order: "5", time: 19 * day, quantity: -1, price: 10)
        log.append(customer: "a", order: "6", time: 20 * day, quantity: 2, price: 10)
        log.append(customer: "b", order: "7", time: 22 * day, quantity: 1, price: 3)
        log.append(customer: "", order: "8", time: 23 * day, quantity: 1, price: 3)
        let histories = try PurchaseHistories(log, RFMRules())
        #expect(histories.customerIds == ["a", "b"])
        #expect(histories.repeatCounts == [2, 0])
        #expect(histories.recencies == [10, 0])
        #expect(histories.ages == [12, 0])
        #expect(histories.meanValues[0] == 30 && histories.meanValues[1].isNaN)
    }

    @Test func whatIsAfterTheEndIsNotSeen() throws {
        var log = TransactionLog()
        log.append(customer: "a", order: "1", time: 10 * day, price: 5)
        log.append(customer: "a", order: "2", time: 15 * day, price: 5)
        log.append(customer: "b", order: "3", time: 30 * day, price: 5)
        var rules = RFMRules()
        rules.referenceTime = 20 * day
        let histories = try PurchaseHistories(log, rules)
        #expect(histories.customerIds == ["a"] && histories.ages == [9] && histories.repeatCounts == [1])
    }

    @Test func laterMoneyIsWorthLess() {
        let purchases = PurchaseModel(r: 0.8, alpha: 20, a: 0.7, b: 2.5)
        let spend = SpendModel(p: 6.25, q: 3.74, gamma: 15.44)
        let values = [0, 0.1, 0.5].map { discount in
            LifetimeValue(
                purchases, spend, repeatCount: 4, recency: 100, age: 110, meanValue: 40, days: 365,
                yearlyDiscount: discount)
        }
        #expect(values[0].value > values[1].value && values[1].value > values[2].value)
        #expect(abs(values[0].value - values[0].expectedPurchases * values[0].expectedSpend) < 1e-9)
        #expect(values[1].expectedPurchases == values[0].expectedPurchases)
    }
}

extension SplitMix64 {
    fileprivate mutating func nextExponential() -> Double {
        -log1p(-nextUniform())
    }

    /// Marsaglia, Tsang 2000, "A simple method for generating gamma variables", below 1 by the power of a uniform number.
    fileprivate mutating func nextGamma(_ shape: Double) -> Double {
        if shape < 1 {
            let larger = nextGamma(shape + 1)
            return larger * pow(nextUniform(), 1 / shape)
        }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = nextNormal()
            let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
            guard v > 0 else { continue }
            let u = nextUniform()
            if log(u) < x * x / 2 + d - d * v + d * log(v) { return d * v }
        }
    }
}
