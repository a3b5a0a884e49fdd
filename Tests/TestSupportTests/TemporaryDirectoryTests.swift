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

    @Test func thePackageIsFound() {
        #expect(FileManager.default.fileExists(atPath: PackageRoot.path("Package.swift")))
        #expect(!DataSets.isPresent("no-such-data-set"))
    }

    @Test(.enabled(if: DataSets.have("movielens-100k"), "\(DataSets.reason)"))
    func theDataSetsAreFound() throws {
        #expect(try FileManager.default.contentsOfDirectory(atPath: DataSets.path("movielens-100k")).count > 1)
    }
}
