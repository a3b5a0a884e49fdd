import IndexBuilding
import LinearAlgebra
import RecommendationIndex
import Recommenders
import TestSupport
import Testing

/// The models that are more than item lists.
@Suite struct ServedModelTests {
    private let shop = SampleInputs.groups(users: 60, tags: .none)

    private func configuration(_ model: CollaborativeModel, threads: Int = 1) -> BuildConfiguration {
        var configuration = BuildConfiguration.sample(model, threads: threads)
        configuration.implicitALS.dimension = 12
        configuration.implicitALS.epochCount = 3
        return configuration
    }

    @Test func theModelIsThereAndNoOther() throws {
        let ials = try shop.contents(configuration(.implicitALS))
        #expect(ials.collaborativeModel == "ials" && ials.collaborative.storedCount == 0)
        #expect(ials.factorModel?.items.columnCount == 12 && ials.usersOfItems == nil)
        let users = try shop.contents(configuration(.userKNN))
        #expect(users.collaborativeModel == "user-knn" && users.collaborative.storedCount == 0)
        #expect(users.usersOfItems?.listCount == users.itemIds.count && users.factorModel == nil)
        let ease = try shop.contents(configuration(.ease))
        #expect(ease.factorModel == nil && ease.usersOfItems == nil)
    }

    /// Five of six pairs are there, one of them twice; nobody has item z. The second constant of a model is alpha0 times the
    /// items that anybody has.
    @Test func alphaIsOfTheDensity() throws {
        var inputs = SampleInputs()
        for (user, item) in [("a", "x"), ("a", "y"), ("b", "x"), ("b", "x"), ("c", "x"), ("c", "y")] {
            inputs.add(user, item)
        }
        inputs.addItem("z")
        func alphaTotal(_ alpha: ImplicitALS.UnobservedWeight) throws -> Float {
            var configuration = configuration(.implicitALS)
            configuration.ialsAlpha = alpha
            return try #require(try inputs.contents(configuration).factorModel).constants[1]
        }
        #expect(try alphaTotal(.fixed(0.5)) == 1)
        #expect(try alphaTotal(.factor(3)) == 5)
        // Half of sqrt(5 / 3 * 5 / 2) times 5 / 6 is above the limit.
        #expect(try alphaTotal(.automatic) == 0.6)
    }

    @Test func sameModelWhateverTheThreads() throws {
        let one = try shop.contents(configuration(.implicitALS))
        for threads in 2...3 {
            let other = try shop.contents(configuration(.implicitALS, threads: threads))
            #expect(other.factorModel == one.factorModel)
        }
        let users = try shop.contents(configuration(.userKNN))
        #expect(try shop.contents(configuration(.userKNN, threads: 3)).usersOfItems == users.usersOfItems)
    }

    @Test func factorsThatDoNotFitAreRefused() throws {
        var small = configuration(.implicitALS)
        small.memoryLimitBytes = 1000
        let error = try #require(throws: BuildError.self) { try shop.contents(small) }
        #expect(error.operation == "train implicit ALS")
        #expect(error.remedy.contains("--ials-dimension"))
    }

    @Test(arguments: [CollaborativeModel.implicitALS, .userKNN]) func noInteractions(_ model: CollaborativeModel) throws
    {
        var inputs = SampleInputs()
        inputs.addItem("a")
        let contents = try inputs.contents(configuration(model))
        #expect(contents.collaborativeModel == "none")
        #expect(contents.factorModel == nil && contents.usersOfItems == nil)
    }
}
