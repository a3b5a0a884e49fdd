import Foundation
import KeyValueStore
import LiveStore
import TestSupport
import Testing

@Suite struct OpeningTests {
    private func openError(_ directory: String) -> LiveStoreError? {
        do throws(LiveStoreError) {
            _ = try LiveDataStore(directory: directory)
            return nil
        } catch {
            return error
        }
    }

    @Test func onlyItsOwnerCanReadIt() throws {
        let test = try StoreUnderTest()
        _ = try test.put(view("ann", "kite"))
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        let directory = test.directory.path("live")
        #expect(try mode(directory) == 0o700)
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            #expect(try mode("\(directory)/\(name)") == 0o600, "\(name)")
        }
    }

    @Test func anOpenDirectoryIsClosed() throws {
        let directory = try TemporaryDirectory()
        try directory.makeFolder("live")
        let test = try StoreUnderTest(in: directory)
        let attributes = try FileManager.default.attributesOfItem(atPath: directory.path("live"))
        #expect(attributes[.posixPermissions] as? Int == 0o700)
        test.store.close()
    }

    @Test func twoCannotWriteOneStore() throws {
        let test = try StoreUnderTest()
        let error = try #require(openError(test.directory.path("live")))
        #expect(error.code == .locked)
        #expect(error.text.contains("in use by process \(ProcessInfo.processInfo.processIdentifier)"), "\(error)")
        _ = try test.put(view("ann", "kite"))
    }

    @Test func aDirectoryOfOtherThingsIsRefused() throws {
        let directory = try TemporaryDirectory()
        try directory.makeFolder("live")
        _ = try directory.write("mine", to: "live/notes.txt")
        let error = try #require(openError(directory.path("live")))
        #expect(error.code == .notAStore && error.text.contains("notes.txt"), "\(error)")
        #expect(openError(directory.path("missing/live"))?.code == .notAStore)
    }

    @Test func anotherFormatIsRefusedWithTheMend() throws {
        let directory = try TemporaryDirectory()
        do { _ = try StoreUnderTest(in: directory).put(view("ann", "kite")) }
        do {
            let names = ["events", "by-actor", "by-id", "items", "users", "merges", "merged", "erasures", "meta"]
            let environment = try LiveEnvironment(
                path: directory.path("live/live.mdb"), tables: names, mapByteCount: 1 << 24)
            var write = try environment.beginWrite()
            // A number row of format 2: checksum, layout 1, u64.
            let fields: [UInt8] = [1, 2, 0, 0, 0, 0, 0, 0, 0]
            let sum = UInt32(truncatingIfNeeded: unsafe fields.withUnsafeBytes { unsafe Checksum.of($0) })
            let row = (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) } + fields
            try write.put(LiveEnvironment.Table(number: 8), Array("format".utf8), row)
            try write.commit()
        }
        let error = try #require(openError(directory.path("live")))
        #expect(error.code == .format)
        #expect(error.text.contains("format 2") && error.text.contains("foretaste dump"), "\(error)")
    }

    @Test func aTruncatedFileIsAnError() throws {
        let directory = try TemporaryDirectory()
        do {
            let test = try StoreUnderTest(in: directory)
            _ = try test.elements(.putEvents((0..<500).map { view("ann", "i\($0)") }))
            test.store.close()
        }
        let bytes = try directory.bytes(of: "live/live.mdb")
        for count in [0, 100, 4096, bytes.count / 2] {
            _ = try directory.write(Array(bytes.prefix(count)), to: "live/live.mdb")
            let code = openError(directory.path("live"))?.code
            #expect(code == .damaged || code == .notAStore, "\(count) bytes: \(String(describing: code))")
        }
    }

    @Test func aReaderSeesWhatIsCommittedAndNamesWhatIsMissing() throws {
        let directory = try TemporaryDirectory()
        do { _ = try StoreUnderTest(in: directory).put(view("ann", "kite")) }
        let reader = try LiveStoreReader(directory: directory.path("live"))
        #expect(try reader.history(of: .user("ann"), limit: 9).map(\.itemId) == ["kite"])
        #expect(try reader.nextSequence() == 2)
        let error = #expect(throws: LiveStoreError.self) { try LiveStoreReader(directory: directory.path("other")) }
        #expect(error?.code == .notAStore)
    }
}
