package import LinearAlgebra

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The terms that tell a cluster from the others.
package enum ClusterTerms {
    /// Class-based TF-IDF (Grootendorst 2022, "BERTopic", equation 2): a cluster counts as one document,
    ///
    ///     weight(t, c) = f(t, c) / |c| · ln(1 + A / f(t))      A = mean number of terms in a cluster, |c| terms in c
    ///
    /// where f counts the texts that hold the term. Up to `count` terms a cluster, heaviest first, ties by term index.
    ///
    /// - Parameters:
    ///   - rows: `[textCount x termCount]`, a value other than 0 where the text holds the term.
    ///   - labels: the cluster of each text.
    package static func strongest(
        rows: SparseMatrix, labels: [Int32], clusterCount: Int, count: Int
    ) -> [[Int32]] {
        precondition(rows.rowCount == labels.count)
        var frequencies = [[Int32: Int]](repeating: [:], count: clusterCount)
        var totals = [Int](repeating: 0, count: rows.columnCount)
        var sizes = [Int](repeating: 0, count: clusterCount)
        for row in 0..<rows.rowCount {
            let cluster = Int(labels[row])
            for position in rows.range(ofRow: row) {
                let term = rows.columnIndexes[position]
                frequencies[cluster][term, default: 0] += 1
                totals[Int(term)] += 1
                sizes[cluster] += 1
            }
        }
        let meanSize = Double(sizes.reduce(0, +)) / Double(max(clusterCount, 1))
        return (0..<clusterCount).map { cluster in
            let weights = frequencies[cluster].map { term, frequency in
                let share = Double(frequency) / Double(max(sizes[cluster], 1))
                return (term: term, weight: share * log(1 + meanSize / Double(totals[Int(term)])))
            }
            return weights.sorted { $0.weight == $1.weight ? $0.term < $1.term : $0.weight > $1.weight }
                .prefix(count).map(\.term)
        }
    }
}
