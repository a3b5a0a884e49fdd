import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension ItemKNN {
    /// What an interaction counts when items are compared. An item is a document and its users are its words, so the idf
    /// makes users with few items say more. Weights enter by magnitude over their mean and keep their sign.
    package enum Weighting: String, Sendable, CaseIterable {
        /// As it is.
        case cosine
        /// Okapi BM25 (Robertson, Zaragoza 2009, "The probabilistic relevance framework: BM25 and beyond", section 3.4),
        /// times idf, compared by dot product, since it has its own normalisation by an item's number of users (which a
        /// cosine would undo).
        case bm25
        /// sqrt(weight) * idf, compared by cosine (Salton, Buckley 1988, "Term-weighting approaches in automatic text
        /// retrieval").
        case tfidf = "tf-idf"
        /// Asymmetric cosine (Aiolli 2013, "Efficient top-N recommendation for very large scale binary rated datasets"):
        /// x_i . x_j / (|x_i|^(2a) |x_j|^(2 (1 - a))), i the target, j the source. Below a = 1/2 popular targets gain.
        case asymmetric

        /// The usual constants of BM25 (Robertson, Zaragoza, section 3.5: k1 in 1.2 ... 2, b in 0.5 ... 0.8).
        private static let saturation = 1.2
        private static let lengthShare = 0.75
        /// a: the middle of the 0 to 0.5 in which Aiolli found the best values.
        private static let asymmetry = 0.25

        /// The exponents of the target's and of the source's length in the denominator.
        var lengthExponents: (target: Double, source: Double) {
            switch self {
            case .cosine, .tfidf: (1, 1)
            case .bm25: (0, 0)
            case .asymmetric: (2 * Self.asymmetry, 2 * (1 - Self.asymmetry))
            }
        }

        /// Interactions `[userCount x itemCount]` without stored zeros, weighted.
        func weighted(_ interactions: SparseMatrix) -> SparseMatrix {
            guard self == .bm25 || self == .tfidf, interactions.storedCount > 0 else { return interactions }
            let scale = 1 / InteractionSums.meanMagnitude(interactions.values)
            let itemSums = InteractionSums.columnMagnitudes(interactions).map { $0 * scale }
            let itemCount = itemSums.count { $0 > 0 }
            let meanSum = itemSums.reduce(0, +) / Double(itemCount)
            var values: [Float] = []
            values.reserveCapacity(interactions.storedCount)
            for user in 0..<interactions.rowCount {
                let range = interactions.range(ofRow: user)
                let idf = log(1 + Double(itemCount) / Double(max(range.count, 1)))
                for entry in range {
                    let value = Double(interactions.values[entry])
                    let magnitude = value.magnitude * scale
                    let length = itemSums[Int(interactions.columnIndexes[entry])] / meanSum
                    let weight = self == .tfidf ? magnitude.squareRoot() : Self.bm25(magnitude, length)
                    values.append(Float(value < 0 ? -weight * idf : weight * idf))
                }
            }
            return SparseMatrix(
                rowCount: interactions.rowCount, columnCount: interactions.columnCount,
                rowOffsets: interactions.rowOffsets, columnIndexes: interactions.columnIndexes, values: values)
        }

        private static func bm25(_ weight: Double, _ relativeLength: Double) -> Double {
            let norm = 1 - lengthShare + lengthShare * relativeLength
            return weight * (saturation + 1) / (weight + saturation * norm)
        }
    }
}

/// Sums over the weights of interactions.
enum InteractionSums {
    static func meanMagnitude(_ values: [Float]) -> Double {
        values.reduce(0.0) { $0 + Double($1.magnitude) } / Double(values.count)
    }

    /// Per column the sum of the magnitudes.
    static func columnMagnitudes(_ matrix: SparseMatrix) -> [Double] {
        var sums = [Double](repeating: 0, count: matrix.columnCount)
        for (column, value) in zip(matrix.columnIndexes, matrix.values) { sums[Int(column)] += Double(value.magnitude) }
        return sums
    }
}
