import Interactions
import LinearAlgebra
import Testing

@testable import Segmentation

@Suite struct VisitTests {
    private static let minute: Int64 = 60_000

    /// User 0: three events within an hour, then one after 31 minutes of silence; user 1: one event.
    private static let events = VisitEvents(
        users: [0, 1, 0, 0, 0], items: [5, 5, 6, 5, 7],
        times: [0, 40 * minute, 29 * minute, 58 * minute, 89 * minute],
        kinds: [.view, .view, .view, .cart, .purchase])

    @Test func silenceEndsAVisit() {
        #expect(Self.events.visits() == [[0, 2, 3], [4], [1]])
        #expect(Self.events.visits(gap: SessionGap(minutes: 10)) == [[0], [2], [3], [4], [1]])
        // As long as the gap is not longer.
        #expect(Self.events.visits(gap: SessionGap(minutes: 29)) == [[0, 2, 3], [4], [1]])
        #expect(Self.events.visits(gap: SessionGap(minutes: 28)) == [[0], [2], [3], [4], [1]])
        #expect(Self.events.visits(gap: SessionGap(minutes: 31)) == [[0, 2, 3, 4], [1]])
    }

    @Test func givenSessionsCountWhateverTheGaps() {
        let events = VisitEvents(
            users: [0, 0, 0], items: [1, 2, 3], times: [0, 1000 * Self.minute, 5], kinds: [.view, .view, .view],
            sessions: [1, 1, 0])
        #expect(events.visits() == [[2], [0, 1]])
        // Events without a session go by their user's pauses, whatever sessions the user has.
        let mixed = VisitEvents(
            users: [0, 0, 0, 1, 0], items: [1, 2, 3, 4, 5],
            times: [0, Self.minute, 2 * Self.minute, Self.minute, 40 * Self.minute],
            kinds: Array(repeating: .view, count: 5), sessions: [-1, 0, -1, -1, -1])
        #expect(mixed.visits() == [[1], [0, 2], [4], [3]])
    }

    /// As where every user's sessions are numbered from 1.
    @Test func usersOfOneSessionIdHaveAVisitEach() {
        let events = VisitEvents(
            users: [1, 0, 1, 0, 0], items: [1, 2, 3, 4, 5], times: [0, 1, 2, 3, 4],
            kinds: Array(repeating: .view, count: 5), sessions: [0, 0, 0, 0, 1])
        #expect(events.visits() == [[1, 3], [0, 2], [4]])
    }

    @Test func channelIsAFeatureWhereItIsAskedFor() throws {
        let events = VisitEvents(
            users: [0, 0, 1, 2], items: [-1, 1, 1, 2], times: [0, 1, 2, 3], kinds: [.search, .view, .view, .view],
            channels: [-1, 1, 0, 1], channelNames: ["web", "app"])
        let table = try VisitTable(events, isFeature: { ["channel", "distinct_items", "searches"].contains($0) }) {
            "\($1)"
        }
        #expect(table.features.map(\.name) == ["searches", "channel=app", "channel=web"])
        #expect(table.features.map(\.values) == [[1, 0, 0], [1, 0, 1], [0, 1, 0]])
        let standard = try VisitTable(events) { "\($1)" }
        #expect(!standard.features.contains { $0.name.hasPrefix("channel") })
    }

    @Test func measuresOfAVisit() {
        let measures = VisitMeasures([0, 2, 3], of: Self.events)
        #expect(measures.durationSeconds == 58 * 60)
        #expect(measures.distinctItemCount == 2)
        let features = Dictionary(uniqueKeysWithValues: measures.features.map { ($0.name, $0.value) })
        #expect(features["views"] == 2 && features["carts"] == 1 && features["bounce"] == 0)
        #expect(features["cart_share"] == 1.0 / 3 && features["repeat_share"] == 1 - 2.0 / 3)
        #expect(features["seconds_per_event"] == 29 * 60 && features["hour"] == 0 && features["weekend"] == 0)
    }

