/// Cuts text into lower-case words for a bag of words.
///
/// A word is a run of letters and digits of any script. Latin letters lose their accents ("Café" and "CAFE" are one word);
/// ideographs and kana, which are written without spaces, are a word each. There is no list of stop words: the inverse
/// document frequency does that work in any language.
package enum TextTokenizer {
    /// Scalars kept of a word; longer runs are keys and links, whose tail says nothing.
    package static let maximumWordLength = 64

    /// The words of `text` in their order, with repetitions.
    package static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var length = 0
        func endWord() {
            guard length > 0 else { return }
            words.append(word)
            word = ""
            length = 0
        }
        func append(_ scalar: Unicode.Scalar) {
            guard length < maximumWordLength else { return }
            word.unicodeScalars.append(scalar)
            length += 1
        }
        for scalar in text.unicodeScalars {
            switch kind(of: scalar) {
            case .plain: append(scalar)
            case .foreign: for folded in LatinFolding.folded(scalar) { append(folded) }
            case .mark: continue
            case .wholeWord:
                endWord()
                append(scalar)
                endWord()
            case .separator: endWord()
            }
        }
        endWord()
        return words
    }

    private enum Kind {
        /// Kept as it is.
        case plain
        /// A letter or digit that may need folding.
        case foreign
        /// A Latin accent written apart: dropped.
        case mark
        case wholeWord
        case separator
    }

    private static func kind(of scalar: Unicode.Scalar) -> Kind {
        switch scalar.value {
        case 0x30...0x39, 0x61...0x7A: return .plain
        case 0x41...0x5A: return .foreign
        case 0..<0x80: return .separator
        case 0x300...0x36F: return .mark
        case 0x3041...0x30FF: return .wholeWord
        default: break
        }
        let properties = scalar.properties
        if properties.isIdeographic { return .wholeWord }
        if properties.isAlphabetic || properties.generalCategory == .decimalNumber { return .foreign }
        return .separator
    }
}
