import LinearAlgebra
import Recommenders

extension CollaborativeTraining {
    private var sparseEASEConfiguration: SparseEASE.Configuration {
        SparseEASE.Configuration(
            l2: configuration.sparseEASEL2, l2Factor: configuration.sparseEASEL2Factor,
            neighbourCount: configuration.neighbourCount)
    }

    func sparseEASEBytes(_ interactions: SparseMatrix) -> Int {
        SparseEASE.estimatedBytes(
            interactions, configuration: sparseEASEConfiguration, threadCount: configuration.threadCount)
    }

    func sparseEASE(_ interactions: SparseMatrix) throws(BuildError) -> SparseMatrix {
        let bytes = sparseEASEBytes(interactions)
        guard bytes <= configuration.memoryLimitBytes else {
            throw BuildError(
                operation: "train sparse EASE", expected: "at most \(configuration.memoryLimitBytes >> 20) MiB",
                found: "\(bytes >> 20) MiB for the products of its items",
                remedy: "Take fewer --neighbours or --model item-knn, or allow more with --memory-limit.")
        }
        do {
            return try SparseEASE.train(
                interactions, configuration: sparseEASEConfiguration, threadCount: configuration.threadCount)
        } catch {
            throw BuildError(
                operation: "train sparse EASE", expected: "finite interaction weights", found: "\(error)",
                remedy: "Check the event weights, or take --model item-knn.")
        }
    }
}