    @Test(arguments: [(0, 0.0), (1, 0.0), (2, 1.0), (3, 1.0), (4, 0.0), (-5, 1.0), (-4, 1.0), (-3, 0.0)])
    func theWeekendIsSaturdayAndSunday(_ day: Int64, _ weekend: Double) {
        let events = VisitEvents(
            users: [0], items: [0], times: [day * 86_400_000 + 13 * 3_600_000 + 1_800_000], kinds: [.view])
        let features = VisitMeasures([0], of: events).features
        #expect(features.first { $0.name == "weekend" }?.value == weekend)
        #expect(features.first { $0.name == "hour" }?.value == 13.5)
    }

    @Test(arguments: [("PageView", "view"), ("add_to_cart", "cart"), ("Order", "purchase"), ("like", "other")])
    func kindsByName(_ name: String, _ kind: String) {
        #expect("\(VisitEvents.Kind(named: name))" == kind)
    }

    @Test func aTableOfVisitsKeepsTheOutcomeApart() throws {
        let table = try VisitTable(Self.events) { event, position in "visit \(position) from \(event)" }
        #expect(table.ids == ["visit 0 from 0", "visit 1 from 4", "visit 2 from 1"])
        #expect(table.isConverted == [false, true, false])
        #expect(!table.features.contains { $0.name.contains("purchase") || $0.name == "searches" })
        #expect(table.periodNames == ["day 1"])
        #expect(table.features.first { $0.name == "bounce" }?.values == [0, 1, 1])
    }

    @Test func gapsAreRefusedByName() throws {
        let error = #expect(throws: SegmentationError.self) {
            try VisitTable(ids: ["a", "b"], features: [.init("pages", [1, .nan])], isConverted: nil)
        }
        #expect(error?.expected.contains("pages") == true && error?.found.contains("visit b") == true)
        #expect(throws: SegmentationError.self) { try VisitTable(ids: [], features: [], isConverted: nil) }
    }

    /// Two groups of visits, the second with all of the conversions; the mix turns round in period 2.
    @Test func clustersProfilesAndDrift() throws {
        let short = (0..<60).map { _ in 1.0 }
        let long = (0..<40).map { Double(400 + $0) }
        let table = try VisitTable(
            ids: (0..<100).map { "\($0)" },
            features: [.init("pages", short + long), .init("constant", Array(repeating: 3, count: 100))],
            isConverted: (0..<100).map { $0 >= 60 && $0 % 2 == 0 },
            periods: (0..<100).map { $0 < 50 || $0 >= 90 ? 0 : 1 }, periodNames: ["a", "b"])
        let result = try VisitSegmentation(table, KMeansConfiguration(clusterCount: 2))
        #expect(result.clustering.sizes == [60, 40])
        #expect(result.profiles[0].conversion?.count == 0 && result.profiles[1].conversion?.count == 20)
        #expect(result.profiles[0].means == [1, 3] && result.profiles[0].medians == [1, 3])
        #expect(result.profiles[1].title == "high pages" && result.profiles[0].title == "low pages")
        #expect(result.drift.map(\.mix) == [[50, 10], [10, 30]])
        #expect(result.drift[0].mixDivergence == 0 && result.drift[0].stabilityIndexes == [0, 0])
        #expect(DistributionDrift.level(divergence: result.drift[1].mixDivergence) == .large)
        #expect(result.drift[1].stabilityIndexes[1] == 0 && result.drift[1].stabilityIndexes[0] > 0.25)
        // The other way round, but numbered as before.
        let again = try VisitSegmentation(
            table, KMeansConfiguration(clusterCount: 2),
            previous: (
                result.scaling,
                DenseMatrix(
                    rowCount: 2, columnCount: 2,
                    values: Array(result.clustering.centres.values[2...] + result.clustering.centres.values[..<2]))
            ))
        #expect(again.clustering.sizes == [40, 60])
    }

    @Test func longTailsAreMeasuredInLogarithms() {
        let tail = ColumnScaling.Column((0..<100).map { $0 == 99 ? 1e6 : 1 })
        #expect(tail.isLogarithmic)
        #expect(!ColumnScaling.Column((0..<100).map(Double.init)).isLogarithmic)
        #expect(!ColumnScaling.Column((0..<100).map { $0 == 99 ? 1e6 : -1 }).isLogarithmic)
        let flat = ColumnScaling.Column([4, 4, 4])
        #expect(flat.deviation == 1 && flat.scaled(4) == 0)
        #expect(abs(tail.value(ofScaled: tail.scaled(37)) - 37) < 1e-9)
    }
}
