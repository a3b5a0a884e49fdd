import Interactions
import Segmentation
import TestSupport
import Testing

/// Returns, duplicates and tables of earlier dates.
struct RFMRulesTests {
    private let day: Int64 = 86_400_000

    private var log: TransactionLog {
        var log = TransactionLog()
        log.append(customer: "a", order: "1", time: 0, quantity: 10, price: 2)
        log.append(customer: "a", order: "C2", time: day, quantity: -9, price: 2)
        log.append(customer: "b", order: "3", time: 2 * day, quantity: 1, price: 5)
        log.append(customer: "b", order: "C4", time: 3 * day, quantity: -2, price: 5)
        log.append(customer: "c", order: "C5", time: 3 * day, quantity: -1, price: 1)
        log.append(customer: "", order: "C6", time: 3 * day, quantity: -1, price: 1)
        return log
    }

    @Test func returnsAreLeftOutOrTakenOff() throws {
        let gross = try RFMTable(log)
        #expect(gross.customerIds == ["a", "b"] && gross.monetaries == [20, 5] && gross.cleaning.netReturnCount == 0)
        #expect(gross.cleaning.nonPositiveQuantityCount == 3)
        var rules = RFMRules()
        rules.returns = .net
        let net = try RFMTable(log, rules)
        // A return is no order and no sign of life; a customer who only returned is none.
        #expect(net.customerIds == ["a", "b"] && net.monetaries == [2, 0] && net.frequencies == [1, 1])
        #expect(net.recencies == gross.recencies && net.cleaning.netReturnCount == 3)
        #expect(net.cleaning.overdrawnCustomerCount == 1 && net.cleaning.noCustomerCount == 1)
    }

    /// Some programs mark a cancelled invoice by its number alone.
    @Test func cancelledOrdersAreNoPurchasesWhateverTheirQuantity() throws {
        var log = TransactionLog()
        log.append(customer: "a", order: "536379", time: 0, quantity: 1, price: 50)
        log.append(customer: "a", order: "C536379", time: day, quantity: 1, price: 30)
        log.append(customer: "b", order: "c7", time: day, quantity: 2, price: 1)
        let gross = try RFMTable(log)
        #expect(gross.customerIds == ["a"] && gross.monetaries == [50] && gross.frequencies == [1])
        #expect(gross.cleaning.cancelledCount == 2 && gross.cleaning.returnOnlyCustomerCount == 1)
        #expect(gross.cleaning.cleanRowCount == 1)
        var rules = RFMRules()
        rules.returns = .net
        let net = try RFMTable(log, rules)
        #expect(net.monetaries == [20] && net.cleaning.netReturnCount == 2 && net.cleaning.cancelledCount == 0)
        // Where every order begins so, it says nothing.
        var ours = TransactionLog()
        ours.append(customer: "a", order: "C1", time: 0, quantity: 1, price: 50)
        ours.append(customer: "a", order: "C2", time: 0, quantity: 1, price: 50)
        #expect(try RFMTable(ours).monetaries == [100])
    }

    @Test func aReferenceBeforeTheNewestOrderIsToldAsADate() throws {
        var rules = RFMRules()
        rules.referenceTime = 0
        let error = #expect(throws: SegmentationError.self) { try RFMTable(log, rules) }
        #expect(error?.description.contains("the newest order (1970-01-03)") == true, "\(error?.description ?? "")")
    }

    @Test func earlierDatesKnowNothingOfLaterRows() throws {
        var rules = RFMRules()
        rules.referenceTime = 2 * day - 1
        #expect(throws: SegmentationError.self) { try RFMTable(log, rules) }
        rules.endsAtReference = true
        let table = try RFMTable(log, rules)
        #expect(table.customerIds == ["a"] && table.recencies == [1] && table.cleaning.laterCount == 4)
    }

    @Test func exactDuplicatesAreCountedAndLeftOutOnRequest() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(
            "user,order,date,qty,price,note\nu,1,2024-01-01,1,5,x\nu,1,2024-01-01,1,5,x\nu,1,2024-01-01,1,5,y\n",
            to: "d.csv")
        let log = try TransactionReader.read(path: path).log
        #expect(try RFMTable(log).monetaries == [15] && RFMTable(log).cleaning.duplicateCount == 1)
        var rules = RFMRules()
        rules.leavesDuplicatesOut = true
        let table = try RFMTable(log, rules)
        #expect(table.monetaries == [10] && table.cleaning.cleanRowCount == 2)
    }

    /// A published example: one customer bought 80,995 paper craft birds and cancelled them twelve minutes later.
    @Test(.enabled(if: DataSets.have("online-retail/online_retail.csv.gz"), "\(DataSets.reason)"))
    func aCancelledOrderOfTheOnlineRetailData() throws {
        let log = try TransactionReader.read(path: DataSets.path("online-retail/online_retail.csv.gz")).log
        var rules = RFMRules()
        func monetary(_ rules: RFMRules) throws -> Double {
            let table = try RFMTable(log, rules)
            let place = try #require(table.customerIds.firstIndex(of: "16446"))
            return (table.monetaries[place] * 100).rounded() / 100
        }
        #expect(try monetary(rules) == 168_472.50)
        rules.returns = .net
        #expect(try monetary(rules) == 2.90)
    }

    @Test func thereAreNoMoreClustersThanDifferentRows() throws {
        var log = TransactionLog()
        for customer in 0..<12 {
            log.append(customer: "c\(customer)", order: "\(customer)", time: 0, price: customer % 2 == 0 ? 5 : 50)
        }
        let segmentation = try RFMSegmentation(try RFMTable(log))
        #expect(segmentation.clustering.clusterCount == 2 && segmentation.clustering.sizes == [6, 6])
        #expect(segmentation.model.profiles.count == 2)
    }

    @Test func chanceIsNoDrift() throws {
        var generator = SeededGenerator(seed: 7)
        var large = 0
        for _ in 0..<500 {
            func sample(_ count: Int) -> [Int] {
                var bins = [0, 0, 0, 0]
                for _ in 0..<count { bins[Int.random(in: 0..<4, using: &generator)] += 1 }
                return bins
            }
            let (first, later) = (sample(60), sample(40))
            let chance = DistributionDrift.Chance(binCount: 4, 60, 40)
            if chance.level(divergence: DistributionDrift.divergence(first, later)) != .stable { large += 1 }
            if chance.level(stabilityIndex: DistributionDrift.stabilityIndex(first, later)) != .stable { large += 1 }
        }
        // Once in forty times each.
        #expect(large <= 45, "\(large)")
        let moved = DistributionDrift.divergence([300, 100, 100, 100], [100, 100, 100, 300])
        #expect(DistributionDrift.Chance(binCount: 4, 600, 600).level(divergence: moved) == .large)
    }
}
