import AnalyticsArtefacts
import StoredFiles
import TestSupport
import Testing

/// Documents of made-up values.
enum Sample {
    static let facts = AnalyticsManifest.Facts(
        created: 1_700_000_000_000, tool: "foretaste test", timeZone: "UTC", from: "2025-01-06", to: "2025-01-07",
        events: 3, users: 2, sources: ["events.csv"])

    static let trends = TrendsDocument(
        calendars: [.init(period: "day", names: ["2025-01-06", "2025-01-07"], isPartial: [false, true])],
        series: [
            .init(
                indicator: "revenue", period: "day", dimension: "channel", group: "a/b \"c\"", values: [nil, 1.5],
                forecast: .init(
                    method: "seasonalNaive", intervalShare: 0.8, coverage: nil,
                    points: [.init(period: "2025-01-08", value: 1, lower: nil, upper: 2)]))
        ],
        funnels: [], retention: "week", cohorts: [.init(name: "2025-01-06", users: 2, active: [2])], lifecycle: [])

    static func users(ids: [String] = ["a", "b"], places: [Int] = [0, -1], churn: [Double?] = [0.25, nil])
        -> UsersDocument
    {
        UsersDocument(
            moment: 5, days: 30, valueDays: 365, ids: ids, segmentPlaces: places, segments: ["champions"],
            events: [2, 1], purchases: [1, 0], lastTimes: [4, 3], revenue: [9.5, nil], alive: [], expectedPurchases: [],
            value: [],
            models: [
                .init(
                    name: "churn", outcome: "no event within 30 days", learner: "boosting", refusal: nil, rows: 10,
                    positives: 4, threshold: 0.5, measures: [.init(name: "auc", value: 0.7, lower: 0.6, upper: 0.8)],
                    features: ["recency_days", "events"], importances: [0.1, 0], predictions: churn,
                    reasonFeatures: [1, 0, -1, -1, -1, -1], reasonValues: [0.5, -0.25, 0, 0, 0, 0])
            ])
    }

    static func write(to directory: String, users: UsersDocument = users()) throws {
        var writer = AnalyticsWriter(directory: directory)
        try writer.add(trends)
        try writer.add(users)
        try writer.publish(facts, others: [("report.html", "<p>")])
    }
}

@Suite struct BundleTests {
    @Test func whatIsWrittenIsRead() throws {
        let folder = try TemporaryDirectory()
        try Sample.write(to: folder.path("out"))
        let bundle = try AnalyticsBundle(directory: folder.path("out"))
        #expect(bundle.manifest.facts == Sample.facts)
        #expect(bundle.trends == Sample.trends)
        #expect(bundle.users == Sample.users())
        #expect(bundle.insights == nil)
        let users = try #require(bundle.users)
        #expect(users.place(of: "b") == 1 && users.place(of: "c") == nil && users.place(of: "") == nil)
        let reasons = try #require(users.model("churn")).reasons(ofUser: 0)
        #expect(reasons.map(\.feature) == ["events", "recency_days"] && reasons.map(\.value) == [0.5, -0.25])
        #expect(users.models[0].reasons(ofUser: 7).isEmpty)
    }

    @Test func theSameDocumentsAreTheSameBytes() throws {
        let folder = try TemporaryDirectory()
        for name in ["one", "two"] { try Sample.write(to: folder.path(name)) }
        for name in try FileSystem.names(in: folder.path("one")) where !name.hasPrefix(".") {
            #expect(try folder.bytes(of: "one/\(name)") == folder.bytes(of: "two/\(name)"), "\(name)")
        }
    }

    /// What an analysis before left goes; what is not of one stays.
    @Test func anotherAnalysisTakesThePlaceOfTheOneBefore() throws {
        let folder = try TemporaryDirectory()
        let out = folder.path("out")
        try Sample.write(to: out)
        for name in ["users-note.json", "users-0123456789abcdef.txt", "other-0123456789abcdef.json"] {
            _ = try folder.write("mine", to: "out/\(name)")
        }
        let before = Set(try FileSystem.names(in: out))
        try Sample.write(to: out, users: Sample.users(churn: [0.5, nil]))
        let after = Set(try FileSystem.names(in: out))
        #expect(before.count == after.count && before.subtracting(after).count == 1)
        #expect(try AnalyticsBundle(directory: out).users == Sample.users(churn: [0.5, nil]))
    }

