import Interactions
import TestSupport
import Testing

@testable import Evaluation

private func rows(_ log: InteractionLog?) -> [String] {
    guard let log else { return [] }
    return (0..<log.count).map {
        "\(log.users.id(at: Int(log.userIndexes[$0]))) \(log.items.id(at: Int(log.itemIndexes[$0])))"
    }
}

/// Hand-made miniatures of each layout, written under the names of the real files.
struct ProtocolLoadingTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func write(_ name: String, _ text: String) throws {
        let parts = name.split(separator: "/")
        try directory.makeFolder(String(parts[0]))
        _ = try directory.write(text, to: "\(name).gz")
    }

    @Test func ncfNumbersMeanTheOrderOfFirstAppearance() throws {
        try write("movielens-1m/ratings_order.csv", "7,100,5\n7,300,1\n9,100,4\n9,200,3\n9,300,2\n")
        try write(
            "movielens-1m/movies.dat",
            "100::A (1990)::Drama\n200::B (1991)::War\n300::C (1992)::War\n400::D (1993)::War\n")
        try write("movielens-1m-ncf/ml-1m.test.rating", "0\t1\t1\t5\n1\t2\t3\t6\n")
        // User 1's test item 2 stands among its own negatives.
        try write("movielens-1m-ncf/ml-1m.test.negative", "(0,1)\t2\n(1,2)\t0\t2\n")
        let data = try PublishedProtocol.ncfML1M.load(from: directory.path)
        #expect(rows(data.interactions) == ["7 100", "9 100", "9 300"])
        #expect(rows(data.test) == ["7 300", "9 200"])
        #expect(data.items.map(\.id) == ["100", "200", "300"])
        #expect(data.candidates?.candidates(of: "7", wanted: ["300"]) == ["300", "200"])
        #expect(data.candidates?.candidates(of: "9", wanted: ["200"]) == ["200", "100"])
        #expect(data.candidates?.candidates(of: "8", wanted: []) == nil)
        #expect(data.candidates?.isSampled == true)
    }

    @Test func ncfRefusesNumbersBeyondTheFile() throws {
        try write("movielens-1m/ratings_order.csv", "7,100,5\n7,300,1\n")
        try write("movielens-1m-ncf/ml-1m.test.rating", "0\t1\t1\t5\n0\t2\t1\t5\n")
        let error = #expect(throws: ReadError.self) { try PublishedProtocol.ncfML1M.load(from: directory.path) }
        #expect(error?.code == .badLine)
        #expect(
            error?.description.contains("ml-1m.test.rating.gz: cannot read line 2: expected a user below 1") == true)
    }

    /// For tuning: test parts and candidates that are files of their own are not there at all, and are not missed.
    @Test func theTrainingPartIsReadWithoutTheTestFiles() throws {
        try write("gowalla/train.txt", "0 5 6\n1 6\n2\n")
        let gowalla = try PublishedProtocol.lightGCNGowalla.load(from: directory.path, trainingOnly: true)
        #expect(rows(gowalla.interactions) == ["0 5", "0 6", "1 6"] && gowalla.test == nil)
        try write("movielens-1m-chronological/train.csv", "1,10\n")
        try write("movielens-1m-chronological/valid.csv", "1,20\n")
        try write("movielens-1m/movies.dat", "10::A (1990)::Drama\n20::B (1991)::War\n30::B (1991)::War\n")
        let chronological = try PublishedProtocol.chronologicalML1M.load(from: directory.path, trainingOnly: true)
        #expect(rows(chronological.interactions) == ["1 10", "1 20"] && chronological.test == nil)
        try write("citeulike-cold/warm_emb.csv", "user,item\n0,1\n")
        try write("citeulike-cold/warm_map.csv", "user,item\n1,1\n")
        try write("citeulike-cold/tags.dat", "graph\n")
        try write("citeulike-cold/item-tag.dat", "1 0\n0\n")
        let articles = try PublishedProtocol.citeULikeCold.load(from: directory.path, trainingOnly: true)
        #expect(rows(articles.interactions) == ["0 1", "1 1"] && articles.test == nil && articles.candidates == nil)
        #expect(articles.items.map(\.id) == ["1", "2"])
        try write("diginetica/train_sessions.txt", "a b\n")
        let sessions = try PublishedProtocol.diginetica.load(from: directory.path, trainingOnly: true)
        #expect(sessions.sessions?.training == [["a", "b"]] && sessions.sessions?.queries.isEmpty == true)
        try write("movielens-1m/ratings_order.csv", "7,100,5\n7,300,1\n8,100,1\n8,200,1\n8,300,1\n8,400,1\n")
        try write("movielens-1m-ncf/ml-1m.test.rating", "0\t1\t1\t5\n1\t0\t1\t5\n")
        let ncf = try PublishedProtocol.ncfML1M.load(from: directory.path, trainingOnly: true)
        #expect(rows(ncf.interactions).sorted() == ["7 100", "8 200", "8 300", "8 400"])
        // A drawn row of each user comes last.
        #expect(rows(ncf.interactions).suffix(2).map { $0.prefix(1) } == ["7", "8"])
        #expect(ncf.test == nil && ncf.candidates == nil)
        try write("amazon-beauty/sequences.txt", "1 5 6 7\n")
        try write("amazon-beauty/item_text.txt", "5 soap\n")
        let beauty = try PublishedProtocol.amazonBeauty.load(from: directory.path, trainingOnly: true)
        #expect(rows(beauty.interactions) == ["1 5", "1 6"] && beauty.test == nil)
    }

    @Test func everyProtocolCanBeTuned() {
        for name in PublishedProtocol.allCases {
            #expect(name.cutOffs.contains(name.tuningMetric.cutOff))
            #expect(name.validation != .given)
        }
    }

    @Test func gowallaLinesAreAUserAndItems() throws {
        try write("gowalla/train.txt", "0 5 6\n1 6\n2\n")
        try write("gowalla/test.txt", "0 7\n1 5 7\n")
        let data = try PublishedProtocol.lightGCNGowalla.load(from: directory.path)
        #expect(rows(data.interactions) == ["0 5", "0 6", "1 6"])
        #expect(rows(data.test) == ["0 7", "1 5", "1 7"])
        #expect(!data.interactions.hasTimes && data.candidates == nil)
        try write("gowalla/test.txt", "0 7\n1,5,7\n")
        let error = #expect(throws: ReadError.self) { try PublishedProtocol.lightGCNGowalla.load(from: directory.path) }
        #expect(error?.description.contains("test.txt.gz: cannot read line 2") == true)
    }

    @Test func validationRowsAreInputOfTheChronologicalSplit() throws {
        try write("movielens-1m-chronological/train.csv", "1,10\n2,10\n")
        try write("movielens-1m-chronological/valid.csv", "1,20\n")
        try write("movielens-1m-chronological/test.csv", "1,30\n2,20\n")
        try write("movielens-1m/movies.dat", "10::A (1990)::Drama\n20::B (1991)::War\n99::Z (1991)::War\n")
        let data = try PublishedProtocol.chronologicalML1M.load(from: directory.path)
        #expect(rows(data.interactions) == ["1 10", "2 10", "1 20"])
        // The oldest rows are one moment, each later row is another.
        #expect(data.interactions.hasTimes && data.interactions.times == [0, 0, 1])
        #expect(rows(data.test) == ["1 30", "2 20"])
        #expect(data.items.map(\.id) == ["10", "20"])
    }

    @Test func theLastItemOfASequenceIsTheTest() throws {
        try write("amazon-beauty/sequences.txt", "u a b c\nv b a\n")
        try write("amazon-beauty/item_text.txt", "a red lip stick\nb\nc soap\n")
        let data = try PublishedProtocol.amazonBeauty.load(from: directory.path)
        #expect(rows(data.interactions) == ["u a", "u b", "v b"])
        #expect(data.interactions.hasTimes && data.interactions.times == [0, 1, 2])
        #expect(rows(data.test) == ["u c", "v a"])
        #expect(data.items.map { $0["title"] } == [.string("red lip stick"), .string(""), .string("soap")])
    }

    @Test func coldArticlesAreThoseOfBothColdFiles() throws {
        let head = "user,item\n"
        for (name, text) in [
            ("warm_emb", "1,1\n"), ("warm_map", "2,2\n"), ("warm_test", "1,2\n"), ("cold_item_test", "2,3\n"),
            ("cold_item_val", "1,4\n"),
        ] { try write("citeulike-cold/\(name).csv", head + text) }
        try write("citeulike-cold/tags.dat", "red\nblue\n")
        try write("citeulike-cold/item-tag.dat", "1 0\n0\n2 0 1\n1 1\n")
        let cold = try PublishedProtocol.citeULikeCold.load(from: directory.path)
        #expect(rows(cold.interactions) == ["1 1", "2 2"] && rows(cold.test) == ["2 3"])
        #expect(cold.candidates == .shared(["3", "4"]))
        #expect(
            cold.items.map { $0["tags"] } == [
                .strings(["red"]), .strings([]), .strings(["red", "blue"]), .strings(["blue"]),
            ])
        let warm = try PublishedProtocol.citeULikeWarm.load(from: directory.path)
        #expect(rows(warm.test) == ["1 2"] && warm.candidates == .shared(["1", "2"]))
        let overall = try PublishedProtocol.citeULikeOverall.load(from: directory.path)
        #expect(rows(overall.test) == ["2 3", "1 2"] && overall.candidates == nil)
        try write("citeulike-cold/item-tag.dat", "1 0\n2 0\n")
        let error = #expect(throws: ReadError.self) { try PublishedProtocol.citeULikeCold.load(from: directory.path) }
        #expect(error?.description.contains("line 2: expected a count and then so many tag positions") == true)
    }

    @Test func aProtocolOfSessionsHasTheQueriesOfItsFiles() throws {
        try write("diginetica/train_sessions.txt", "1 2\n3 1 1\n")
        try write("diginetica/test_prefixes.txt", "2 3\t1\n2\t3\n")
        let data = try PublishedProtocol.diginetica.load(from: directory.path)
        #expect(data.sessions?.training == [["1", "2"], ["3", "1", "1"]])
        #expect(data.sessions?.queries == [.init(prefix: ["2", "3"], next: "1"), .init(prefix: ["2"], next: "3")])
        #expect(rows(data.interactions) == ["0 1", "0 2", "1 3", "1 1", "1 1"])
        #expect(data.test == nil)
    }

    @Test func sessionsStandBesideWhatIsPublished() throws {
        let cutOffs = try CutOffs([10, 20])
        let list = (0..<20).map { Int32($0) }
        let evaluation = NextItemEvaluation(of: "ours", wanted: [1, 15, 99, 0], at: cutOffs) { _ in (list, 0) }
        let text = PublishedComparison(.diginetica, [evaluation], at: cutOffs).text
        let words = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(words.contains("System Source HitRate@20 MRR@20"))
        #expect(words.contains("V-SKNN with idf R 0.5140 0.1820"))
        // Ranks 2, 16, none and 1.
        #expect(words.contains("foretaste: ours this run 0.7500 0.3906"))
        let short = PublishedComparison(.diginetica, [evaluation], at: try CutOffs([10])).text
        #expect(short.contains(" -"))
    }

    @Test func plainCandidatesAreSeparatedByTabsCommasOrSpaces() throws {
        let path = try directory.write("u\ta\tb\r\nv,c\n\nw d e\nu f\n", to: "negatives")
        let lists = try CandidateLists.read(negatives: path)
        #expect(lists == .byUser(["u": ["a", "b", "f"], "v": ["c"], "w": ["d", "e"]]))
        let short = try directory.write("u a\nv\n", to: "short")
        let error = #expect(throws: ReadError.self) { try CandidateLists.read(negatives: short) }
        #expect(error?.description.contains("cannot read line 2") == true)
    }

    @Test func anUnknownNameListsTheProtocols() {
        let error = #expect(throws: EvaluationError.self) { try PublishedProtocol(parsing: "ncf") }
        for name in PublishedProtocol.allCases { #expect(error?.remedy.contains(name.rawValue) == true) }
    }
}

