import CommandLineInterface

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The paths that a command is to write, by all of its options.
enum OutputPaths {
    /// Refuses two options that name one file, of which the second would be written over the first. Directories may be
    /// shared: their files differ in name.
    static func check(_ parsed: ParsedCommand) throws(UsageError) {
        var outputs: [(option: CommandOption, path: String, resolved: String)] = []
        for option in parsed.command.options where option.isOutput {
            guard let path = parsed.optionalString(option.name) else { continue }
            let resolved = resolved(path)
            let rival = outputs.first { other in
                other.resolved == resolved && !(isDirectory(other.option) && isDirectory(option))
            }
            if let rival {
                throw UsageError(
                    code: .badValue, operation: parsed.operation,
                    text: "'--\(rival.option.name) \(rival.path)' and '--\(option.name) \(path)' name the same file. "
                        + "Give each a path of its own.")
            }
            outputs.append((option, path, resolved))
        }
    }

    private static func isDirectory(_ option: CommandOption) -> Bool { option.valueName == "DIR" }

    /// Absolute, without `.`, `..` and the links of the directories on the way; the file itself need not exist.
    private static func resolved(_ path: String) -> String {
        let url = URL(filePath: path).absoluteURL.standardizedFileURL
        let folder = url.deletingLastPathComponent().resolvingSymlinksInPath()
        return folder.appending(path: url.lastPathComponent, directoryHint: .notDirectory).path
    }
}
