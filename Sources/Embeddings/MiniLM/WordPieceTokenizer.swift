// The tokenisation of BERT's uncased models (Devlin et al. 2019; Wu et al. 2016 for WordPiece):
//
//     text ─▶ without control characters ─▶ spaces round ideographs ─▶ decomposed, without accents ─▶ lower case
//          ─▶ words: runs without space, each punctuation mark a word of its own
//          ─▶ pieces: the longest prefix that the vocabulary has, then the longest "##" continuation, and so on;
//             a word with a rest that no piece begins is [UNK] as a whole
//          ─▶ [CLS] piece piece ... [SEP]

/// Text to the numbers of word pieces.
package struct WordPieceTokenizer: Sendable {
    /// Scalars of a word; longer ones are [UNK], as in the reference implementation.
    package static let maximumWordLength = 100

    /// Keyed by bytes: a `String` key would take two spellings of an accent for one.
    private let wholeWords: [[UInt8]: Int32]
    private let continuations: [[UInt8]: Int32]
    private let unknown: Int32
    private let start: Int32
    private let end: Int32
    private let maximumPieceCount: Int
    /// Bytes of the longest piece: no longer prefix is looked up.
    private let longestPiece: Int

    /// - Parameters:
    ///   - vocabulary: the pieces in the order of their numbers; `##` begins those that continue a word.
    ///   - maximumPieceCount: pieces of one text, both marks included; longer texts are cut. At least 2.
    package init(vocabulary: [String], maximumPieceCount: Int) throws(ModelFileError) {
        precondition(maximumPieceCount >= 2)
        var (wholeWords, continuations): ([[UInt8]: Int32], [[UInt8]: Int32]) = ([:], [:])
        var longest = 1
        for (number, piece) in vocabulary.enumerated() {
            let bytes = Array(piece.utf8)
            longest = max(longest, bytes.count)
            if bytes.starts(with: Array("##".utf8)), bytes.count > 2 {
                continuations[Array(bytes.dropFirst(2))] = Int32(number)
            } else {
                wholeWords[bytes] = Int32(number)
            }
        }
        func number(of mark: String) throws(ModelFileError) -> Int32 {
            guard let number = wholeWords[Array(mark.utf8)] else {
                throw ModelFileError(
                    .badVocabulary, operation: "read the vocabulary", expected: "the piece \(mark)",
                    found: "\(vocabulary.count) pieces without it",
                    remedy: "Use the vocab.txt that belongs to the model.")
            }
            return number
        }
        unknown = try number(of: "[UNK]")
        start = try number(of: "[CLS]")
        end = try number(of: "[SEP]")
        self.wholeWords = wholeWords
        self.continuations = continuations
        self.maximumPieceCount = maximumPieceCount
        longestPiece = longest
    }

    /// The pieces of `text` between its two marks: 2 to `maximumPieceCount` numbers.
    package func pieces(of text: String) -> [Int32] {
        var pieces = [start]
        for word in BertWords.words(of: text) {
            appendPieces(of: word, to: &pieces)
            if pieces.count >= maximumPieceCount { break }
        }
        pieces.removeLast(max(0, pieces.count - (maximumPieceCount - 1)))
        pieces.append(end)
        return pieces
    }

    private func appendPieces(of word: String, to pieces: inout [Int32]) {
        let bytes = Array(word.utf8)
        // Fewer bytes than that cannot be more scalars.
        if bytes.count > Self.maximumWordLength, word.unicodeScalars.count > Self.maximumWordLength {
            return pieces.append(unknown)
        }
        let countBefore = pieces.count
        var first = 0
        while first < bytes.count {
            let table = first == 0 ? wholeWords : continuations
            var last = min(bytes.count, first + longestPiece)
            var match: Int32?
            while last > first {
                match = table[Array(bytes[first..<last])]
                if match != nil { break }
                last -= 1
            }
            guard let match else {
                pieces.removeLast(pieces.count - countBefore)
                return pieces.append(unknown)
            }
            pieces.append(match)
            first = last
        }
    }
}
