import CommandLineInterface
import StoredFiles

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The files that a command is to write, by all of its options.
enum OutputPaths {
    private struct Output {
        let option: CommandOption
        /// As given.
        let path: String
        /// What is written, which lies in `path` where that is a directory.
        let file: String
        let resolved: String
    }

    /// Refuses, before any work, a file that two options would write, and one that the command reads, by whatever path, hard
    /// link or symbolic link. Directories may be shared where their files differ in name.
    ///
    /// - Parameter configurations: the files of `--config`, whose options stand in `parsed`.
    static func check(_ parsed: ParsedCommand, configurations: [String] = []) throws {
        let outputs = outputs(parsed)
        for (number, output) in outputs.enumerated() {
            if let rival = outputs[..<number].first(where: { $0.resolved == output.resolved }) {
                throw UsageError(
                    code: .badValue, operation: parsed.operation,
                    text: sameFile(rival, output))
            }
        }
        let inputs = inputs(parsed) + configurations.map { (option: "config", path: $0) }
        let identities = inputs.map { FileIdentity(of: $0.path) }
        for output in outputs {
            let identity = FileIdentity(of: output.file)
            guard let identity else { continue }
            let named = identities.firstIndex { $0 == identity }.map { inputs[$0] }
            guard let read = named ?? dataSet(parsed, output.resolved) else { continue }
            throw UsageError(
                code: .badValue, operation: parsed.operation,
                text: "\(spelling(output)) is the file that '--\(read.option) \(read.path)' reads: it would be lost. "
                    + "Write to another path.")
        }
        try checkDirectories(outputs)
    }

    /// A file that cannot be written is said so before the work whose result it is.
    private static func checkDirectories(_ outputs: [Output]) throws {
        // An index is taken by its lock before the work.
        for output in outputs
        where isDirectory(output.option) && output.file == output.path && output.option.name != "index" {
            try OutputDirectory(path: output.path).check(option: output.option.name)
        }
        for output in outputs where !isDirectory(output.option) {
            let target = try FileSystem.target(of: output.path)
            if FileSystem.isOfSystem(target) { continue }
            let folder = FileSystem.directory(of: target)
            guard try FileSystem.kind(of: folder) == .directory else {
                throw RunFailure(
                    description:
                        "cannot write \(spelling(output)): there is no directory \(folder). Make it first.")
            }
            try OutputDirectory(path: folder).check(option: output.option.name)
        }
    }

    private static func outputs(_ parsed: ParsedCommand) -> [Output] {
        var outputs: [Output] = []
        for option in parsed.command.options where option.isOutput {
            guard let path = parsed.optionalString(option.name) ?? standardPath(option, parsed) else { continue }
            // What a directory is not named by is what its name itself would be.
            let files = [path] + option.outputFiles.map { "\(path)/\($0)" }
            for file in isDirectory(option) ? Array(files.dropFirst()) : files {
                outputs.append(Output(option: option, path: path, file: file, resolved: resolved(file)))
            }
            if isDirectory(option) {
                outputs.append(Output(option: option, path: path, file: path, resolved: resolved(path)))
            }
        }
        return outputs.enumerated().filter { number, output in
            // A directory may be named twice.
            !isDirectory(output.option) || output.file != output.path
                || !outputs[..<number].contains {
                    isDirectory($0.option) && $0.file == $0.path && $0.resolved == output.resolved
                }
        }.map(\.element)
    }

    /// Where the command writes though the option is not given.
    private static func standardPath(_ option: CommandOption, _ parsed: ParsedCommand) -> String? {
        option.name == TuningOptions.journalName
            ? parsed.optionalString("output").flatMap(TuningOptions.journalPath) : nil
    }

    /// What a directory that is read is read for; the files of others are not known by name here.
    private static let filesOfDirectories = [
        "model-directory": ["config.json", "vocab.txt", "model.safetensors"], "segments": SegmentDirectory.inputNames,
    ]

    private static func inputs(_ parsed: ParsedCommand) -> [(option: String, path: String)] {
        var inputs: [(option: String, path: String)] = []
        // Earlier centres and an earlier store are read as a whole, to be replaced by what they become.
        for option in parsed.command.options where !option.isOutput && option.name != "previous" {
            let given = parsed.strings(option.name) + [parsed.optionalString(option.name)].compactMap { $0 }
            for path in given {
                if option.valueName == "FILE" { inputs += InputPaths.expanded(path).map { (option.name, $0) } }
                inputs += (filesOfDirectories[option.name] ?? []).map { (option.name, "\(path)/\($0)") }
            }
        }
        return inputs
    }

    /// Data sets of published protocols are compressed files below a folder; what else lies beside them is not read.
    private static func dataSet(_ parsed: ParsedCommand, _ resolvedPath: String) -> (option: String, path: String)? {
        guard parsed.command.options.contains(where: { $0.name == "data" }), let path = parsed.optionalString("data"),
            resolvedPath.hasPrefix(resolved(path) + "/"), resolvedPath.hasSuffix(".gz")
        else { return nil }
        return ("data", path)
    }

    /// Files of one directory are the same only where somebody has linked them.
    private static func sameFile(_ rival: Output, _ output: Output) -> String {
        guard rival.option.name == output.option.name, rival.path == output.path else {
            return "\(spelling(rival)) and \(spelling(output)) name the same file. Give each a path of its own."
        }
        return "\(rival.file) and \(output.file), which \(spelling(output)) writes, are one file by a link. "
            + "Remove the link, or choose another directory."
    }

    private static func spelling(_ output: Output) -> String { "'--\(output.option.name) \(output.path)'" }

    private static func isDirectory(_ option: CommandOption) -> Bool { option.valueName == "DIR" }

    /// Absolute, without `.`, `..` and the links of the directories on the way; the file itself need not exist.
    private static func resolved(_ path: String) -> String {
        // Where links lead in a circle the path stands for itself, and is refused by who writes it.
        let target = (try? FileSystem.target(of: path)) ?? path
        let url = URL(filePath: target).absoluteURL.standardizedFileURL
        let folder = url.deletingLastPathComponent().resolvingSymlinksInPath()
        return folder.appending(path: url.lastPathComponent, directoryHint: .notDirectory).path
    }
}
