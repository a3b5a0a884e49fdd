package import Interactions
package import LinearAlgebra

// Latent semantic analysis (Deerwester et al. 1990) of a catalogue:
//
//     items -> tokens -> TF-IDF rows [items x terms] -> randomised SVD -> U S [items x dimension] -> unit rows

/// Items to vectors by their words.
package enum ItemEmbedder {
    package struct Configuration: Sendable, Equatable {
        /// At most this many dimensions; fewer where the catalogue's words have a lower rank.
        package var dimension: Int
        package var seed: UInt64
        package var vectorizer: TfidfVectorizer.Configuration

        package init(
            dimension: Int = 128, seed: UInt64 = 42, vectorizer: TfidfVectorizer.Configuration = .init()
        ) {
            self.dimension = dimension
            self.seed = seed
            self.vectorizer = vectorizer
        }
    }

    /// A unit TF-IDF row whose projection is shorter than this has next to nothing in common with the directions kept:
    /// its own would be rounding.
    private static let shortestProjection: Float = 1e-3

    /// The words of every item, weighted: `[itemCount x termCount]`.
    package static func tfidf(of items: [Item], configuration: Configuration = .init()) -> TfidfMatrix {
        let words = ItemWords(catalogue: items)
        var vectorizer = TfidfVectorizer(configuration: configuration.vectorizer)
        for item in items { vectorizer.add(words.tokens(of: item)) }
        return vectorizer.matrix()
    }

    /// Unit vectors `[itemCount x dimension]`; a row of zeros where an item has no words that the others share, which is
    /// missing evidence.
    package static func vectors(
        of tfidf: TfidfMatrix, configuration: Configuration = .init(), threadCount: Int
    ) throws(LinearAlgebraError) -> DenseMatrix {
        let decomposition = try RandomizedSVD(
            tfidf.rows, configuration: .init(rank: configuration.dimension, seed: configuration.seed),
            threadCount: threadCount)
        var vectors = decomposition.scaledLeft
        let width = vectors.columnCount
        for row in 0..<vectors.rowCount {
            let range = row * width..<(row + 1) * width
            let square = vectors.values[range].reduce(0) { $0 + $1 * $1 }
            if square < shortestProjection * shortestProjection {
                for index in range { vectors.values[index] = 0 }
            }
        }
        vectors.normaliseRows()
        return vectors
    }

    /// Both steps at once.
    package static func embed(
        _ items: [Item], configuration: Configuration = .init(), threadCount: Int
    ) throws(LinearAlgebraError) -> DenseMatrix {
        try vectors(
            of: tfidf(of: items, configuration: configuration), configuration: configuration, threadCount: threadCount)
    }
}
