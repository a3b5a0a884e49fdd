import Interactions
import LinearAlgebra
import TestSupport
import Testing

@testable import Segmentation

private let day: Int64 = 86_400_000

struct RFMTests {
    /// Two customers, three kinds of rows to leave out.
    private func log() -> TransactionLog {
        var log = TransactionLog()
        log.append(customer: "b", order: "1", time: 10 * day, quantity: 2, price: 5)
        log.append(customer: "b", order: "1", time: 10 * day, quantity: 1, price: 1)
        log.append(customer: "a", order: "2", time: 12 * day + 5, quantity: 4, price: 2.5)
        log.append(customer: "b", order: "3", time: 11 * day + day / 2, quantity: 1, price: 100)
        log.append(customer: "", order: "4", time: 90 * day, quantity: -1, price: 3)
        log.append(customer: "a", order: "5", time: 90 * day, quantity: -1, price: 0)
        log.append(customer: "a", order: "6", time: 90 * day, quantity: 1, price: 0)
        log.append(customer: "c", order: "7", time: 90 * day, quantity: .nan, price: 1)
        return log
    }

    @Test func measuresByHand() throws {
        let table = try RFMTable(log())
        #expect(table.customerIds == ["a", "b"])
        #expect(table.referenceTime == 13 * day)
        #expect(table.recencies == [0, 1])
        #expect(table.frequencies == [1, 2])
        #expect(table.monetaries == [10, 111])
        #expect(table.cleaning.rowCount == 8 && table.cleaning.cleanRowCount == 4)
        #expect(table.cleaning.noCustomerCount == 1 && table.cleaning.nonPositiveQuantityCount == 2)
        #expect(table.cleaning.nonPositivePriceCount == 1)
        #expect(try RFMTable(log(), referenceTime: 20 * day).recencies == [7, 8])
    }

    @Test func refusesWhatCannotBeMeasured() {
        #expect(throws: SegmentationError.self) { try RFMTable(TransactionLog()) }
        #expect(throws: SegmentationError.self) { try RFMTable(log(), referenceTime: 12 * day) }
    }

