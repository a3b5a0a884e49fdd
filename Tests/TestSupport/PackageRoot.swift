import Foundation

/// Where this package's sources lie on the machine that runs the tests.
package enum PackageRoot {
    /// Three steps up from this file: Tests/TestSupport/PackageRoot.swift.
    package static let path: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.path
    }()

    package static func path(_ relative: String) -> String {
        "\(path)/\(relative)"
    }
}