/// The published files themselves.
struct PublishedDataTests {
    /// Counts of the data sets' own description.
    private static let counts: [PublishedProtocol: (training: Int, test: Int)] = [
        .ncfML1M: (1_000_209 - 6_040, 6_040), .lightGCNGowalla: (810_128, 217_242),
        .chronologicalML1M: (802_085, 197_526), .amazonBeauty: (198_502 - 22_363, 22_363),
    ]

    @Test(
        .enabled(if: DataSets.have("movielens-1m-ncf"), "\(DataSets.reason)"),
        arguments: PublishedProtocol.allCases.filter { $0.split == nil && !$0.isOfSessions })
    func noTestRowIsInTraining(name: PublishedProtocol) throws {
        let data = try name.load(from: DataSets.folder)
        let training = Set(rows(data.interactions))
        let test = rows(data.test)
        if let counts = Self.counts[name] {
            #expect(data.interactions.count == counts.training && test.count == counts.test)
        }
        #expect(!test.isEmpty)
        let repeated = test.count { training.contains($0) }
        // A Beauty sequence may end with an item that it has before: the split drops those rows.
        #expect(name == .amazonBeauty ? repeated < test.count / 10 : repeated == 0)
    }

    @Test(.enabled(if: DataSets.have("diginetica"), "\(DataSets.reason)"))
    func sessionsAreThoseOfTheDescription() throws {
        let sessions = try #require(try PublishedProtocol.diginetica.load(from: DataSets.folder).sessions)
        #expect(sessions.training.count == 186_670 && sessions.queries.count == 60_858)
        let known = Set(sessions.training.joined())
        #expect(known.count == 43_097)
        #expect(sessions.queries.allSatisfy { known.contains($0.next) })
    }
}
