/// Lower case without accents, for the letters of European languages in Latin script.
enum LatinFolding {
    /// The letters of the blocks Latin-1 Supplement and Latin Extended-A, and the Romanian ones, by what they become.
    private static let groups: [(base: String, letters: String)] = [
        ("a", "àáâãäåāăą"), ("ae", "æ"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"),
        ("i", "ìíîïĩīĭįı"), ("ij", "ĳ"), ("j", "ĵ"), ("k", "ķĸ"), ("l", "ĺļľŀł"), ("n", "ñńņňŉŋ"), ("o", "òóôõöøōŏő"),
        ("oe", "œ"), ("r", "ŕŗř"), ("s", "śŝşšșſ"), ("ss", "ß"), ("t", "ţťŧț"), ("th", "þ"), ("u", "ùúûüũūŭůűų"),
        ("w", "ŵ"), ("y", "ýÿŷ"), ("z", "źżž"),
    ]

    private static let bases: [Unicode.Scalar: String.UnicodeScalarView] = {
        var bases: [Unicode.Scalar: String.UnicodeScalarView] = [:]
        for (base, letters) in groups {
            for letter in letters.unicodeScalars { bases[letter] = base.unicodeScalars }
        }
        return bases
    }()

    /// The scalars that stand for `scalar`, usually one.
    static func folded(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
        if scalar.value < 0x80 { return String(scalar).lowercased().unicodeScalars }
        var result = String.UnicodeScalarView()
        // A lower-case mapping may be several scalars: a capital I with dot becomes i and a dot above.
        for lower in scalar.properties.lowercaseMapping.unicodeScalars where !(0x300...0x36F).contains(lower.value) {
            if let base = bases[lower] { result.append(contentsOf: base) } else { result.append(lower) }
        }
        return result
    }
}
