import LinearAlgebra

// The strongest products of every row with all others, where no value is negative, without summing all of them. It is how a
// search engine finds the best documents for many words (Turtle, Flood 1995, "Query evaluation: strategies and
// optimizations", max-score):
//
//     features of item i    f_1 ... f_p | f_p+1 ... f_n                       those that few items have come first
//     sums                  of every item that has one of f_1 ... f_p
//     bound                 what f_p+1 ... f_n can add at most: sum over them of m_if times the greatest scaled n_fj
//
// As soon as the k-th best sum is above the bound, no item that has not been met can be among the k best, and only those whose
// sum plus the bound reaches the k-th best may be. Their products with f_p+1 ... f_n are looked up: the 64 most common features
// are also kept as a dense matrix, and nothing is left out before only such ones are left. A catalogue's common words, whose
// lists are most of the work, are so hardly ever read. The result is that of `ScaledProducts`, but for roundings.

/// `ScaledProducts` without shrinkage, for values above 0.
struct BoundedProducts {
    /// M, `[itemCount x featureCount]`.
    let rows: SparseMatrix
    /// The transpose of M, some of its items left out or none.
    let features: SparseMatrix
    /// Per item, at least 0.
    let factors: [Double]
    let neighbourCount: Int

    /// Features of the dense matrix: four steps of sixteen lanes.
    fileprivate static let commonCount = 64

    static func isUsable(_ rows: SparseMatrix, _ features: SparseMatrix, _ factors: [Double]) -> Bool {
        rows.values.allSatisfy { $0 > 0 && $0.isFinite } && features.values.allSatisfy { $0 > 0 && $0.isFinite }
            && factors.allSatisfy { $0 >= 0 && $0.isFinite }
    }

    func strongest(threadCount: Int) -> SparseMatrix {
        let itemCount = rows.rowCount
        let greatest = greatestScaledValues()
        let places = commonPlaces()
        let common = commonValues(places)
        let workers = (0..<max(threadCount, 1)).map { _ in
            BoundedWorker(itemCount: itemCount, neighbourCount: min(neighbourCount, itemCount))
        }
        return unsafe rows.withView { rows in
            unsafe features.withView { features in
                unsafe common.withView { common in
                    unsafe factors.withUnsafeBufferPointer { factors in
                        unsafe greatest.withUnsafeBufferPointer { greatest in
                            let view = unsafe BoundedWorker.Products(
                                rows: rows, features: features, factors: factors, greatest: greatest, common: common,
                                places: places)
                            return unsafe SparseMatrix.assembling(
                                rowCount: itemCount, columnCount: itemCount, rowCapacity: neighbourCount,
                                threadCount: threadCount
                            ) { item, output, worker in unsafe workers[worker].strongest(of: item, view, into: output) }
                        }
                    }
                }
            }
        }
    }

    /// Per feature its column among the most common ones; -1 for all others.
    private func commonPlaces() -> [Int32] {
        let order = (0..<features.rowCount).sorted { left, right in
            let (more, fewer) = (features.range(ofRow: left).count, features.range(ofRow: right).count)
            return more > fewer || (more == fewer && left < right)
        }
        var places = [Int32](repeating: -1, count: features.rowCount)
        for (place, feature) in order.prefix(Self.commonCount).enumerated() { places[feature] = Int32(place) }
        return places
    }

    /// `[itemCount x commonCount]`
    private func commonValues(_ places: [Int32]) -> DenseMatrix {
        var values = DenseMatrix(zeros: rows.rowCount, Self.commonCount)
        for item in 0..<rows.rowCount {
            for entry in rows.range(ofRow: item) {
                let place = Int(places[Int(rows.columnIndexes[entry])])
                if place >= 0 { values[item, place] = rows.values[entry] }
            }
        }
        return values
    }

    /// Per feature, of the items that have it, the greatest value times the item's factor.
    private func greatestScaledValues() -> [Double] {
        (0..<features.rowCount).map { feature in
            features.range(ofRow: feature).reduce(0) {
                max($0, Double(features.values[$1]) * factors[Int(features.columnIndexes[$1])])
            }
        }
    }
}

