import CommandLineInterface
import Interactions

/// Options kept in a file, as `OptionLines` has them. What the command line says itself wins.
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
    ) throws(RunFailure) -> (arguments: [String], paths: [String], places: [Place]) {
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
        var places: [Place] = []
        for path in paths {
            let found = try options(at: path, notIn: expanded)
            expanded += found.map(\.option)
            places += found.map(\.place)
        }
        return (expanded + rest, paths, places)
    }

    /// Where an option stands.
    struct Place {
        let name: String
        /// Nil of a flag.
        let value: String?
        let path: String
        let lineNumber: Int

        /// Whether an error's text speaks of the option, by its name or by what it names: a file, a column.
        func isSpokenOf(in text: String) -> Bool {
            if text.contains("'--\(name)") { return true }
            guard let value, value.count >= 2 else { return false }
            let parts = value.split(separator: ",").flatMap { $0.split(separator: "=", maxSplits: 1) }
            return text.contains("\(value):") || text.contains("\(value) ")
                || parts.contains { text.contains("\"\($0)\"") }
        }
    }

    /// The place of the option that an error speaks of; nil where it is none of a file.
    static func place(of error: any Error, in places: [Place]) -> String? {
        let text = (error as? UsageError)?.text ?? "\(error)"
        let place = places.first { text.contains("'--\($0.name)") } ?? places.first { $0.isSpokenOf(in: text) }
        return place.map { "'--\($0.name)' stands in \($0.path), line \($0.lineNumber)." }
    }

    private static func options(
        at path: String, notIn given: [String]
    ) throws(RunFailure) -> [(option: String, place: Place)] {
        let text: String
        do throws(ReadError) {
            text = try WholeFile.text(path)
        } catch {
            let isMissing = error.code == .fileNotFound
            throw RunFailure(
                description: isMissing
                    ? "--config \(path): there is no file of that name. Check the spelling and the folder you are in."
                    : "--config \(error)")
        }
        var options: [(option: String, place: Place)] = []
        for line in OptionLines(text).lines {
            let isGiven = given.contains { $0 == "--\(line.name)" || $0.hasPrefix("--\(line.name)=") }
            guard !isGiven else { continue }
            options.append(
                (
                    line.value.map { "--\(line.name)=\($0)" } ?? "--\(line.name)",
                    Place(name: line.name, value: line.value, path: path, lineNumber: line.number)
                ))
        }
        return options
    }
}
