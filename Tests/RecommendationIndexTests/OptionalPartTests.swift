import LinearAlgebra
import RecommendationIndex
import TestSupport
import Testing

/// What an index may lack is there with all of its sections or with none.
@Suite struct OptionalPartTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func publish(_ contents: IndexContents, blockByteLimit: Int? = nil) throws -> RecommendationIndex {
        var options = IndexBuild.Options()
        if let blockByteLimit { options.blockByteLimit = blockByteLimit }
        _ = try IndexDirectory(path: directory.path("a.index")).beginBuild().publish(contents, options: options)
        return try RecommendationIndex.open(directory.path("a.index"))
    }

    @Test func anIndexWithoutSessionsHasNoSessionModel() throws {
        let index = try publish(SampleContents.make(itemCount: 12, userCount: 6))
        #expect(index.sessionModel == nil)
        #expect(index.verify() == [])
    }

    @Test(arguments: [0, 1, 40, 500], [nil, 2048])
    func aSessionModelComesBack(itemCount: Int, blockByteLimit: Int?) throws {
        let contents = SampleContents.makeWithSessions(itemCount: itemCount, userCount: 5, sessionCount: 400)
        let index = try publish(contents, blockByteLimit: blockByteLimit)
        #expect(IndexContents(reading: index).firstDifference(from: contents) == nil)
        #expect(index.verify() == [])
        #expect(index.sessionModel?.sessions.count == (itemCount == 0 ? 0 : 400))
        #expect(index.sessionModel?.sessionsOfItems.count == itemCount)
    }

    @Test(arguments: [0, 1, 40, 500], [nil, 2048])
    func theModelsComeBack(itemCount: Int, blockByteLimit: Int?) throws {
        let contents = SampleContents.makeWithModels(itemCount: itemCount, userCount: 50)
        let index = try publish(contents, blockByteLimit: blockByteLimit)
        #expect(IndexContents(reading: index).firstDifference(from: contents) == nil)
        #expect(index.verify() == [])
        #expect(index.sessionModel == nil && index.factorModel?.gram.rowCount == 5)
    }

    @Test func modelsThatDoNotFitAreNamed() throws {
        func error(_ change: (inout IndexContents) -> Void) throws -> IndexError {
            var contents = SampleContents.makeWithModels(itemCount: 6, userCount: 9)
            change(&contents)
            return try #require(throws: IndexError.self) { _ = try publish(contents) }
        }
        #expect(try error { $0.factorModel?.items = DenseMatrix(zeros: 5, 5) }.expected == "6 rows of item factors")
        #expect(
            try error { $0.factorModel?.gram = DenseMatrix(zeros: 5, 4) }.expected
                == "5 columns of the factors' Gram matrix")
        #expect(try error { $0.factorModel?.constants = [1] }.expected == "4 constants of the factors")
        #expect(try error { $0.usersOfItems?.append([]) }.found == "7")
        #expect(try error { $0.usersOfItems?.indexes[0] = 9 }.expected == "indexes from 0 to 8")
        #expect(try error { $0.usersOfItems?.indexes.swapAt(0, 1) }.code == .verificationFailed)
        #expect(try error { $0.factorModel?.items.values[3] = .nan }.expected == "finite item factors")
        #expect(try error { $0.factorModel?.gram.values[3] = .infinity }.code == .verificationFailed)
        #expect(try error { $0.factorModel?.constants[2] = -1 }.code == .verificationFailed)
    }

    @Test func shapesThatDoNotFitAreNamed() throws {
        func error(_ change: (inout SessionModelContents) -> Void) throws -> IndexError {
            var contents = SampleContents.makeWithSessions(itemCount: 6, userCount: 4)
            var model = try #require(contents.sessionModel)
            change(&model)
            contents.sessionModel = model
            return try #require(throws: IndexError.self) { _ = try publish(contents) }
        }
        #expect(try error { $0.itemWeights.removeLast() }.expected == "6 weights of items in sessions")
        #expect(try error { $0.sessionsOfItems.append([]) }.found == "7")
        #expect(try error { $0.sessions.indexes[0] = 6 }.expected == "indexes from 0 to 5")
        #expect(try error { $0.sessionsOfItems.indexes[0] = 50 }.expected == "indexes from 0 to 49")
        #expect(try error { $0.itemWeights[1] = .nan }.code == .verificationFailed)
        #expect(
            try error { model in
                // An item's sessions out of order.
                guard let item = (0..<6).first(where: { model.sessionsOfItems[$0].count > 1 }) else { return }
                model.sessionsOfItems.indexes.swapAt(
                    model.sessionsOfItems.offsets[item], model.sessionsOfItems.offsets[item] + 1)
            }.code == .verificationFailed)
    }
}
