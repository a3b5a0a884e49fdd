/// Cuts text into words as BERT's uncased models do.
enum BertWords {
    /// The words of `text`, lower case without accents; a punctuation mark and an ideograph are a word each.
    static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        var letters = String.UnicodeScalarView()
        func endWord() {
            guard !word.isEmpty else { return }
            words.append(String(word))
            word = String.UnicodeScalarView()
        }
        for scalar in text.unicodeScalars {
            if isPlain(scalar) {
                word.append(scalar)
                continue
            }
            if isSpace(scalar) {
                endWord()
                continue
            }
            if isDropped(scalar) { continue }
            let isAlone = isIdeograph(scalar.value)
            if isAlone { endWord() }
            letters.removeAll(keepingCapacity: true)
            AccentStripping.append(scalar, to: &letters)
            for letter in letters {
                for lower in letter.properties.lowercaseMapping.unicodeScalars {
                    if isPunctuation(lower) {
                        endWord()
                        word.append(lower)
                        endWord()
                    } else {
                        word.append(lower)
                    }
                }
            }
            if isAlone { endWord() }
        }
        endWord()
        return words
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        (0x61...0x7A).contains(scalar.value) || (0x30...0x39).contains(scalar.value)
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20, 0x09, 0x0A, 0x0D: true
        // Other white space among the control characters is dropped, not a space.
        case 0..<0xA0: false
        default: scalar.properties.isWhitespace
        }
    }

    private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value == 0xFFFD { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse, .surrogate: return true
        default: return false
        }
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // All of ASCII that is neither letter, digit, space nor control counts, "$" and "+" too.
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return true
        case 0..<0x80: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return true
        default: return false
        }
    }

    /// The blocks of unified and compatibility ideographs that BERT names; kana and Hangul are not among them.
    private static func isIdeograph(_ value: UInt32) -> Bool {
        switch value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B820...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }
}