/// One thread's accumulators; a class because it owns memory. Owned by `BoundedProducts.strongest`.
@safe private final class BoundedWorker {
    @unsafe struct Products {
        let rows: SparseMatrixView
        let features: SparseMatrixView
        let factors: UnsafeBufferPointer<Double>
        let greatest: UnsafeBufferPointer<Double>
        let common: DenseMatrixView
        let places: [Int32]
    }

    /// A feature of the item, and what is left to do from it on.
    private struct Step {
        let feature: Int
        /// Among the common ones; -1: it is none.
        let place: Int
        let weight: Double
        let bound: Double
        let work: Int
    }

    /// Looking for the k-th best sum takes about as long as adding so many products for each item met.
    private static let lookingCost = 4
    /// Looking up an item's common features takes about as long as adding so many products.
    private static let completionCost = 16
    /// The bound must be below the k-th best by more than the roundings of both.
    private static let margin = 1 + 1e-6

    private let neighbourCount: Int
    /// Per item; zero between rows.
    private let sums: UnsafeMutablePointer<Double>
    private let touched: UnsafeMutablePointer<Int32>
    private var touchedCount = 0
    /// The common features of a row that are not added; zero between rows.
    private let rest: UnsafeMutablePointer<Float>
    private let candidates: StrongestCandidates
    private var order: [(frequency: Int, entry: Int)] = []
    private var steps: [Step] = []

    init(itemCount: Int, neighbourCount: Int) {
        self.neighbourCount = neighbourCount
        unsafe sums = .allocate(capacity: itemCount)
        unsafe sums.initialize(repeating: 0, count: itemCount)
        unsafe touched = .allocate(capacity: itemCount + 1)
        unsafe rest = .allocate(capacity: BoundedProducts.commonCount)
        unsafe rest.initialize(repeating: 0, count: BoundedProducts.commonCount)
        candidates = StrongestCandidates(capacity: itemCount, limit: neighbourCount)
    }

    deinit {
        unsafe sums.deallocate()
        unsafe touched.deallocate()
        unsafe rest.deallocate()
    }

    func strongest(of item: Int, _ products: Products, into output: SparseMatrix.RowOutput) -> Int {
        guard unsafe products.factors[item] > 0 else { return 0 }
        unsafe plan(item, products)
        let (rest, least) = unsafe addUntilBounded(products)
        let count =
            if let rest {
                unsafe complete(from: rest, reaching: least, products)
            } else {
                unsafe writeScores(products)
            }
        let chosen = excluding(item, count: count)
        for position in 0..<touchedCount { unsafe sums[Int(touched[position])] = 0 }
        return unsafe candidates.drain(count: chosen, into: output)
    }

    /// The features that fewest items have first.
    private func plan(_ item: Int, _ products: Products) {
        order.removeAll(keepingCapacity: true)
        for entry in unsafe products.rows.range(ofRow: item) {
            let feature = unsafe Int(products.rows.columnIndexes[entry])
            order.append((unsafe products.features.range(ofRow: feature).count, entry))
        }
        order.sort { $0.frequency > $1.frequency || ($0.frequency == $1.frequency && $0.entry > $1.entry) }
        steps.removeAll(keepingCapacity: true)
        var (bound, work) = (0.0, 0)
        for (frequency, entry) in order {
            let feature = unsafe Int(products.rows.columnIndexes[entry])
            let weight = unsafe Double(products.rows.values[entry]) * products.factors[item]
            bound += unsafe weight * products.greatest[feature]
            work += frequency
            let place = unsafe Int(products.places[feature])
            steps.append(Step(feature: feature, place: place, weight: weight, bound: bound, work: work))
        }
        steps.reverse()
    }

