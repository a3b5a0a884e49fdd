package import CommandLineInterface
import ServiceMethods

/// What may follow on a line of `foretaste shell`.
package struct ShellCompletion: Sendable {
    /// The shell's own commands.
    package static let commands = ["help", "json", "servers", "use", "quit"]

    let servers: [String]

    package init(servers: [String]) { self.servers = servers }

    /// - Parameter text: the line up to the cursor.
    package func completion(of text: String) -> LineEditor.Completion {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
        let last = words.last ?? ""
        let before = words.dropLast().filter { !$0.isEmpty }
        guard let first = before.first else {
            return candidates(Self.methods + Self.commands, beginning: last, ending: " ")
        }
        switch first {
        case "help": return before.count == 1 ? candidates(Self.methods, beginning: last) : none
        case "use": return before.count == 1 ? candidates(servers, beginning: last) : none
        case "json": return before.count == 1 ? candidates(["on", "off"], beginning: last) : none
        default: return member(of: first, last, given: Array(before.dropFirst()))
        }
    }

    private static let methods = MethodTable.all.map { "\($0.name)" }

    private var none: LineEditor.Completion { LineEditor.Completion(replacing: 0, by: []) }

    private func member(of method: String, _ last: String, given: [String]) -> LineEditor.Completion {
        let declared = MethodTable.all.first { "\($0.name)" == method }?.parameters ?? []
        guard let equals = last.firstIndex(of: "=") else {
            let left = declared.map(\.name).filter { name in !given.contains { $0.hasPrefix("\(name)=") } }
            return candidates(left, beginning: last, ending: "=")
        }
        let kind = declared.first { $0.name == last[..<equals] }?.kind
        return candidates(kind?.words ?? [], beginning: String(last[last.index(after: equals)...]), ending: " ")
    }

    private func candidates(
        _ words: [String], beginning start: String, ending: String = ""
    ) -> LineEditor.Completion {
        let found = words.filter { $0.hasPrefix(start) }
        // What follows a word is put behind it once it is the only one.
        return LineEditor.Completion(
            replacing: start.count, by: found.count == 1 ? [found[0] + ending] : found.sorted())
    }
}

extension ParameterKind {
    /// What a value may be, where there are only a few.
    fileprivate var words: [String] {
        switch self {
        case .boolean: ["true", "false"]
        case .choice(let names, _): names
        case .list(let element, _): element.words
        case .either(let first, let second): first.words + second.words
        default: []
        }
    }
}
