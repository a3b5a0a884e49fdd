import LinearAlgebra
import RecommendationIndex
import TestSupport
import Testing

@Suite struct SegmentPartTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Two segments, three members, lists of up to two items.
    private var sample: SegmentContents {
        var lists = IndexLists()
        for row in 0..<8 { lists.append(row % 4 == 3 ? [] : [Int32(row % 3), 4]) }
        return SegmentContents(
            names: ["loyal", "Zürich"], memberIds: ["a", "b", "é"], segments: [1, 0, 1], lists: lists,
            scores: (0..<12).map { $0 % 2 == 0 ? 0.75 : 0.25 }, periods: [0, 86_400_000, 86_400_000, 86_400_000],
            activity: [1, 2, 3, 4, 5, 6, 7, 8], model: [1.5, -2], values: [3, 4, 5])
    }

    private func publish(_ change: (inout SegmentContents) -> Void = { _ in }) throws -> RecommendationIndex {
        var contents = SampleContents.make(itemCount: 6, userCount: 4)
        var segments = sample
        change(&segments)
        contents.segments = segments
        _ = try IndexDirectory(path: directory.path("a.index")).beginBuild().publish(contents)
        return try RecommendationIndex.open(directory.path("a.index"))
    }

    @Test func segmentsComeBack() throws {
        let index = try publish()
        #expect(index.verify() == [])
        let table = try #require(index.segments)
        #expect((0..<2).map { table.names.string(at: $0) } == ["loyal", "Zürich"])
        #expect(table.memberIds.index(of: "é") == 2 && table.memberIds.index(of: "nobody") == nil)
        let found = unsafe Array(table.segments)
        let periods = (0..<table.periodCount).flatMap { [table.period($0).start, table.period($0).length] }
        #expect(found == [1, 0, 1] && periods == sample.periods)
        let (model, values) = unsafe (Array(table.model), Array(table.values))
        #expect(model == [1.5, -2] && values == [3, 4, 5])
        #expect(table.activity(ofSegment: 1, period: 0) == (5, 6) && table.activity(ofSegment: 0, period: 1) == (3, 4))
        for segment in 0..<2 {
            for kind in SegmentList.allCases {
                let list = unsafe table.list(kind, ofSegment: segment)
                let (items, scores) = unsafe (Array(list.items), Array(list.scores))
                let row = segment * 4 + kind.rawValue
                #expect(items == Array(sample.lists[row]))
                #expect(scores == (items.isEmpty ? [] : [0.75, 0.25]))
            }
        }
    }

    @Test func anIndexWithoutSegmentsHasNone() throws {
        _ = try IndexDirectory(path: directory.path("b.index")).beginBuild().publish(
            SampleContents.make(itemCount: 6, userCount: 4))
        #expect(try RecommendationIndex.open(directory.path("b.index")).segments == nil)
    }

    @Test func noSegmentsAndNoMembersAreSegmentsToo() throws {
        let index = try publish {
            $0 = SegmentContents(names: [], memberIds: [], segments: [], lists: IndexLists(), scores: [])
        }
        #expect(index.verify() == [])
        #expect(index.segments?.memberIds.count == 0)
    }

    @Test func whatDoesNotFitIsNamed() throws {
        func error(_ change: (inout SegmentContents) -> Void) throws -> IndexError {
            try #require(throws: IndexError.self) { _ = try publish(change) }
        }
        #expect(try error { $0.names[1] = "loyal" }.expected == "2 different names of segments")
        #expect(try error { $0.segments.removeLast() }.expected == "3 segments of members")
        #expect(try error { $0.lists.append([]) }.expected == "8 lists of segments")
        #expect(try error { $0.scores.removeLast() }.expected == "12 scores of segments' lists")
        #expect(try error { $0.activity.append(1) }.expected == "8 numbers of activity")
        #expect(
            try error {
                $0.periods.removeLast(); $0.activity.removeLast(2)
            }.expected == "2 numbers of periods")
        #expect(try error { $0.memberIds.swapAt(0, 1) }.expected == "member ids in ascending byte order")
        #expect(try error { $0.segments[0] = 2 }.expected == "segments from 0 to 1")
        #expect(try error { $0.lists.indexes[0] = 6 }.expected == "indexes from 0 to 5")
        #expect(try error { $0.scores.swapAt(0, 1) }.code == .verificationFailed)
        #expect(try error { $0.scores[0] = .nan }.code == .verificationFailed)
        #expect(try error { $0.model[0] = .infinity }.code == .verificationFailed)
    }
}
