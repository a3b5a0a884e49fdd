package import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// Bags of words as vectors (Salton, Buckley 1988, "Term-weighting approaches in automatic text retrieval"):
//
//     weight of term t in document d = (1 + ln count) * (ln((1 + documents) / (1 + documents with t)) + 1)
//
// Rows are then scaled to unit length. The "1 +" in the fraction act as one more document that has every term, so that no
// frequency of 0 or of all documents needs a special case.

/// Documents as unit rows over terms.
package struct TfidfMatrix: Sendable, Equatable {
    /// Ascending by UTF-8 bytes; a term's place is its column.
    package let terms: [String]
    package let inverseDocumentFrequencies: [Float]
    /// `[documentCount x termCount]`, rows of unit length, or empty where a document has none of the terms.
    package let rows: SparseMatrix
    /// The length of each row before it was scaled: how much a document says.
    package let lengths: [Float]
}

/// Collects documents, then weighs their terms.
package struct TfidfVectorizer: Sendable {
    package struct Configuration: Sendable, Equatable {
        /// Documents from which on a corpus is big: there, a word seen once is mostly a misspelling or a key.
        package static let bigCorpusSize = 1_000

        /// Documents that must have a term; nil: 2 in a big corpus, else 1.
        package var minimumDocumentFrequency: Int?
        /// Terms kept, the most frequent first (ties: the lower term). 50,000 cover the words of a language in use.
        package var maximumTermCount: Int

        package init(minimumDocumentFrequency: Int? = nil, maximumTermCount: Int = 50_000) {
            self.minimumDocumentFrequency = minimumDocumentFrequency
            self.maximumTermCount = maximumTermCount
        }
    }

    private let configuration: Configuration
    private var provisionalIndexes: [String: Int32] = [:]
    private var documentFrequencies: [Int] = []
    /// The documents' distinct terms, in provisional indexes, and their counts.
    private var documentOffsets = [0]
    private var documentTerms: [Int32] = []
    private var documentCounts: [Int32] = []

    package init(configuration: Configuration = .init()) { self.configuration = configuration }

    /// Adds the next document.
    package mutating func add(_ tokens: [String]) {
        let start = documentTerms.count
        for token in tokens {
            let next = Int32(provisionalIndexes.count)
            let term = provisionalIndexes[token] ?? next
            if term == next {
                provisionalIndexes[token] = next
                documentFrequencies.append(0)
            }
            documentTerms.append(term)
        }
        documentTerms[start...].sort()
        var end = start
        for position in start..<documentTerms.count {
            let term = documentTerms[position]
            if end > start, documentTerms[end - 1] == term {
                documentCounts[end - 1] += 1
            } else {
                documentTerms[end] = term
                documentCounts.append(1)
                documentFrequencies[Int(term)] += 1
                end += 1
            }
        }
        documentTerms.removeSubrange(end...)
        documentOffsets.append(end)
    }

    /// Weighs everything that was added.
    package func matrix() -> TfidfMatrix {
        let documentCount = documentOffsets.count - 1
        let terms = keptTerms(documentCount: documentCount)
        var columns = [Int32](repeating: -1, count: documentFrequencies.count)
        var frequencies: [Float] = []
        for (column, term) in terms.enumerated() {
            columns[Int(term.index)] = Int32(column)
            let documents = Double(documentFrequencies[Int(term.index)])
            frequencies.append(Float(log(Double(1 + documentCount) / (1 + documents)) + 1))
        }
        var (offsets, indexes, values): ([Int], [Int32], [Float]) = ([0], [], [])
        var lengths: [Float] = []
        for document in 0..<documentCount {
            let range = documentOffsets[document]..<documentOffsets[document + 1]
            let weights = range.compactMap { position -> (column: Int32, weight: Double)? in
                let column = columns[Int(documentTerms[position])]
                guard column >= 0 else { return nil }
                return (column, (1 + log(Double(documentCounts[position]))) * Double(frequencies[Int(column)]))
            }.sorted { $0.column < $1.column }
            let length = weights.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
            for (column, weight) in weights {
                indexes.append(column)
                values.append(Float(weight / length))
            }
            offsets.append(indexes.count)
            lengths.append(Float(length))
        }
        let rows = SparseMatrix(
            rowCount: documentCount, columnCount: terms.count, rowOffsets: offsets, columnIndexes: indexes,
            values: values)
        return TfidfMatrix(
            terms: terms.map(\.term), inverseDocumentFrequencies: frequencies, rows: rows, lengths: lengths)
    }

    private func keptTerms(documentCount: Int) -> [(term: String, index: Int32)] {
        let minimum =
            configuration.minimumDocumentFrequency ?? (documentCount >= Configuration.bigCorpusSize ? 2 : 1)
        var terms = provisionalIndexes.map { (term: $0.key, index: $0.value) }
            .filter { documentFrequencies[Int($0.index)] >= minimum }
            .sorted { $0.term.utf8.lexicographicallyPrecedes($1.term.utf8) }
        guard terms.count > configuration.maximumTermCount else { return terms }
        // The sort by frequency is over (frequency, place), so equal frequencies keep the order of the terms.
        let places = terms.indices.sorted { a, b in
            let (left, right) = (
                documentFrequencies[Int(terms[a].index)], documentFrequencies[Int(terms[b].index)]
            )
            return left > right || (left == right && a < b)
        }
        terms = places.prefix(configuration.maximumTermCount).sorted().map { terms[$0] }
        return terms
    }
}
