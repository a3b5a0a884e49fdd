import CommandLineInterface
import StoredFiles

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The files that an option names.
enum InputPaths {
    /// Where `-` reads from.
    private static let standardInput = "/dev/stdin"

    /// All files of an option that may be repeated, patterns such as `events-*.csv` in the order of their names; at least one.
    static func expanded(_ parsed: ParsedCommand, _ option: String) throws -> [String] {
        var paths: [String] = []
        for given in parsed.strings(option) {
            let found = expanded(given)
            guard !found.isEmpty else {
                throw parsed.refusal(option, value: given, expected: "a pattern that a file's name fits: none does")
            }
            paths += found
        }
        let identities = paths.map { FileIdentity(of: $0) }
        for (number, path) in paths.enumerated() {
            let first = paths[..<number].indices.first {
                paths[$0] == path || identities[$0] != nil && identities[$0] == identities[number]
            }
            guard let first else { continue }
            let same = paths[first] == path ? "" : ", which is the same file as \(paths[first])"
            throw parsed.refusal(
                option, value: path, expected: "each file once\(same): its rows would count twice")
        }
        return paths
    }

    /// The file of an option that takes one: `-` is standard input, a pattern may fit one file.
    static func single(_ parsed: ParsedCommand, _ option: String) throws -> String {
        let given = try parsed.string(option)
        let found = expanded(given)
        guard let path = found.first, found.count == 1 else {
            throw parsed.refusal(
                option, value: given, expected: "one file, as this command reads one: \(found.count) fit the pattern")
        }
        return path
    }

    /// The files that one value names; empty where it is a pattern that no file fits.
    static func expanded(_ given: String) -> [String] {
        if given == "-" { return [standardInput] }
        let isPattern = given.contains { "*?[".contains($0) }
        guard isPattern, unsafe access(given, F_OK) != 0 else { return [given] }
        var found = unsafe glob_t()
        defer { unsafe globfree(&found) }
        guard unsafe glob(given, 0, nil, &found) == 0 else { return [] }
        return unsafe (0..<Int(found.gl_pathc)).compactMap { index in
            unsafe found.gl_pathv[index].map { unsafe String(cString: $0) }
        }
    }
}
