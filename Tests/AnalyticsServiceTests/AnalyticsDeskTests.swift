import AnalyticsArtefacts
import TestSupport
import Testing

@testable import AnalyticsService

/// The current analysis of a directory as it changes, is damaged and is mended.
@Suite struct AnalyticsDeskTests {
    private let folder: TemporaryDirectory
    private let path: String

    init() throws {
        folder = try TemporaryDirectory()
        path = folder.path("analysis")
        try write(events: 1)
    }

    private func facts(_ events: Int) -> AnalyticsManifest.Facts {
        AnalyticsManifest.Facts(
            created: 1, tool: "test", timeZone: "UTC", from: "2025-01-06", to: "2025-01-07", events: events, users: 1,
            sources: [])
    }

    private func write(events: Int) throws {
        var writer = AnalyticsWriter(directory: path)
        try writer.add(SegmentsDocument(method: "after \(events) events", segments: []))
        try writer.publish(facts(events))
    }

    private var method: (AnalyticsDesk) -> String? { { $0.view.bundle.segments?.method } }

    @Test func anotherAnalysisIsTakenOverOnce() throws {
        let desk = try AnalyticsDesk(directory: path)
        #expect(desk.look() == nil)
        let before = desk.view
        try write(events: 2)
        guard case .replaced(let facts) = desk.look() else {
            Issue.record("it was not taken over")
            return
        }
        #expect(facts.events == 2 && method(desk) == "after 2 events")
        // Who reads the one before goes on with it.
        #expect(before.bundle.segments?.method == "after 1 events")
        #expect(desk.look() == nil)
    }

    /// What cannot be read is told once, is not read again and again, and leaves what is served in its place.
    @Test func aDamagedAnalysisIsRefusedAndAMendedOneTaken() throws {
        let desk = try AnalyticsDesk(directory: path)
        _ = try folder.write("{}", to: "analysis/manifest.json")
        guard case .failed(let error) = desk.look() else {
            Issue.record("it was taken")
            return
        }
        #expect(error.code == .damaged || error.code == .otherFormat)
        #expect(method(desk) == "after 1 events")
        #expect(desk.look() == nil && desk.look(isForced: true) == nil, "told once")
        try write(events: 3)
        guard case .replaced = desk.look() else {
            Issue.record("the mended one was not taken over")
            return
        }
        #expect(method(desk) == "after 3 events")
    }

    @Test func aDirectoryWithoutAnAnalysisIsNone() throws {
        #expect(throws: ArtefactError.self) { try AnalyticsDesk(directory: folder.path("nothing")) }
    }

    /// Another process acknowledges: it is seen at the next look.
    @Test func statesOfOthersAreSeen() throws {
        let desk = try AnalyticsDesk(directory: path)
        #expect(desk.states.acknowledged.isEmpty)
        try AnomalyStates.set("day:revenue:point:2025-01-06", (time: 7, note: nil), in: path)
        #expect(desk.look() == nil)
        #expect(desk.states.acknowledgement(of: "day:revenue:point:2025-01-06")?.time == 7)
    }
}
