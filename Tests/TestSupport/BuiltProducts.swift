import Foundation

/// The executables that were built together with the running tests.
package enum BuiltProducts {
    /// - Throws: where the executable was not built, with the command that builds it.
    package static func path(of name: String) throws -> String {
        for folder in folders {
            let path = "\(folder)/\(name)"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw TestSupportError("'\(name)' is not built beside the tests: run 'swift build' first")
    }

    /// On Linux the test runner itself lies in the build folder; on macOS it is the toolchain's, and the test bundle,
    /// whose executable is the first argument with `.xctest` in it, lies there.
    private static let folders: [String] = {
        var folders: [String] = []
        for argument in CommandLine.arguments {
            guard let end = argument.range(of: ".xctest") else { continue }
            let bundle = URL(fileURLWithPath: String(argument[..<end.upperBound]))
            folders.append(bundle.deletingLastPathComponent().path)
        }
        for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") {
            folders.append(URL(fileURLWithPath: bundle.bundlePath).deletingLastPathComponent().path)
        }
        if let executable = Bundle.main.executableURL {
            folders.append(executable.deletingLastPathComponent().path)
        }
        return folders
    }()
}
