import Interactions
import LinearAlgebra
import Recommenders

extension CollaborativeTraining {
    var slistConfiguration: SLIST.Configuration {
        var slist = configuration.slist
        slist.past = configuration.historyDecay ?? slist.past
        slist.keptPerTarget = configuration.neighbourCount
        return slist
    }

    func slist(_ interactions: SparseMatrix) throws(BuildError) -> SparseMatrix {
        guard let histories else {
            throw BuildError(
                operation: "train SLIST", expected: "interactions with times", found: "none has a time",
                remedy: "Take --model ease; or, where later rows are more recent, give --order-is-time.")
        }
        let bytes = bytes(of: .slist, interactions, threadCount: configuration.threadCount)
        guard bytes <= configuration.memoryLimitBytes else {
            throw BuildError(
                operation: "train SLIST", expected: "at most \(configuration.memoryLimitBytes >> 20) MiB",
                found: "\(bytes >> 20) MiB for its dense matrices",
                remedy: "Take --model ease, sparse-ease or item-knn, or allow more with --memory-limit.")
        }
        do {
            return try SLIST.train(
                interactions, steps: histories.steps(of: interactions), configuration: slistConfiguration,
                threadCount: configuration.threadCount)
        } catch {
            throw BuildError(
                operation: "train SLIST", expected: "a positive definite matrix", found: "\(error)",
                remedy: "Give a larger --slist-l2 or --slist-alpha, or take --model item-knn.")
        }
    }
}

extension UserHistories {
    /// For every stored value of `matrix`, whose pairs are among these, the rank of its time among the times of its row's
    /// pairs: 0 for the oldest, the same for equal times.
    func steps(of matrix: SparseMatrix) -> [Int32] {
        var steps = [Int32](repeating: 0, count: matrix.storedCount)
        var places = [Int](repeating: -1, count: matrix.columnCount)
        for user in 0..<matrix.rowCount {
            let positions = matrix.range(ofRow: user)
            for position in positions { places[Int(matrix.columnIndexes[position])] = position }
            var (step, last): (Int32, Int64?) = (-1, nil)
            for entry in range(ofUser: user).reversed() {
                let place = places[Int(itemIndexes[entry])]
                guard place >= 0 else { continue }
                if times[entry] != last { step += 1 }
                last = times[entry]
                steps[place] = step
            }
            for position in positions { places[Int(matrix.columnIndexes[position])] = -1 }
        }
        return steps
    }
}
