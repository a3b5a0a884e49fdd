import Foundation

/// The real data sets, which are not part of the repository: in `FORETASTE_DATA`, else `../shared/data` beside the
/// package. A test that needs one says so with a trait, and the reason stands in the test report:
///
///     @Test(.enabled(if: DataSets.have("movielens-100k/u.data.gz"), "\(DataSets.reason)"))
package enum DataSets {
    package static let folder: String =
        ProcessInfo.processInfo.environment["FORETASTE_DATA"]
        ?? URL(fileURLWithPath: PackageRoot.path).deletingLastPathComponent().appendingPathComponent("shared/data")
        .path

    /// For the trait's comment; also what `have` prints.
    package static let reason = "its data set is absent: set FORETASTE_DATA to the folder of the data sets"

    package static func isPresent(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: path(name))
    }

    /// Whether the file or folder is there; where not, says so on standard error.
    package static func have(_ name: String) -> Bool {
        if isPresent(name) { return true }
        Diagnostics.report("\(name) is not in \(folder): the tests that need it are SKIPPED. Set FORETASTE_DATA.")
        return false
    }

    package static func path(_ name: String) -> String {
        "\(folder)/\(name)"
    }
}
