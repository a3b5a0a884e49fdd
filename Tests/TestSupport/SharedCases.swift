import Foundation

/// Small inputs that real people's files look like, which are not part of the repository: in `FORETASTE_CASES`, else in
/// `../shared/cases/inputs` beside the package.
package enum SharedCases {
    package static let folder: String =
        ProcessInfo.processInfo.environment["FORETASTE_CASES"]
        ?? URL(fileURLWithPath: PackageRoot.path).deletingLastPathComponent()
        .appendingPathComponent("shared/cases/inputs").path

    package static let reason = "its inputs are absent: set FORETASTE_CASES to the folder of the cases"

    /// Whether the folder is there; where not, says so on standard error.
    package static var areThere: Bool {
        if FileManager.default.fileExists(atPath: folder) { return true }
        Diagnostics.report("\(folder) is absent: the tests of its inputs are SKIPPED. Set FORETASTE_CASES.")
        return false
    }

    package static func path(_ name: String) -> String { "\(folder)/\(name)" }
}
