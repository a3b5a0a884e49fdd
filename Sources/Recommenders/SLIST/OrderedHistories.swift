import LinearAlgebra

/// Interactions `[users x items]` and the step of each.
struct OrderedHistories {
    let matrix: SparseMatrix
    /// As for `SLIST.train`.
    let steps: [Int32]

    /// Rows of the products that one thread takes at a time: small, because rows of popular items cost far more.
    private static let blockSize = 16

    /// The upper triangle of G, and R', of `SLIST`. Every row is summed in Double over the users ascending, so the result
    /// does not depend on the thread count.
    func products(
        _ configuration: SLIST.Configuration, threadCount: Int
    ) -> (gram: DenseMatrix, targets: DenseMatrix) {
        let n = matrix.columnCount
        var (gram, targets) = (DenseMatrix(zeros: n, n), DenseMatrix(zeros: n, n))
        let stepCounts = (0..<matrix.rowCount).map { user in (steps[matrix.range(ofRow: user)].max() ?? -1) + 1 }
        let rows = PairRows(
            matrix: matrix, steps: steps, stepCounts: stepCounts, alpha: configuration.alpha,
            kernel: StepKernel(
                past: configuration.past, futureRate: configuration.futureRate, stepLimit: Int(stepCounts.max() ?? 0)))
        let (columns, sources) = matrix.transposedWithSources(keepingSources: true)
        var sums = [Double](repeating: 0, count: max(threadCount, 1) * 2 * n)
        unsafe gram.values.withUnsafeMutableBufferPointer { gram in
            unsafe targets.values.withUnsafeMutableBufferPointer { targets in
                unsafe sums.withUnsafeMutableBufferPointer { sums in
                    guard let gram = gram.baseAddress, let targets = targets.baseAddress, let sums = sums.baseAddress
                    else { return }
                    Parallel.forEachRange(of: n, blockSize: Self.blockSize, threadCount: threadCount) { range, worker in
                        let together = unsafe sums + worker * 2 * n
                        let forward = unsafe together + n
                        for item in range {
                            for entry in columns.range(ofRow: item) {
                                unsafe rows.add(
                                    sources[entry], ofUser: Int(columns.columnIndexes[entry]), to: together, forward)
                            }
                            unsafe Self.move(together, to: gram + item * n, count: n)
                            unsafe Self.move(forward, to: targets + item * n, count: n)
                        }
                    }
                }
            }
        }
        return (gram, targets)
    }

    /// Rounds the sums and leaves zeros in their place.
    private static func move(_ sums: UnsafeMutablePointer<Double>, to row: UnsafeMutablePointer<Float>, count: Int) {
        for column in 0..<count {
            unsafe row[column] = Float(sums[column])
            unsafe sums[column] = 0
        }
    }
}

/// What a user's other items add to an item's row of G and of R'.
private struct PairRows {
    let matrix: SparseMatrix
    let steps: [Int32]
    let stepCounts: [Int32]
    let alpha: Double
    let kernel: StepKernel

    /// - Parameters:
    ///   - position: of the item among the stored values.
    ///   - together: gets the columns of G from the item's own on.
    ///   - forward: gets all columns of R'.
    @unsafe func add(
        _ position: Int, ofUser user: Int, to together: UnsafeMutablePointer<Double>,
        _ forward: UnsafeMutablePointer<Double>
    ) {
        let weight = Double(matrix.values[position])
        let step = steps[position]
        let lastStep = stepCounts[user] - 1
        for other in matrix.range(ofRow: user) {
            let column = Int(matrix.columnIndexes[other])
            let product = weight * Double(matrix.values[other])
            let distance = Int(step - steps[other])
            let ordered = distance > 0 ? (1 - alpha) * kernel.forward(distance) : 0
            unsafe forward[column] += product * (alpha + ordered)
            guard other >= position else { continue }
            let later = Int(lastStep - max(step, steps[other]))
            let shared = (1 - alpha) * kernel.together(abs(distance), later: later)
            unsafe together[column] += product * (alpha + shared)
        }
    }
}
