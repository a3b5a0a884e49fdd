package import LinearAlgebra

/// Vectors as they came from a file, each with its item's id; ids are distinct, values finite.
package struct ItemVectors: Sendable, Equatable {
    package let ids: [String]
    /// `[ids.count x dimension]`, not normalised.
    package let vectors: DenseMatrix

    package init(ids: [String], vectors: DenseMatrix) throws(VectorFileError) {
        guard ids.count == vectors.rowCount else {
            throw VectorFileError(
                .idCountMismatch, operation: "match ids to vectors", expected: "\(vectors.rowCount) ids, one a row",
                found: "\(ids.count)", remedy: "Give the ids in the order of the rows, one a line.")
        }
        var seen = Set<String>(minimumCapacity: ids.count)
        for (row, id) in ids.enumerated() {
            guard !id.isEmpty else {
                throw VectorFileError(
                    .badId, operation: "match ids to vectors", expected: "an id for row \(row + 1)",
                    found: "an empty one", remedy: "Remove empty lines between the ids.")
            }
            guard seen.insert(id).inserted else {
                throw VectorFileError(
                    .duplicateId, operation: "match ids to vectors", expected: "each id once",
                    found: "\"\(id)\" again in row \(row + 1)", remedy: "Keep one vector for an item.")
            }
            let start = row * vectors.columnCount
            for column in 0..<vectors.columnCount where !vectors.values[start + column].isFinite {
                throw VectorFileError(
                    .notFinite, operation: "read vectors", expected: "finite numbers",
                    found: "\(vectors.values[start + column]) in row \(row + 1) (\"\(id)\"), value \(column + 1)",
                    remedy: "Recompute this item's vector or leave the item out.")
            }
        }
        self.ids = ids
        self.vectors = vectors
    }

    /// The vectors in a catalogue's order.
    package struct Aligned: Sendable, Equatable {
        /// `[itemIDs.count x dimension]`, unit rows; zeros for an item without a vector or with one of zeros.
        package let vectors: DenseMatrix
        /// Ids of the file that the catalogue does not know, in the file's order.
        package let unknownIDs: [String]
        /// Items of the catalogue that the file does not have.
        package let missingCount: Int
    }

    package func aligned(to itemIDs: [String]) -> Aligned {
        let width = vectors.columnCount
        var indexes: [String: Int] = [:]
        for (index, id) in itemIDs.enumerated() { indexes[id] = index }
        var aligned = DenseMatrix(zeros: itemIDs.count, width)
        var unknown: [String] = []
        for (row, id) in ids.enumerated() {
            guard let index = indexes[id] else {
                unknown.append(id)
                continue
            }
            for column in 0..<width { aligned[index, column] = vectors[row, column] }
        }
        aligned.normaliseRows()
        return Aligned(
            vectors: aligned, unknownIDs: unknown, missingCount: itemIDs.count - (ids.count - unknown.count))
    }
}
