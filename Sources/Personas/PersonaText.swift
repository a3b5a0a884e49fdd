/// How values are compared and shown: "Tier 1" is "tier1", and of several spellings the smallest one is shown, whatever
/// the order of the rows.
package enum PersonaText {
    /// Small letters without white space.
    package static func key(_ text: String) -> String {
        var key = text.lowercased()
        key.unicodeScalars.removeAll { $0.properties.isWhitespace }
        return key
    }

    /// Small letters, words separated by one space: what a search term is shown and compared by.
    static func term(_ text: String) -> String {
        words(text.lowercased())
    }

    /// Without white space at its ends; nil for what catalogues write where there is no value.
    static func value(_ text: String) -> String? {
        guard !nothing.contains(key(text)) else { return nil }
        return words(text)
    }

    /// Control characters separate as spaces do: `PersonaSeparator` never comes from a file.
    private static func words(_ text: String) -> String {
        text.split { $0.isWhitespace || ($0.asciiValue ?? 0x20) < 0x20 }.joined(separator: " ")
    }

    private static let nothing: Set<String> = ["", "-", "n/a", "na", "nan", "null", "none", "unknown", "(none)"]

    /// A bare number is a tier's: "1" is "Tier 1".
    static func cityTier(_ text: String) -> String? {
        guard let value = value(text) else { return nil }
        return value.utf8.allSatisfy { (0x30...0x39).contains($0) } ? "Tier \(value)" : value
    }

    /// Ascending by the bytes of their UTF-8, as everywhere in this program.
    static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
