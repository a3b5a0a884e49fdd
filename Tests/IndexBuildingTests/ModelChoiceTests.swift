import IndexBuilding
import Interactions
import LinearAlgebra
import RecommendationIndex
import Testing

@Suite struct ModelChoiceTests {
    private func model(_ configuration: BuildConfiguration, _ inputs: SampleInputs) throws -> String {
        try inputs.contents(configuration).collaborativeModel
    }

    private let shop = SampleInputs.groups(users: 100, tags: .none)

    @Test func smallCataloguesGetEASE() throws {
        #expect(try model(.sample(), shop) == "ease")
    }

    @Test func aNamedModelIsTaken() throws {
        #expect(try model(.sample(.itemKNN), shop) == "item-knn")
        #expect(try model(.sample(.ease), shop) == "ease")
        #expect(try model(.sample(.sparseEASE), shop) == "sparse-ease")
        #expect(try model(.sample(.slist), shop) == "slist")
        let none = try shop.contents(.sample(.none))
        #expect(none.collaborativeModel == "none")
        #expect(none.collaborative.storedCount == 0)
        #expect(none.collaborative.rowCount == none.itemIds.count)
    }

    @Test func theMemoryLimitChoosesItemKNN() throws {
        var configuration = BuildConfiguration.sample()
        // 60 items: 4 · 60² bytes of matrix and 2 · 8 · 60 · 60 of neighbours, and 8 · 60 of sums.
        let needed = 4 * 3600 + 16 * 3600 + 480
        configuration.memoryLimitBytes = needed - 1
        #expect(try model(configuration, shop) == "item-knn")
        configuration.memoryLimitBytes = needed
        #expect(try model(configuration, shop) == "ease")
    }

    @Test func eASEThatDoesNotFitIsRefusedWithARemedy() throws {
        var configuration = BuildConfiguration.sample(.ease)
        configuration.memoryLimitBytes = 1000
        let error = try #require(throws: BuildError.self) { try shop.contents(configuration) }
        #expect(error.operation == "train EASE")
        #expect(error.remedy.contains("--model sparse-ease or item-knn"))
        #expect(error.remedy.contains("--memory-limit"))
    }

    @Test func sparseEASEThatDoesNotFitIsRefusedWithARemedy() throws {
        var configuration = BuildConfiguration.sample(.sparseEASE)
        configuration.memoryLimitBytes = 1000
        let error = try #require(throws: BuildError.self) { try shop.contents(configuration) }
        #expect(error.operation == "train sparse EASE")
        #expect(error.remedy.contains("--model item-knn"))
        #expect(error.remedy.contains("--memory-limit"))
    }

    @Test func moreItemsThanTheLimitGetSparseEASE() throws {
        #expect(BuildConfiguration.Limits.easeItemCount == 20_000)
        var inputs = SampleInputs()
        for item in 0...20_000 { inputs.add("u\(item / 3)", "i\(item)") }
        var configuration = BuildConfiguration.sample()
        configuration.memoryLimitBytes = .max
        #expect(try model(configuration, inputs) == "sparse-ease")
    }

    @Test func coldItemsDoNotCountAgainstTheLimit() throws {
        var inputs = SampleInputs()
        inputs.add("u", "a")
        inputs.add("u", "b")
        for item in 0...20_000 { inputs.addItem("i\(item)") }
        #expect(try model(.sample(), inputs) == "ease")
    }
}
