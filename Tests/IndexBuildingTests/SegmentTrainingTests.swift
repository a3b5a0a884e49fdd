import HybridBlending
import IndexBuilding
import Interactions
import LinearAlgebra
import RecommendationIndex
import Testing

@Suite struct SegmentTrainingTests {
    /// Three readers of a and b, two of c; d is known to the catalogue alone.
    private func inputs() -> SampleInputs {
        var inputs = SampleInputs()
        for user in 0..<3 {
            inputs.add("r\(user)", "a", day: 0)
            inputs.add("r\(user)", "b", day: Double(user))
        }
        for user in 0..<2 { inputs.add("s\(user)", "c", day: 2) }
        inputs.addItem("d")
        return inputs
    }

    private func contents(
        _ inputs: SampleInputs, _ assignment: SegmentAssignment?, share: Double? = 0.5
    ) throws -> IndexContents {
        var configuration = BuildConfiguration.sample()
        configuration.segments = assignment == nil ? .rfm : .given
        configuration.segmentShare = share
        var loaded = LoadedInputs(log: inputs.log, items: inputs.items, reports: [])
        loaded.segments = assignment
        return try IndexBuilder(configuration).contents(
            of: loaded, vectors: nil, createdMilliseconds: SampleInputs.created, observer: SilentObserver())
    }

    private func list(_ kind: SegmentList, _ segment: Int, _ segments: SegmentContents) -> [Int32: Float] {
        let range = segments.lists.range(of: segment * SegmentList.allCases.count + kind.rawValue)
        return Dictionary(uniqueKeysWithValues: range.map { (segments.lists.indexes[$0], segments.scores[$0]) })
    }

    @Test func listsAreOfTheMembers() throws {
        let assignment = SegmentAssignment(labels: [
            ("s1", "two"), ("r0", "one"), ("r1", "one"), ("s0", "two"), ("r2", "one"), ("stranger", "two"), ("x", ""),
        ])
        #expect(assignment.names == ["one", "two"])
        let contents = try contents(inputs(), assignment)
        let segments = try #require(contents.segments)
        #expect(segments.memberIds == ["r0", "r1", "r2", "s0", "s1", "stranger"])
        #expect(segments.segments == [0, 0, 0, 1, 1, 1])
        #expect(list(.popular, 0, segments) == [0: 3, 1: 3])
        #expect(list(.popular, 1, segments) == [2: 2])
        #expect(Array(segments.lists[segments.lists.listCount - 3]) == [2])
        // Everybody's fallback and the segment's, mixed by the number of members that the index knows.
        let common = FallbackScore.scores(
            recent: contents.recentPopularity.span, popular: contents.popularity.span, trending: contents.trending.span)
        let share: Float = 0.5 * 2 / 102
        let mixed = list(.fallback, 1, segments)
        #expect(abs((mixed[0] ?? 0) - (1 - share) * common[0]) < 1e-6)
        #expect(abs((mixed[2] ?? 0) - (share * 1 + (1 - share) * common[2])) < 0.05 * share)
        #expect(mixed[3] == nil)
        #expect(contents.facts.configuration.contains(.init("segments", "given")))
    }

    @Test func activityIsCountedByDayAndWeek() throws {
        let assignment = SegmentAssignment(labels: [("r0", "one"), ("r1", "one"), ("s0", "two")])
        let segments = try #require(try contents(inputs(), assignment).segments)
        let periodCount = segments.periods.count / 2
        #expect(periodCount == 90 + 52)
        func activity(_ segment: Int, _ period: Int) -> [UInt32] {
            let start = (segment * periodCount + period) * 2
            return Array(segments.activity[start..<start + 2])
        }
        // The newest day is day 2; r0 and r1 came on day 0, r1 on day 1 too.
        #expect(activity(0, 87) == [3, 2] && activity(0, 88) == [1, 1] && activity(0, 89) == [0, 0])
        #expect(activity(1, 89) == [1, 1])
        #expect(activity(0, 90 + 51) == [4, 2] && activity(1, 90 + 51) == [1, 1] && activity(0, 90 + 50) == [0, 0])
        #expect(segments.periods[89 * 2 + 1] == 86_400_000)
        #expect(segments.periods[89 * 2] <= SampleInputs.created + 2 * SampleInputs.day)
        #expect(segments.periods[89 * 2] + 86_400_000 > SampleInputs.created + 2 * SampleInputs.day)
        let week: Int64 = 7 * 86_400_000
        #expect(segments.periods.last == week)
    }

