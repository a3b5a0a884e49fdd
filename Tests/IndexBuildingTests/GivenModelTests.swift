import Embeddings
import IndexBuilding
import Interactions
import LinearAlgebra
import RecommendationIndex
import StoredFiles
import TestSupport
import Testing

/// A model that is written and given again makes the index that training makes.
@Suite struct GivenModelTests {
    /// 60 users of two groups, some rows with other weights, a dislike, a new item, ids that CSV has to quote.
    private func sample() throws -> LoadedInputs {
        let weights = try EventWeights(parsing: "dislike=-5")
        var inputs = SampleInputs(weights: weights)
        var generator = SeededGenerator(seed: 11)
        for user in 0..<60 {
            for step in 0..<8 {
                let item = 2 * generator.index(below: 12) + user % 2
                let type = step % 5 == 4 ? "dislike" : step % 3 == 0 ? "purchase" : "view"
                inputs.add("user \"\(user)\", \u{e4}", "item,\(item)", type, day: generator.unit() * 90)
            }
        }
        for item in 0..<24 { inputs.addItem("item,\(item)", tags: ["group\(item % 2)", "tag\(item % 5)"]) }
        inputs.addItem("new", tags: ["group1", "tag2"])
        return LoadedInputs(log: inputs.log, items: inputs.items, reports: [])
    }

    private func configuration(_ model: CollaborativeModel) throws -> BuildConfiguration {
        var configuration = BuildConfiguration.sample(model)
        configuration.eventWeights = try EventWeights(parsing: "dislike=-5")
        configuration.sessionModel = .none
        configuration.halfLifeDays = 30
        return configuration
    }

    private func written(
        _ model: CollaborativeModel, to directory: TemporaryDirectory
    ) throws -> (contents: IndexContents, path: String) {
        let path = directory.path("given")
        let contents = try IndexBuilder(try configuration(model)).contents(
            of: sample(), createdMilliseconds: SampleInputs.created, observer: SilentObserver(),
            trained: { trained throws(BuildError) in
                do throws(FileError) {
                    try trained.write(to: path, madeBy: "a test")
                } catch {
                    throw BuildError(operation: "write", expected: error.expected, found: error.found, remedy: "")
                }
            })
        return (contents, path)
    }

    private func built(_ files: GivenFiles, _ model: CollaborativeModel) throws -> IndexContents {
        let inputs = try sample()
        var loaded = LoadedInputs(log: inputs.log, items: inputs.items, reports: [])
        loaded.given = files.model
        return try IndexBuilder(try configuration(model)).contents(
            of: loaded, vectors: files.itemVectors, createdMilliseconds: SampleInputs.created,
            observer: SilentObserver())
    }

    /// What an index consists of, but for the facts that tell where it came from.
    private func sections(_ contents: IndexContents, _ directory: TemporaryDirectory, _ name: String) throws -> [String]
    {
        try contents.published(in: directory, as: name).manifest.sections.map {
            String(describing: $0)
        }
    }

    @Test(arguments: [CollaborativeModel.ease, .itemKNN, .slist, .implicitALS, .easeAndImplicitALS])
    func theIndexIsTheSame(model: CollaborativeModel) throws {
        let directory = try TemporaryDirectory()
        let (trained, path) = try written(model, to: directory)
        let files = try GivenFiles.read(path, threadCount: 1, observer: SilentObserver())
        #expect(files.notes == [])
        #expect(files.model.histories?.interactionCount == 480)
        let given = try built(files, model)
        let expected = try sections(trained, directory, "trained.index")
        #expect(expected.count > 10)
        #expect(try sections(given, directory, "given.index") == expected)
        #expect(given.facts.setting(.given) == "a test")
        // All else that is kept is the same too.
        var facts = given.facts
        facts.configuration.removeAll { $0.name == "given" }
        facts.sources = []
        #expect(facts == trained.facts)
    }

    @Test func factorsOfUsersAreComparedWithTheirHistories() throws {
        let directory = try TemporaryDirectory()
        let (trained, path) = try written(.implicitALS, to: directory)
        var files = try GivenFiles.read(path, threadCount: 1, observer: SilentObserver())
        let width = try #require(trained.factorModel).items.columnCount
        let ids = Array(trained.userIds.prefix(40))
        files.model.userFactors = try ItemVectors(
            ids: ids,
            vectors: DenseMatrix(
                rowCount: ids.count, columnCount: width, values: Array(repeating: 1, count: ids.count * width)))
        let text = try #require(try built(files, .implicitALS).facts.setting(.givenUserFactors))
        #expect(text.contains("40 histories"))
        #expect(text.contains("see \"ials\""))
        files.model.userFactors = try ItemVectors(
            ids: ids,
            vectors: DenseMatrix(rowCount: ids.count, columnCount: 3, values: Array(repeating: 1, count: ids.count * 3))
        )
        #expect(throws: BuildError.self) { try built(files, .implicitALS) }
    }

    @Test func popularityAndLinksAreTakenAsTheyAre() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("given")
        try FileSystem.makeDirectories(path + "/item-links")
        _ = try directory.write("{\"format\":1,\"model\":\"item-knn\"}", to: "given/given.json")
        _ = try directory.write("", to: "given/item-links/_SUCCESS")
        _ = try directory.write(
            "{\"itemId\":\"item,0\",\"neighbourId\":\"item,2\",\"score\":0.5}\n", to: "given/item-links/part-0.json")
        _ = try directory.write(
            "{\"score\":0.25,\"itemId\":\"item,0\",\"neighbourId\":\"unknown\"}\n"
                + "{\"score\":0.75,\"neighbourId\":\"item,4\",\"itemId\":\"item,0\"}\n",
            to: "given/item-links/part-1.json")
        _ = try directory.write("itemId,allTime,recent,trending\n\"item,0\",5,2.5,0.25\n", to: "given/popularity.csv")
        let files = try GivenFiles.read(path, threadCount: 1, observer: SilentObserver())
        // Nothing told how many rows there should be.
        #expect(files.notes.count == 2)
        let contents = try built(files, .itemKNN)
        let (first, second, third) = (
            try #require(contents.itemIds.firstIndex(of: "item,0")), contents.itemIds.firstIndex(of: "item,2"),
            contents.itemIds.firstIndex(of: "item,4")
        )
        let range = contents.collaborative.range(ofRow: first)
        let warm = range.filter { contents.itemIds[Int(contents.collaborative.columnIndexes[$0])] != "new" }
        #expect(
            warm.map { Int(contents.collaborative.columnIndexes[$0]) } == [second, third].compactMap { $0 }.sorted())
        #expect(Set(warm.map { contents.collaborative.values[$0] }) == [0.5, 0.75])
        #expect(contents.popularity[first] == 5)
        #expect(contents.trending[first] == 0.25)
        #expect(contents.popularity.reduce(0, +) == 5)
    }
}
