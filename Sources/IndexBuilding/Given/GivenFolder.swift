import Interactions
import Spelling
import StoredFiles

/// Where in a folder the given tables lie.
struct GivenFolder {
    let path: String
    /// The files of each table that is there, parts in the order of their names.
    private(set) var files: [GivenTable: [String]] = [:]

    /// Refuses names that are none of a table, and folders whose writer has not finished.
    init(_ path: String) throws(ReadError) {
        self.path = path
        let names = try Self.names(in: path)
        for name in names where name != GivenManifest.fileName && !Self.isHidden(name) {
            let stem = String(name.prefix { $0 != "." })
            guard let table = GivenTable(rawValue: stem) else {
                let known = GivenTable.allCases.map(\.rawValue)
                throw ReadError(
                    .unknownFormat, operation: "take the given files", path: "\(path)/\(name)",
                    expected: "files or folders called \(known.joined(separator: ", ")), and \(GivenManifest.fileName)",
                    found: "\"\(name)\"",
                    remedy: EditDistance.nearest(to: stem, among: known).map { "Did you mean \"\($0)\"?" }
                        ?? "Remove or rename it.")
            }
            // The ids of a NumPy file's rows lie beside it.
            if table.isOfVectors && name.hasSuffix(".ids") { continue }
            if let other = files[table]?.first {
                throw ReadError(
                    .unknownFormat, operation: "take the given files", path: path,
                    expected: "one file or folder of \(stem)", found: "\(other) and \(path)/\(name)",
                    remedy: "Remove the one that is old.")
            }
            files[table] = try Self.parts(of: "\(path)/\(name)")
        }
    }

    private static func isHidden(_ name: String) -> Bool { name.hasPrefix(".") || name.hasPrefix("_") }

    /// Of a folder as engines of clusters write it, all files but those that begin with `_` or `.`.
    private static func parts(of path: String) throws(ReadError) -> [String] {
        guard try kind(of: path) == .directory else { return [path] }
        let names = try names(in: path)
        if names.contains("_temporary") {
            throw ReadError(
                .truncated, operation: "take the given files", path: path, expected: "a folder that is finished",
                found: "\"_temporary\" in it", remedy: "Wait for the job that writes it, or run it again.")
        }
        let parts = names.filter { !isHidden($0) }.map { "\(path)/\($0)" }
        guard !parts.isEmpty else {
            throw ReadError(
                .emptyFile, operation: "take the given files", path: path, expected: "files of parts",
                found: "none", remedy: "Check the job that should have written them.")
        }
        return parts
    }

    private static func names(in path: String) throws(ReadError) -> [String] {
        do throws(FileError) {
            return try FileSystem.names(in: path)
        } catch {
            throw ReadError(
                .fileNotFound, operation: "list the folder of given files", path: path, expected: "a folder",
                found: error.found, remedy: error.remedy)
        }
    }

    private static func kind(of path: String) throws(ReadError) -> FileSystem.Kind {
        do throws(FileError) {
            return try FileSystem.kind(of: path)
        } catch {
            throw ReadError(
                .inputOutput, operation: "look at the given file", path: path, expected: "a file or a folder",
                found: error.found, remedy: error.remedy)
        }
    }
}