    @Test func everyPairOfScoresHasOneSegment() {
        var counts: [RFMSegment: Int] = [:]
        for recency in 1...5 {
            for worth in 1...5 { counts[RFMSegment(recencyScore: recency, worthScore: worth), default: 0] += 1 }
        }
        #expect(
            RFMSegment.allCases.map { counts[$0] ?? 0 } == [2, 4, 4, 1, 1, 1, 2, 4, 2, 4])
        #expect(counts.values.reduce(0, +) == 25)
        #expect(Set(RFMSegment.allCases.map(\.title)).count == 10)
    }

    @Test func scoresAreQuintiles() {
        let bounds: [Double] = [10, 20, 30, 40]
        let scores = RFMScores(bounds: [bounds, bounds, bounds])
        let values = RFMValues(recency: 20, frequency: 20, monetary: 41)
        #expect(scores.score(values, .recency) == 4)
        #expect(scores.score(values, .frequency) == 2)
        #expect(scores.score(values, .monetary) == 5)
        // Worth (2 + 5) / 2 = 3.5, which is 4.
        #expect(scores.segment(values) == .loyal)
        #expect(Quantile.value(0.25, ofSorted: [1, 2, 4, 8]) == 1.75)
        #expect(Quantile.value(1, ofSorted: [1, 2]) == 2 && Quantile.value(0.5, ofSorted: [3]) == 3)
    }

    @Test func namesAreDistinct() {
        let names = SegmentNaming.segments([
            .init(recency: 1.2, worth: 1.1), .init(recency: 1.4, worth: 1.9), .init(recency: 5, worth: 5),
        ])
        #expect(names.map(\.name) == ["hibernating_2", "hibernating", "champions"])
        #expect(names.map(\.title) == ["Hibernating 2", "Hibernating", "Champions"])
    }

    private func shop() throws -> RFMTable {
        var log = TransactionLog()
        for customer in 0..<60 {
            // A third buys often and lately, a third seldom, a third once and long ago.
            let kind = customer % 3
            for order in 0..<[12, 4, 1][kind] {
                log.append(
                    customer: "c\(customer)", order: "\(customer)-\(order)",
                    time: Int64(300 - [1, 40, 250][kind] - customer - order) * day,
                    price: Double([50, 20, 5][kind] + customer))
            }
        }
        return try RFMTable(log)
    }

    @Test func segmentsAndPredicts() throws {
        var configuration = RFMSegmentation.standardConfiguration
        configuration.clusterCount = 3
        let segmentation = try RFMSegmentation(try shop(), configuration)
        let model = segmentation.model
        #expect(model.profiles.map(\.customerCount) == [20, 20, 20])
        #expect(segmentation.ruleProfiles.reduce(0) { $0 + $1.customerCount } == 60)
        #expect(abs(model.profiles.reduce(0) { $0 + $1.revenueShare } - 1) < 1e-12)
        for customer in 0..<60 {
            let prediction = try model.predict(segmentation.table[customer])
            #expect(prediction.segmentIndex == Int(segmentation.clustering.labels[customer]))
            #expect(prediction.ruleSegment == segmentation.ruleSegments[customer])
            #expect((0...1).contains(prediction.confidence))
        }
        let statistics = model.profiles[0].statistics[1]
        #expect(statistics.mean == statistics.median && statistics.least == statistics.greatest)
        // With yesterday's model the numbers stay, whatever order they had.
        let turned = RFMModel(
            scaling: model.scaling, scores: model.scores, centres: model.centres.rows([2, 0, 1]),
            profiles: model.profiles, referenceTime: model.referenceTime)
        let again = try RFMSegmentation(try shop(), configuration, previous: turned)
        #expect(again.clustering.centres == turned.centres)
    }

    @Test func confidenceIsOneOnTheCentreAndZeroHalfWay() throws {
        let model = RFMModel(
            scaling: RFMScaling(means: [0, 0, 0], deviations: [1, 1, 1]),
            scores: RFMScores(bounds: Array(repeating: [1, 2, 3, 4], count: 3)),
            centres: matrix([[0, 0, 0], [0, 0, 2]]),
            profiles: (0..<2).map {
                SegmentProfile(
                    name: "s\($0)", title: "", customerCount: 1, share: 0.5, revenueShare: 0.5, statistics: [])
            }, referenceTime: 0)
        let centre = try model.predict(RFMValues(recency: 0, frequency: 0, monetary: 0))
        #expect(centre.confidence == 1 && centre.distanceToCentre == 0 && centre.segmentIndex == 0)
        let between = try model.predict(RFMValues(recency: 0, frequency: 0, monetary: 1.718281828459045))
        #expect(abs(between.confidence) < 1e-6)
        for (values, field) in [
            (RFMValues(recency: -1, frequency: 1, monetary: 1), "recency"),
            (RFMValues(recency: 1, frequency: .nan, monetary: 1), "frequency"),
            (RFMValues(recency: 1, frequency: 1, monetary: .infinity), "monetary"),
        ] {
            do throws(SegmentationError) {
                _ = try model.predict(values)
                Issue.record("\(field) was taken")
            } catch {
                #expect(error.code == .badField && error.operation == "take the \(field)")
            }
        }
    }

    /// Goldens: pandas and scikit-learn (StandardScaler, KMeans with ten starts) on the same file.
    @Test(.enabled(if: DataSets.have("online-retail/online_retail.csv.gz"), "\(DataSets.reason)"))
    func onlineRetail() throws {
        let (log, _) = try TransactionReader.read(
            path: DataSets.path("online-retail/online_retail.csv.gz"))
        let table = try RFMTable(log)
        #expect(table.cleaning.noCustomerCount == 135_080 && table.cleaning.nonPositiveQuantityCount == 8905)
        #expect(table.cleaning.nonPositivePriceCount == 40 && table.cleaning.cleanRowCount == 397_884)
        #expect(table.count == 4338)
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / 4338 }
        func median(_ values: [Double]) -> Double { Quantile.value(0.5, ofSorted: values.sorted()) }
        #expect(abs(mean(table.recencies) - 92.05947441217151) < 1e-9 && median(table.recencies) == 50)
        #expect(abs(mean(table.frequencies) - 4.272014753342554) < 1e-9 && median(table.frequencies) == 2)
        #expect(abs(mean(table.monetaries) - 2054.2664601198708) < 1e-6)
        #expect(abs(median(table.monetaries) - 674.485) < 1e-9)
        var configuration = RFMSegmentation.standardConfiguration
        configuration.initialisationCount = 3
        let segmentation = try RFMSegmentation(table, configuration)
        #expect(segmentation.clustering.inertia < 3330.22 * 1.001)
        #expect(segmentation.clustering.inertia > 3330.22 * 0.999)
        #expect(
            segmentation.model.profiles.map(\.name) == [
                "hibernating", "at_risk", "loyal", "potential_loyalists", "champions",
            ])
    }
}
