import Foundation
import TestSupport
import Testing

/// Two builds of the same files by two processes, one thread and two: the same name and the same bytes. Each process has
/// its own hash seed, so an order of a dictionary that reached the file would show.
@Suite(.serialized) struct ReproducibleBuildTests {
    private static let created = ["SOURCE_DATE_EPOCH": "1764000000"]

    private func build(
        _ arguments: [String], index: String, in folder: TemporaryDirectory, threads: Int,
        environment: [String: String] = created
    ) throws -> (version: String, bytes: [UInt8]) {
        let outcome = try Subprocess.run(
            "foretaste",
            ["build", "--index", folder.path(index), "--threads", "\(threads)", "--json", "--quiet"] + arguments,
            environment: environment, timeoutSeconds: 2 * Subprocess.usualTimeoutSeconds)
        try #require(outcome.exitCode == 0, "\(outcome.errors)")
        guard case .string(let version) = try outcome.json()["version"] else {
            throw TestSupportError("no version in \(outcome.output)")
        }
        return (version, try folder.bytes(of: "\(index)/versions/\(version).lmdb"))
    }

    private func expectSameBytes(_ arguments: [String], in folder: TemporaryDirectory) throws {
        let one = try build(arguments, index: "one.index", in: folder, threads: 1)
        let two = try build(arguments, index: "two.index", in: folder, threads: 2)
        #expect(one.version.hasPrefix("20251124T160000.000Z-"))
        #expect(one.version == two.version)
        #expect(one.bytes.count == two.bytes.count)
        let different = zip(one.bytes, two.bytes).enumerated().first { $0.element.0 != $0.element.1 }
        #expect(different == nil, "the first different byte is at \(different?.offset ?? -1)")
    }

    @Test(arguments: ["ease", "item-knn", "rp3beta", "ials", "none"])
    func everyModel(model: String) throws {
        let shop = try BuiltShop()
        try expectSameBytes(
            ["--interactions", shop.interactionsPath, "--items", shop.itemsPath, "--model", model], in: shop.folder)
    }

    /// Published again under the name it has, the version stays whole and current.
    @Test func theSameVersionTwice() throws {
        let shop = try BuiltShop()
        let arguments = ["--interactions", shop.interactionsPath, "--items", shop.itemsPath]
        let first = try build(arguments, index: "again.index", in: shop.folder, threads: 1)
        let second = try build(arguments, index: "again.index", in: shop.folder, threads: 1)
        #expect(first.version == second.version && first.bytes == second.bytes)
        let verified = try Subprocess.run("foretaste", ["verify", shop.folder.path("again.index")])
        #expect(verified.exitCode == 0, "\(verified.errors)")
    }

    @Test(arguments: ["", "soon", "-1", "1.5", "253402300800", "99999999999999999999"])
    func aTimeThatIsNoneIsRefused(text: String) throws {
        let shop = try BuiltShop()
        let outcome = try Subprocess.run(
            "foretaste", shop.buildArguments + ["--quiet"], environment: ["SOURCE_DATE_EPOCH": text])
        #expect(outcome.exitCode == 2, "\(outcome.errors)")
        #expect(outcome.errors.contains("SOURCE_DATE_EPOCH is '\(text)'"), "\(outcome.errors)")
    }
}
