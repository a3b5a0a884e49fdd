import Embeddings
import Interactions
import LinearAlgebra

/// Queries and labels as vectors of one space, and the words of the queries.
struct SearchVectors {
    /// `[queryCount x dimension]`, unit rows.
    let queries: DenseMatrix
    /// `[labelCount x dimension]`
    let labels: DenseMatrix
    /// Of the queries.
    let words: TfidfMatrix
    /// Queries of the same vector count once: by words those of the same words in any order, by meaning those of the same
    /// text. There are never more clusters with a query in them.
    let distinctQueryCount: Int

    /// Dimensions of the decomposition: what the published figures of query clustering were made with.
    static let dimension = 128

    /// By words alone: a query is known by its words, a label by those of its description.
    init(words queries: [String], labels: [String], seed: UInt64, threadCount: Int) throws {
        let items = Self.items(queries + labels)
        let configuration = ItemEmbedder.Configuration(dimension: Self.dimension, seed: seed)
        let vectors = try ItemEmbedder.embed(items, configuration: configuration, threadCount: threadCount)
        self.queries = Self.rows(0..<queries.count, of: vectors)
        self.labels = Self.rows(queries.count..<items.count, of: vectors)
        let words = ItemEmbedder.tfidf(of: Array(items.prefix(queries.count)), configuration: configuration)
        self.words = words
        // The words' rows: equal ones may differ in the last digit once they are decomposed.
        let rows = (0..<queries.count).lazy.map { WordRow(words.rows, row: $0) }
        distinctQueryCount = Set(rows).count
    }

    /// By meaning: a sentence encoder's vectors.
    init(meaning queries: [String], labels: [String], encoder: SentenceEncoder, threadCount: Int) throws {
        self.queries = try encoder.encode(queries, threadCount: threadCount)
        self.labels = try encoder.encode(labels, threadCount: threadCount)
        words = ItemEmbedder.tfidf(of: Self.items(queries))
        distinctQueryCount = Set(queries).count
    }

    private struct WordRow: Hashable {
        let columns: ArraySlice<Int32>
        let weights: ArraySlice<Float>

        init(_ matrix: SparseMatrix, row: Int) {
            let range = matrix.range(ofRow: row)
            columns = matrix.columnIndexes[range]
            weights = matrix.values[range]
        }
    }

    private static func items(_ texts: [String]) -> [Item] {
        texts.enumerated().map { index, text in Item(id: "\(index)", properties: [.init("text", .string(text))]) }
    }

    private static func rows(_ range: Range<Int>, of matrix: DenseMatrix) -> DenseMatrix {
        let width = matrix.columnCount
        return DenseMatrix(
            rowCount: range.count, columnCount: width,
            values: Array(matrix.values[range.lowerBound * width..<range.upperBound * width]))
    }
}
