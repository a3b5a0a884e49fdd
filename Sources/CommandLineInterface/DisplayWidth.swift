/// How many terminal columns a text takes.
///
/// Aware enough for titles in tables: East Asian wide and full-width ranges and emoji take two columns, combining
/// marks, joiners and controls none (after Unicode Standard Annex 11; ambiguous characters count as narrow, as
/// terminals do outside East Asian locales). A character built of several scalars is as wide as its widest.
package enum DisplayWidth {
    package static func columns(of text: String) -> Int {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
        return text.reduce(0) { $0 + columns(of: $1) }
    }

    /// The longest beginning of the text that fits, with `…` as its last column where something was cut off.
    package static func cut(_ text: String, toColumns limit: Int) -> String {
        guard columns(of: text) > limit else { return text }
        var used = 0
        var kept = ""
        for character in text {
            let width = columns(of: character)
            guard used + width <= limit - 1 else { break }
            used += width
            kept.append(character)
        }
        return limit > 0 ? kept + "…" : ""
    }

    private static func columns(of character: Character) -> Int {
        character.unicodeScalars.reduce(0) { max($0, columns(of: $1)) }
    }

    private static func columns(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .control, .format: return scalar == "\u{FE0F}" ? 2 : 0
        default: break
        }
        if scalar.properties.isEmojiPresentation { return 2 }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            return 2
        default:
            return 1
        }
    }
}