    /// Adds features until no item that was not met can be among the best. Returns the first one that was not added and what
    /// a sum must reach then; nil where all were added.
    private func addUntilBounded(_ products: Products) -> (rest: Int?, least: Double) {
        touchedCount = 0
        let firstCommon = (steps.lastIndex { $0.place < 0 } ?? -1) + 1
        // What the k-th best sum is below for certain.
        var ceiling = 0.0
        for (position, step) in steps.enumerated() {
            let next = position + 1 < steps.count ? steps[position + 1].bound : 0
            if position >= firstCommon, touchedCount >= neighbourCount, step.work > Self.lookingCost * touchedCount,
                step.bound * Self.margin < ceiling
            {
                let count = unsafe writeScores(products)
                let best = Double(candidates.lowerBound(ofBest: neighbourCount + 1, count: count))
                // The bucket of the k-th best is a sixty-fourth wide.
                if best > 0 { ceiling = best * (1 + 1.0 / 32) }
                let least = best - step.bound * Self.margin
                if least > 0, isQuicker(toComplete: least, count: count, than: step.work) {
                    return (position, least)
                }
            }
            unsafe add(step, products)
            ceiling += step.bound - next
        }
        return (nil, 0)
    }

    private func add(_ step: Step, _ products: Products) {
        let range = unsafe products.features.range(ofRow: step.feature)
        let (columns, values) = unsafe (products.features.columnIndexes, products.features.values)
        let (sums, touched, weight) = unsafe (sums, touched, step.weight)
        var count = touchedCount
        for entry in range {
            let index = unsafe columns[entry]
            let sum = unsafe sums[Int(index)]
            unsafe touched[count] = index
            count &+= sum == 0 ? 1 : 0
            unsafe sums[Int(index)] = sum + weight * Double(values[entry])
        }
        touchedCount = count
    }

    /// The scaled sums of the items met, as they stand.
    private func writeScores(_ products: Products) -> Int {
        let (indexes, scores, factors) = unsafe (candidates.indexes, candidates.scores, products.factors)
        var count = 0
        for position in 0..<touchedCount {
            let index = unsafe touched[position]
            let score = unsafe Float(sums[Int(index)] * factors[Int(index)])
            unsafe indexes[count] = index
            unsafe scores[count] = score
            count &+= score > 0 ? 1 : 0
        }
        return count
    }

    private func isQuicker(toComplete least: Double, count: Int, than work: Int) -> Bool {
        let threshold = Float(least)
        var promising = 0
        for position in 0..<count { promising &+= unsafe candidates.scores[position] >= threshold ? 1 : 0 }
        return Self.completionCost * promising < work
    }

    /// Adds the rest of the item's features, all common, to the sums that reach `least`, and writes their scores.
    private func complete(from first: Int, reaching least: Double, _ products: Products) -> Int {
        for step in steps[first...] { unsafe rest[step.place] = Float(step.weight) }
        let weights = unsafe UnsafeRawPointer(rest)
        var count = 0
        for position in 0..<touchedCount {
            let index = unsafe Int(touched[position])
            let factor = unsafe products.factors[index]
            guard unsafe sums[index] * factor >= least else { continue }
            let values = unsafe UnsafeRawPointer(products.common.row(index))
            var product = SIMD16<Float>.zero
            for offset in stride(from: 0, to: BoundedProducts.commonCount * 4, by: 64) {
                product +=
                    unsafe weights.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
                    * values.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
            }
            let sum = unsafe sums[index] + Double(product.sum())
            unsafe candidates.indexes[count] = Int32(truncatingIfNeeded: index)
            unsafe candidates.scores[count] = Float(sum * factor)
            count += 1
        }
        for step in steps[first...] { unsafe rest[step.place] = 0 }
        return count
    }

    /// Without the item itself. Returns how many are left.
    private func excluding(_ item: Int, count: Int) -> Int {
        for position in 0..<count where unsafe Int(candidates.indexes[position]) == item {
            unsafe candidates.indexes[position] = candidates.indexes[count - 1]
            unsafe candidates.scores[position] = candidates.scores[count - 1]
            return count - 1
        }
        return count
    }
}
