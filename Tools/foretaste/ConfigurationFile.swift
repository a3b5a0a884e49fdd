import CommandLineInterface

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Options kept in a file, one `name = value` a line, `#` for comments; a flag is a name alone. What the command line says
/// itself wins.
///
///     # columns of our export
///     columns = userId=CustomerID,itemId=StockCode,time=InvoiceDate
///     max-bad-rows = 1%
enum ConfigurationFile {
    static let option = CommandOption.repeated(
        "config", "FILE",
        help:
            "Take options from FILE: lines 'name = value'; the command line wins over it, and an earlier FILE over a later."
    )

    /// The arguments with every `--config FILE` replaced by the options in the file, and these files.
    static func expanding(
        _ arguments: [String]
    ) throws(RunFailure) -> (arguments: [String], paths: [String]) {
        var expanded: [String] = []
        var paths: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                rest.insert(argument, at: rest.startIndex)
                break
            }
            if argument == "--config", let value = rest.popFirst() {
                paths.append(value)
            } else if argument.hasPrefix("--config=") {
                paths.append(String(argument.dropFirst("--config=".count)))
            } else {
                expanded.append(argument)
            }
        }
        for path in paths { expanded += try options(at: path, notIn: expanded) }
        return (expanded + rest, paths)
    }

    private static func options(at path: String, notIn given: [String]) throws(RunFailure) -> [String] {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw RunFailure(description: "--config \(path): \(reason(error))")
        }
        var options: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let line = trimmed(line)
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let name = trimmed(line.prefix { $0 != "=" })
            let isGiven = given.contains { $0 == "--\(name)" || $0.hasPrefix("--\(name)=") }
            guard !isGiven else { continue }
            let value = line.firstIndex(of: "=").map { trimmed(line[line.index(after: $0)...]) }
            options.append(value.map { "--\(name)=\($0)" } ?? "--\(name)")
        }
        return options
    }

    private static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile: "there is no file of that name. Check the spelling and the folder you are in."
        case .fileReadNoPermission: "you may not read it. Check its owner and permissions."
        case .fileReadInapplicableStringEncoding: "it is not UTF-8 text. Save it as UTF-8."
        default: "it cannot be read as text. Name a file with lines 'name = value'."
        }
    }

    private static func trimmed(_ text: some StringProtocol) -> Substring {
        var text = Substring(text)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
