import Embeddings
import IndexBuilding
import Interactions
import RecommendationIndex
import RecommendationService

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An index of a hold-out's training part, open as the server opens it.
struct HeldOutIndex {
    let serving: ServingIndex
    /// Per item of the index, its number in the hold-out.
    let itemNumbers: [Int32]

    init(
        of holdOut: HoldOut, configuration: BuildConfiguration, vectors: ItemVectors?,
        segments: SegmentAssignment? = nil, observer: ProgressObserver
    ) throws {
        // People are asked for here, not sessions.
        var configuration = configuration
        configuration.sessionModel = .none
        var inputs = holdOut.training
        inputs.segments = segments
        let contents = try IndexBuilder(configuration).contents(
            of: inputs, vectors: vectors, createdMilliseconds: Machine.nowMilliseconds, observer: observer)
        observer.stage("write and open the index")
        let serving = ServingIndex(try Self.open(contents))
        self.serving = serving
        itemNumbers = (0..<serving.index.itemCount).map { item -> Int32 in
            guard let number = holdOut.items.index(of: serving.index.items.string(at: item)) else {
                preconditionFailure("the index has an item that neither the interactions nor the catalogue has")
            }
            return number
        }
    }

    /// The answer's items by their numbers in the hold-out.
    func numbers(of answer: Recommendation) -> [Int32] { answer.items.map { itemNumbers[Int($0.item.index)] } }

    /// Writes an index, opens it and removes its files again: the open map stays until the last reference goes.
    static func open(_ contents: IndexContents) throws -> RecommendationIndex {
        let directory = FileManager.default.temporaryDirectory.appending(path: "foretaste-\(UUID().uuidString)")
        // What cannot be removed is the system's to clear: it lies in the directory for temporary files.
        defer { try? FileManager.default.removeItem(at: directory) }
        _ = try IndexDirectory(path: directory.path()).beginBuild().publish(contents)
        return try RecommendationIndex.open(directory.path())
    }
}
