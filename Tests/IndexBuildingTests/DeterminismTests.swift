import IndexBuilding
import Interactions
import RecommendationIndex
import TestSupport
import Testing

/// The same input gives the same bytes, whatever the number of threads and the order of the rows' ids.
@Suite struct DeterminismTests {
    /// The bytes of a version's file, and its name.
    private func file(_ inputs: LoadedInputs, _ configuration: BuildConfiguration) throws -> (String, [UInt8]) {
        let contents = try IndexBuilder(configuration).contents(
            of: inputs, createdMilliseconds: SampleInputs.created, observer: SilentObserver())
        let directory = try TemporaryDirectory()
        let version = try IndexDirectory(path: directory.path("x.index")).beginBuild().publish(contents).version
        return (version, try directory.bytes(of: "x.index/versions/\(version).lmdb"))
    }

    private func expectSameFile(_ inputs: LoadedInputs, _ model: CollaborativeModel) throws {
        let first = try file(inputs, .sample(model))
        for threads in [1, 2, 3] {
            let other = try file(inputs, .sample(model, threads: threads))
            #expect(first.0 == other.0, "\(threads) threads")
            // A difference of megabytes would be searched for minutes and printed.
            let isSame = first.1 == other.1
            #expect(isSame, "\(threads) threads")
        }
    }

    @Test(arguments: [CollaborativeModel.ease, .itemKNN])
    func buildsAreByteEqual(model: CollaborativeModel) throws {
        var inputs = SampleInputs.groups(users: 300, itemsPerGroup: 26, tags: .group)
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            inputs.add(
                "user-\(generator.index(below: 300))", "item-0-\(generator.index(below: 300))",
                day: generator.unit() * 100)
        }
        try expectSameFile(LoadedInputs(log: inputs.log, items: inputs.items, reports: []), model)
    }

    @Test func theOrderOfRowsAndItemsDoesNotMatter() throws {
        let inputs = SampleInputs.groups(users: 60, tags: .group)
        let first = try file(LoadedInputs(log: inputs.log, items: inputs.items, reports: []), .sample())
        var reversed = SampleInputs()
        for row in (0..<inputs.log.count).reversed() {
            reversed.add(
                inputs.log.users.id(at: Int(inputs.log.userIndexes[row])),
                inputs.log.items.id(at: Int(inputs.log.itemIndexes[row])), "purchase",
                day: Double((inputs.log.times[row] - SampleInputs.created) / SampleInputs.day))
        }
        let second = try file(
            LoadedInputs(log: reversed.log, items: inputs.items.reversed(), reports: []), .sample())
        #expect(first.0 == second.0)
        let isSame = first.1 == second.1
        #expect(isSame)
    }

    @Test(
        .enabled(if: DataSets.have("movielens-100k/u.data.gz"), "\(DataSets.reason)"),
        arguments: [CollaborativeModel.ease, .itemKNN])
    func movieLens100KIsByteEqual(model: CollaborativeModel) throws {
        let files = BuildInputs(
            interactions: SourceFile(
                path: DataSets.path("movielens-100k/u.data.gz"), options: SourceOptions(format: .movielens100k)),
            items: SourceFile(
                path: DataSets.path("movielens-100k/u.item.gz"), options: SourceOptions(format: .movielens100k)))
        let inputs = try LoadedInputs.read(files, weights: .standard, observer: SilentObserver())
        #expect(inputs.log.count == 100_000)
        let first = try file(inputs, .sample(model))
        let second = try file(inputs, .sample(model, threads: 2))
        #expect(first.0 == second.0)
        let isSame = first.1 == second.1
        #expect(isSame)
    }
}
