/// Shells that can be told what may follow on a command line.
enum Shell: String, CaseIterable {
    case bash, zsh, fish

    /// A script that the shell reads once.
    func completions(of program: Program) -> String {
        let words = CompletionWords(program)
        let origin =
            "# Completions of \(program.name) for \(rawValue), made by '\(program.name) --completion \(rawValue)'.\n"
        switch self {
        case .bash: return origin + words.bashFunctions + "complete -o filenames -F \(words.function) \(program.name)\n"
        case .zsh:
            return "#compdef \(program.name)\n" + origin + "autoload -U +X bashcompinit && bashcompinit\n"
                + words.bashFunctions + "complete -o filenames -F \(words.function) \(program.name)\n"
        case .fish: return origin + words.fishLines.joined(separator: "\n") + "\n"
        }
    }
}

/// What may follow: words of commands, options, and files.
private struct CompletionWords {
    private let program: Program
    /// A program without subcommands is one whose name has no words.
    private let commands: [(name: String, summary: String, options: [CommandOption])]

    init(_ program: Program) {
        self.program = program
        let single = program.single.map { [("", $0.summary, $0.options)] }
        commands = single ?? program.commands.map { ($0.name, $0.summary, $0.options) }
    }

    /// Of the script, which a name with a hyphen must not spoil.
    var function: String { "_" + program.name.replacing("-", with: "_") }

    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: #"'\''"#) + "'" }

    /// The words that may follow those of a command's name, by these.
    private var further: [String: [String]] {
        var further: [String: [String]] = [:]
        for command in commands where !command.name.isEmpty {
            var before = ""
            for word in command.name.split(separator: " ").map(String.init) {
                if further[before]?.contains(word) != true { further[before, default: []].append(word) }
                before = before.isEmpty ? word : "\(before) \(word)"
            }
        }
        return further
    }

    var bashFunctions: String {
        let next = further.sorted { $0.key < $1.key }.map {
            "        \(Self.quoted($0.key))) echo \(Self.quoted($0.value.joined(separator: " "))) ;;"
        }
        let known = commands.map { command in
            let all = command.options.map { "--\($0.name)" }.joined(separator: " ")
            let valued = command.options.filter { $0.valueName != nil }
                .flatMap { ["--\($0.name)"] + ($0.short.map { ["-\($0)"] } ?? []) }.joined(separator: " ")
            return "        \(Self.quoted(command.name))) options=\(Self.quoted(all)); valued=\(Self.quoted(valued)) ;;"
        }
        return """
            \(function)_further() {
                case "$1" in
            \(next.joined(separator: "\n"))
                    *) return 1 ;;
                esac
            }
            \(function)_options() {
                case "$1" in
            \(known.joined(separator: "\n"))
                    *) return 1 ;;
                esac
            }
            \(function)() {
                local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD - 1]}"
                local options="" valued="" words="" word place
                COMPREPLY=()
                \(function)_options "" || true
                for ((place = 1; place < COMP_CWORD; place++)); do
                    word="${COMP_WORDS[place]}"
                    [[ $word == -* ]] && break
                    words="${words:+$words }$word"
                    \(function)_options "$words" || true
                done
                if [[ " $valued " == *" $previous "* ]]; then
                    COMPREPLY=($(compgen -f -- "$current"))
                elif [[ $current == -* ]]; then
                    COMPREPLY=($(compgen -W "${options:---help --version}" -- "$current"))
                elif ((place == COMP_CWORD)) && word="$(\(function)_further "$words")"; then
                    COMPREPLY=($(compgen -W "$word" -- "$current"))
                else
                    COMPREPLY=($(compgen -f -- "$current"))
                fi
            }

            """
    }

    var fishLines: [String] {
        let at = "_\(function)_at"
        var lines = [
            "function \(at)",
            "    set -l words (commandline -opc)",
            "    set -e words[1]",
            "    test \"$words\" = \"$argv\"; or string match -q -- \"$argv *\" \"$words\"; or test -z \"$argv\"",
            "end",
        ]
        for (words, next) in further.sorted(by: { $0.key < $1.key }) {
            for word in next {
                let name = words.isEmpty ? word : "\(words) \(word)"
                let summary = commands.first { $0.name == name }?.summary ?? "Commands \(name) ..."
                let condition = words.isEmpty ? "__fish_use_subcommand" : "\(at) \(words)"
                lines.append(
                    "complete -c \(program.name) -f -n \(Self.quoted(condition)) -a \(word) -d \(Self.quoted(summary))")
            }
        }
        for command in commands {
            for option in command.options {
                let short = option.short.map { " -s \($0)" } ?? ""
                let value = option.valueName == nil ? "" : " -r"
                lines.append(
                    "complete -c \(program.name) -n \(Self.quoted("\(at) \(command.name)")) -l \(option.name)\(short)\(value) -d "
                        + Self.quoted(option.help))
            }
        }
        return lines
    }
}
