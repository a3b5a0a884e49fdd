/// A synthetic shop and an index of it, made by the real programs in a folder of its own.
package final class BuiltShop: Sendable {
    package let folder: TemporaryDirectory
    package let indexPath: String

    /// - Throws: where a program fails; the text has what it wrote.
    ///
    /// - Parameter options: of the build.
    package init(
        userCount: Int = 200, itemCount: Int = 100, seed: Int = 7, options: [String] = ["--quiet"]
    ) throws {
        folder = try TemporaryDirectory()
        indexPath = folder.path("shop.index")
        try Self.mustSucceed(
            Subprocess.run(
                "foretaste",
                [
                    "synthesize", "--users", "\(userCount)", "--items", "\(itemCount)", "--seed", "\(seed)", "--out",
                    folder.path("shop"), "--quiet",
                ]))
        try Self.mustSucceed(build(options))
    }

    package var interactionsPath: String { folder.path("shop/interactions.csv") }
    package var itemsPath: String { folder.path("shop/items.jsonl") }
    package var buildArguments: [String] {
        ["build", "--interactions", interactionsPath, "--items", itemsPath, "--index", indexPath]
    }

    /// Another version beside the one there is.
    @discardableResult
    package func build(_ options: [String] = ["--quiet"]) throws -> Subprocess.Outcome {
        try Subprocess.run("foretaste", buildArguments + options)
    }

    /// Works out the users' personas; returns their directory.
    package func personas(_ options: [String] = []) throws -> String {
        let files = ["--items", itemsPath, "--users", folder.path("shop/users.csv"), "--out", folder.path("personas")]
        try Self.mustSucceed(
            Subprocess.run(
                "foretaste",
                ["segment", "personas", "--events", interactionsPath, "--quiet", "--store-only"] + files + options))
        return folder.path("personas")
    }

    /// For a shop that lives as long as the tests.
    package func removeAtExit() { AtExit.run { [folder] in folder.remove() } }

    package func serve(_ arguments: [String] = []) throws -> RunningServer {
        try RunningServer(["--index", indexPath] + arguments)
    }

    private static func mustSucceed(_ outcome: Subprocess.Outcome) throws {
        guard outcome.exitCode == 0 else { throw TestSupportError("foretaste failed: \(outcome.errors)") }
    }
}