    @Test func nothingIsTrusted() throws {
        let folder = try TemporaryDirectory()
        let out = folder.path("out")
        #expect(throws: ArtefactError.self) { try AnalyticsBundle(directory: out) }
        try Sample.write(to: out)
        let name = try #require(try FileSystem.names(in: out).first { $0.hasPrefix("users-") })
        let whole = try folder.bytes(of: "out/\(name)")
        let manifest = try folder.text(of: "out/manifest.json")
        func code() -> ArtefactError.Code? {
            do throws(ArtefactError) {
                _ = try AnalyticsBundle(directory: out)
                return nil
            } catch { return error.code }
        }
        let changes: [[UInt8]] = [Array(whole.dropLast()), whole + [32], Array(whole.dropLast()) + [33], []]
        for change in changes {
            _ = try folder.write(change, to: "out/\(name)")
            #expect(code() == .damaged)
        }
        try FileSystem.remove("\(out)/\(name)")
        #expect(code() == .missing)
        _ = try folder.write(whole, to: "out/\(name)")
        #expect(code() == nil)
        for (old, new, expected) in [
            ("foretaste-analytics", "another", ArtefactError.Code.otherFormat),
            ("\"version\":1", "\"version\":2", .otherFormat),
            ("\"users\"", "\"items\"", .damaged), ("\"checksum\":\"", "\"checksum\":\"../../etc/x", .damaged),
            ("\"byteCount\":", "\"byteCount\":-", .damaged), ("\"byteCount\":", "\"byteCount\":99999999999", .damaged),
            ("{", "[", .damaged), ("\"facts\"", "\"fact\"", .damaged),
        ] {
            #expect(manifest.contains(old))
            _ = try folder.write(manifest.replacingOccurrences(old, new), to: "out/manifest.json")
            #expect(code() == expected, "\(old) -> \(new)")
        }
    }

    /// A document whose checksum is right may still say nonsense, as another program's would.
    @Test(arguments: [
        Sample.users(ids: ["b", "a"]), Sample.users(ids: ["a", "a"]), Sample.users(ids: ["a"]),
        Sample.users(places: [1, 0]), Sample.users(places: [-2, 0]), Sample.users(churn: [1.5, nil]),
        Sample.users(churn: [-0.1, nil]), Sample.users(churn: [0.1]),
        Sample.users(ids: ["a", String(repeating: "x", count: 1025)]),
    ])
    func documentsAreLookedAt(_ users: UsersDocument) throws {
        #expect(users.fault != nil)
        var writer = AnalyticsWriter(directory: "nowhere")
        #expect(throws: ArtefactError.self) { try writer.add(users) }
    }

    @Test func noNumberThatJSONHasNot() throws {
        var writer = AnalyticsWriter(directory: "nowhere")
        #expect(throws: ArtefactError.self) { try writer.add(Sample.users(churn: [.nan, nil])) }
        let endless = SummaryDocument(
            from: "", to: "", facts: [.init(name: "x", value: .infinity, text: "")], paragraphs: [])
        #expect(throws: ArtefactError.self) { try writer.add(endless) }
    }
}

@Suite struct StateTests {
    @Test func statesAreKept() throws {
        let folder = try TemporaryDirectory()
        let out = folder.path("")
        #expect(try AnomalyStates(directory: out).acknowledged.isEmpty)
        for id in ["day:b", "day:a", "day:b"] { try AnomalyStates.set(id, (7, "a sale"), in: out) }
        let states = try AnomalyStates(directory: out)
        #expect(states.acknowledged.map(\.id) == ["day:a", "day:b"])
        #expect(states.acknowledgement(of: "day:b") == .init(id: "day:b", time: 7, note: "a sale"))
        #expect(states.acknowledgement(of: "day:c") == nil)
        #expect(try AnomalyStates.set("day:a", nil, in: out).acknowledged.map(\.id) == ["day:b"])
        #expect(try AnomalyStates(directory: out).acknowledged.map(\.id) == ["day:b"])
    }

    @Test func aDamagedFileIsNotWrittenOver() throws {
        let folder = try TemporaryDirectory()
        let out = folder.path("")
        _ = try folder.write("{", to: "states.json")
        #expect(throws: ArtefactError.self) { try AnomalyStates.set("day:a", (7, nil), in: out) }
        #expect(try folder.text(of: "states.json") == "{")
        try FileSystem.remove(folder.path("states.json"))
        let long = String(repeating: "x", count: 1025)
        #expect(throws: ArtefactError.self) { try AnomalyStates.set("day:a", (7, long), in: out) }
        #expect(try AnomalyStates(directory: out) == AnomalyStates())
    }
}

extension String {
    fileprivate func replacingOccurrences(_ old: String, _ new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
