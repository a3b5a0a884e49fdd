import Interactions
import LinearAlgebra
import Recommenders
import Testing

@testable import IndexBuilding

/// Models are compared on parts of the data where all of them would cost more than the limit.
@Suite struct ModelMeasurementTests {
    /// 1,200 users who take six items one after the other; items follow upon each other in rounds of 1,100.
    private static let walks: InteractionMatrix = {
        var inputs = SampleInputs()
        for user in 0..<1200 {
            for day in 0..<6 {
                inputs.add("user-\(user)", "item-\((user * 7 + day) % 1100)", day: Double(day) + Double(user % 5) / 10)
            }
        }
        return InteractionMatrix.build(from: inputs.log)
    }()

    private static func findings(
        limit: Double, threads: Int = 2, contenders: [CollaborativeModel] = [.ease, .implicitALS]
    ) throws -> InternalValidation.Findings {
        try ModelMeasurement(
            configuration: .sample(threads: threads), interactions: walks,
            content: SparseMatrix(empty: walks.itemIds.count), popularity: .init(), limit: { _ in limit }
        ).findings(contenders)
    }

    @Test func everythingIsMeasuredWhereItFitsTheLimit() throws {
        #expect(try Self.findings(limit: .infinity).spending == nil)
        #expect(try Self.findings(limit: 1, contenders: [.ease]).spending == nil)
    }

    @Test func partsAreMeasuredWhereItDoesNot() throws {
        let found = try Self.findings(limit: 1)
        let spending = try #require(found.spending)
        #expect(spending.hasPrefix("first on 1000 of 1100 items and 1000 of 1200 users: "))
        #expect(spending.contains("then on 1000 of 1100 items"))
        #expect(found == (try Self.findings(limit: 1, threads: 1)))
    }

    @Test func effortSetsTheLimit() {
        for work in [0, 1e9, 1e12] {
            let limits = BuildEffort.allCases.map { $0.limit(besideTrainingOf: work) }
            #expect(limits == limits.sorted() && limits[0] > 0 && limits[2] == .infinity)
        }
        #expect(BuildEffort.standard.limit(besideTrainingOf: 1e12) <= 2e12)
    }
}

@Suite struct SelectionTests {
    @Test func somethingOfSomebody() {
        var inputs = SampleInputs()
        for (day, item) in ["a", "b", "c"].enumerated() { inputs.add("u", item, day: Double(day)) }
        inputs.add("v", "b", day: 9)
        inputs.add("w", "c", day: 5)
        let all = InteractionMatrix.build(from: inputs.log)
        let some = all.selecting(users: [0, 2], items: [0, 2])
        #expect(some.userIds == ["u", "w"] && some.itemIds == ["a", "c"])
        #expect(some.matrix.rowOffsets == [0, 2, 3] && some.matrix.columnIndexes == [0, 1, 1])
        #expect(some.histories.offsets == [0, 2, 3] && some.histories.itemIndexes == [1, 0, 1])
        #expect(some.histories.times == [all.histories.times[0], all.histories.times[2], all.histories.times[4]])
        #expect(some.referenceTime == all.referenceTime && some.hasTimes)
        let everything = all.selecting(users: [0, 1, 2], items: [0, 1, 2])
        #expect(everything.matrix == all.matrix && everything.histories == all.histories)
        #expect(all.selecting(users: [], items: []).matrix.storedCount == 0)
    }
}
