import Foundation
import TestSupport
import Testing

@Suite struct TemporaryDirectoryTests {
    @Test func goesWithItsLastReference() throws {
        let path: String
        do {
            let folder = try TemporaryDirectory()
            path = folder.path
            let file = try folder.write("text\n", to: "name")
            #expect(file == "\(path)/name")
            #expect(try folder.text(of: "name") == "text\n")
            #expect(try TemporaryDirectory().path != path)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func thePackageAndItsDataAreFound() {
        #expect(FileManager.default.fileExists(atPath: PackageRoot.path("Package.swift")))
        #expect(!DataSets.have("no-such-data-set"))
        #expect(DataSets.path("a/b").hasSuffix("/a/b"))
    }
}