    @Test func recencyFrequencyAndValueMakeSegments() throws {
        var inputs = SampleInputs()
        for user in 0..<60 {
            let isGood = user % 2 == 0
            for order in 0..<(isGood ? 8 : 1) {
                inputs.add(
                    "u\(100 + user)", "i\(order)", "purchase", day: isGood ? Double(90 + order) : 1,
                    value: isGood ? 20 : 1)
            }
            // Views are no orders.
            inputs.add("u\(100 + user)", "i9", "view", day: 99)
        }
        let contents = try contents(inputs, nil)
        let segments = try #require(contents.segments)
        #expect(segments.memberIds.count == 60 && segments.values.count == 180)
        #expect(Array(segments.values.prefix(6)) == [0, 8, 160, 96, 1, 1])
        let good = Set(stride(from: 0, to: 60, by: 2).map { segments.segments[$0] })
        #expect(good.isDisjoint(with: Set(stride(from: 1, to: 60, by: 2).map { segments.segments[$0] })))
        // There are no more segments than different customers.
        #expect(segments.names.count == 2 && Set(segments.names).count == 2)
    }

    @Test func aColumnOfIdsIsRefused() throws {
        for (count, found) in [(1001, "1001"), (300, "300 segments of 300 members")] {
            let labels = (0..<count).map { (memberId: "r\($0)", label: "\($0)") }
            let error = try #require(throws: BuildError.self) {
                _ = try contents(inputs(), SegmentAssignment(labels: labels))
            }
            #expect(error.found == found && error.remedy.contains("labels"))
        }
    }

    @Test func recencyNeedsTimes() throws {
        var inputs = SampleInputs(hasTimes: false)
        for user in 0..<20 { inputs.add("u\(user)", "a") }
        let error = try #require(throws: BuildError.self) { _ = try contents(inputs, nil) }
        #expect(error.expected == "interactions with times")
    }

    @Test func nobodyToSegmentIsAnError() throws {
        let error = try #require(throws: BuildError.self) { _ = try contents(SampleInputs(), nil) }
        #expect(error.operation.contains("recency"))
    }

    /// Two kinds of people with a taste each that lasts: what their own kind takes is the better guess. By kinds that say
    /// nothing it is not.
    @Test(arguments: [(true, true), (false, false)])
    func theShareIsMeasured(isTelling: Bool, hasLists: Bool) throws {
        var inputs = SampleInputs()
        for user in 0..<200 {
            for step in 0..<6 {
                let item = (user * 7 + step * 5) % 12 + (user % 2) * 12
                inputs.add("u\(1000 + user)", "i\(100 + item)", day: Double(step * 10 + user % 10))
            }
        }
        let labels = (0..<200).map { user in
            (memberId: "u\(1000 + user)", label: (isTelling ? user : user / 2) % 2 == 0 ? "even" : "odd")
        }
        let segments = try #require(try contents(inputs, SegmentAssignment(labels: labels), share: nil).segments)
        #expect(list(.fallback, 0, segments).isEmpty != hasLists)
        #expect(!list(.popular, 0, segments).isEmpty)
    }

    @Test func ofARepeatedMemberTheLastCounts() throws {
        let assignment = SegmentAssignment(names: ["x", "y"], memberIds: ["b", "a", "b"], segments: [0, 0, 1])
        let segments = try #require(try contents(inputs(), assignment).segments)
        #expect(segments.memberIds == ["a", "b"] && segments.segments == [0, 1])
    }
}
