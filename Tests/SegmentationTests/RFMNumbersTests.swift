import Interactions
import LinearAlgebra
import Testing

@testable import Segmentation

struct RFMNumbersTests {
    private func model() throws -> RFMModel {
        var log = TransactionLog()
        for customer in 0..<40 {
            for order in 0...(customer % 7) {
                log.append(
                    customer: "c\(customer)", order: "\(customer)-\(order)",
                    time: Int64(order * 3 + customer % 5) * 86_400_000, price: Double(customer + 1))
            }
        }
        return try RFMSegmentation(try RFMTable(log)).model
    }

    @Test func aModelComesBackFromItsNumbers() throws {
        let model = try model()
        let names = model.profiles.map(\.name)
        let read = try #require(RFMModel(numbers: model.numbers, names: names))
        #expect(read.centres == model.centres && read.scaling == model.scaling && read.scores == model.scores)
        #expect(read.referenceTime == model.referenceTime)
        for (one, other) in zip(read.profiles, model.profiles) {
            #expect(one.name == other.name && one.customerCount == other.customerCount)
            #expect(one.share == other.share && one.revenueShare == other.revenueShare)
            #expect(one.statistics == other.statistics)
        }
        let values = RFMValues(recency: 4, frequency: 3, monetary: 77.5)
        #expect(try read.predict(values) == model.predict(values))
    }

    @Test func numbersOfSomethingElseAreNoModel() throws {
        let model = try model()
        let names = model.profiles.map(\.name)
        #expect(RFMModel(numbers: Array(model.numbers.dropLast()), names: names) == nil)
        #expect(RFMModel(numbers: model.numbers, names: Array(names.dropLast())) == nil)
        #expect(RFMModel(numbers: [], names: []) == nil)
        var broken = model.numbers
        broken[5] = 0
        #expect(RFMModel(numbers: broken, names: names) == nil)
        broken = model.numbers
        broken[20] = .nan
        #expect(RFMModel(numbers: broken, names: names) == nil)
    }
}
