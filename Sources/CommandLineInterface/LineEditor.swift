/// One line as it is typed on a terminal: bytes of the keyboard in, the line and its cursor out. It knows no terminal, so that
/// it can be tried without one.
///
/// Keys are those of readline's Emacs mode: Left, Right, Home, End, Up and Down for what was entered before, Backspace, Delete, Tab,
/// and Ctrl with A, E, B, F, P, N, D, H, K, U, W, L, C.
package struct LineEditor: Sendable {
    package enum Outcome: Equatable, Sendable {
        case editing
        /// Enter was pressed.
        case entered(String)
        /// Ctrl-C.
        case abandoned
        /// Ctrl-D on an empty line.
        case ended
        /// Tab, and more than one word may follow.
        case choices([String])
        /// Ctrl-L.
        case clearsScreen
    }

    /// What Tab may put in the place of the last so many characters before the cursor.
    package struct Completion: Sendable {
        package let replacedCount: Int
        package let words: [String]

        package init(replacing replacedCount: Int, by words: [String]) {
            self.replacedCount = replacedCount
            self.words = words
        }
    }

    /// Longer lines are written in a file.
    static let characterLimit = 64 << 10
    /// The longest key: `ESC [ 1 ; 5 C` and the like.
    private static let keyByteLimit = 16

    private(set) var characters: [Character] = []
    private(set) var cursor = 0
    /// Bytes of a character, or of a key, whose rest is still to come.
    private var pending: [UInt8] = []
    package private(set) var history: [String]
    private let historyLimit: Int
    /// Where Up and Down have come to; at the end: the line that is being written.
    private var historyPlace: Int
    private var unfinished = ""

    package init(history: [String] = [], historyLimit: Int = 1000) {
        self.history = Array(history.suffix(historyLimit))
        self.historyLimit = historyLimit
        historyPlace = self.history.count
    }

    package var text: String { String(characters) }

    package mutating func take(_ byte: UInt8, complete: (String) -> Completion) -> Outcome {
        if !pending.isEmpty || byte == 0x1B || byte >= 0x80 { return takePart(byte) }
        switch byte {
        case 0x0D, 0x0A: return enter()
        case 0x03:
            reset()
            return .abandoned
        case 0x04:
            if characters.isEmpty { return .ended }
            delete()
        case 0x09: return tab(complete(String(characters[..<cursor])))
        case 0x0C: return .clearsScreen
        default: edit(byte)
        }
        return .editing
    }

    /// Line and cursor on a terminal's last line: back to its beginning, what fits of the line, and the cursor in its place.
    package func screen(prompt: String, columnCount: Int) -> String {
        let room = max(columnCount - DisplayWidth.columns(of: prompt) - 1, 8)
        var start = 0
        while start < cursor, Self.columns(characters[start..<cursor]) > room { start += 1 }
        var end = cursor
        while end < characters.count, Self.columns(characters[start...end]) <= room { end += 1 }
        let behind = Self.columns(characters[cursor..<end])
        return "\r" + prompt + String(characters[start..<end]) + "\u{1B}[K"
            + (behind > 0 ? "\u{1B}[\(behind)D" : "")
    }

    /// Keeps a line for Up; the same one twice in a row is kept once.
    package mutating func remember(_ line: String) {
        if !line.isEmpty, history.last != line { history.append(line) }
        if history.count > historyLimit { history.removeFirst() }
        historyPlace = history.count
    }

    private static func columns(_ characters: ArraySlice<Character>) -> Int {
        DisplayWidth.columns(of: String(characters))
    }

    private mutating func edit(_ byte: UInt8) {
        switch byte {
        case 0x01: cursor = 0
        case 0x02: cursor = max(cursor - 1, 0)
        case 0x05: cursor = characters.count
        case 0x06: cursor = min(cursor + 1, characters.count)
        case 0x08, 0x7F: backspace()
        case 0x0B: characters.removeSubrange(cursor...)
        case 0x0E: recall(historyPlace + 1)
        case 0x10: recall(historyPlace - 1)
        case 0x15: replace(cursor, by: "")
        case 0x17: replace(wordLength, by: "")
        case 0x20...0x7E: insert(Character(UnicodeScalar(byte)))
        default: break
        }
    }

    /// A character of several bytes, or a key that a terminal sends as `ESC [ ... letter` or `ESC O letter`.
    private mutating func takePart(_ byte: UInt8) -> Outcome {
        pending.append(byte)
        guard pending[0] == 0x1B else {
            if let text = String(validating: pending, as: UTF8.self), let character = text.first {
                pending = []
                insert(character)
            } else if pending.count >= 4 {
                pending = []
            }
            return .editing
        }
        if pending.count == 1 { return .editing }
        let isIntroduced = pending[1] == UInt8(ascii: "[") || pending[1] == UInt8(ascii: "O")
        guard isIntroduced, pending.count < Self.keyByteLimit else {
            pending = []
            return .editing
        }
        guard pending.count > 2, (0x40...0x7E).contains(byte) else { return .editing }
        let key = String(decoding: pending.dropFirst(2), as: UTF8.self)
        pending = []
        press(key)
        return .editing
    }

    private mutating func press(_ key: String) {
        switch key {
        case "A": recall(historyPlace - 1)
        case "B": recall(historyPlace + 1)
        case "C": cursor = min(cursor + 1, characters.count)
        case "D": cursor = max(cursor - 1, 0)
        case "H", "1~", "7~": cursor = 0
        case "F", "4~", "8~": cursor = characters.count
        case "3~": delete()
        default: break
        }
    }

    private mutating func enter() -> Outcome {
        let line = text
        reset()
        return .entered(line)
    }

    private mutating func reset() {
        characters = []
        cursor = 0
        pending = []
        historyPlace = history.count
    }

    private mutating func insert(_ character: Character) {
        guard characters.count < Self.characterLimit else { return }
        // A mark that follows its letter becomes a part of it.
        let joined = cursor > 0 ? String(characters[cursor - 1]) + String(character) : ""
        if joined.count == 1, let whole = joined.first {
            characters[cursor - 1] = whole
        } else {
            characters.insert(character, at: cursor)
            cursor += 1
        }
    }

    private mutating func delete() {
        if cursor < characters.count { characters.remove(at: cursor) }
    }

    private mutating func backspace() {
        guard cursor > 0 else { return }
        cursor -= 1
        characters.remove(at: cursor)
    }

    /// Of the word before the cursor, with the spaces behind it.
    private var wordLength: Int {
        var place = cursor
        while place > 0, characters[place - 1] == " " { place -= 1 }
        while place > 0, characters[place - 1] != " " { place -= 1 }
        return cursor - place
    }

    private mutating func replace(_ count: Int, by text: String) {
        let start = cursor - min(count, cursor)
        characters.replaceSubrange(start..<cursor, with: text)
        cursor = start + text.count
    }

    private mutating func recall(_ place: Int) {
        guard place >= 0, place <= history.count, place != historyPlace else { return }
        if historyPlace == history.count { unfinished = text }
        historyPlace = place
        characters = Array(place == history.count ? unfinished : history[place])
        cursor = characters.count
    }

    /// The part that all words have in common; where that adds nothing, the words.
    private mutating func tab(_ completion: Completion) -> Outcome {
        guard let first = completion.words.first else { return .editing }
        let common = completion.words.dropFirst().reduce(first) { common, word in
            String(zip(common, word).prefix { $0 == $1 }.map { $0.0 })
        }
        if completion.words.count == 1 || common.count > completion.replacedCount {
            replace(completion.replacedCount, by: common)
            return .editing
        }
        return .choices(completion.words)
    }
}
