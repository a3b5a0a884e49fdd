import Interactions
import KeyValueStore
import LiveStore
import TestSupport
import Testing

@Suite struct BackupTests {
    private func filled(_ test: StoreUnderTest) throws {
        _ = try test.elements(
            .putEvents(
                (0..<500).map { view("user-\($0 % 20)", "i\($0)", id: "e\($0)", session: "s\($0 % 50)") }))
        var item = ItemChange(itemId: "new")
        item.text = .set("A new kite")
        _ = try test.elements(.upsertItems([item]))
        try test.apply(.mergeUsers(from: "user-1", into: "user-2"))
        try test.apply(.eraseUser("user-3", copies: []))
        _ = try test.elements(.deleteEvents(.eventIds(["e8"])))
    }

    private func all(_ reader: LiveStoreReader) throws -> [StoredEvent] { try reader.events(limit: 100_000).events }

    @Test func aStoreVerifiesAndSoDoesItsBackup() throws {
        let test = try StoreUnderTest()
        try filled(test)
        let found = try test.store.reader.verify()
        #expect(found.isIntact, "\(found.problems)")
        #expect(found.eventCount == 474 && found.historyCount == 948 && found.itemCount == 1 && found.erasureCount == 1)
        let backup = try test.store.reader.backUp(to: test.directory.path("copy.mdb"))
        #expect(backup.verification == found)
        #expect(throws: LiveStoreError.self) { try test.store.reader.backUp(to: test.directory.path("copy.mdb")) }
        let bytes = try test.directory.bytes(of: "copy.mdb")
        #expect(bytes.count == backup.byteCount)
        let erased = Array("user-3".utf8)
        let places = bytes.indices.filter { bytes[$0...].starts(with: erased) }
        #expect(places.count == 1, "only the erasure itself names an erased person")
    }

    @Test func aRestoredStoreIsTheBackupButForWhoWasForgottenSince() throws {
        let test = try StoreUnderTest()
        try filled(test)
        let path = test.directory.path("copy.mdb")
        _ = try test.store.reader.backUp(to: path)
        let before = try all(test.store.reader)
        try test.apply(.eraseUser("user-5", copies: []))
        _ = try test.put(view("user-6", "later"))
        #expect(throws: LiveStoreError.self) {
            try LiveDataStore.restore(backup: path, into: test.directory.path("live"))
        }
        _ = try LiveDataStore.restore(backup: path, into: test.directory.path("elsewhere"))
        let elsewhere = try LiveDataStore(directory: test.directory.path("elsewhere"))
        #expect(try all(elsewhere.reader) == before)
        #expect(try elsewhere.reader.verify().isIntact)
    }

    @Test func erasuresSurviveARestoreInPlace() throws {
        let directory = try TemporaryDirectory()
        do {
            let test = try StoreUnderTest(in: directory)
            try filled(test)
            _ = try test.store.reader.backUp(to: directory.path("copy.mdb"))
            try test.apply(.eraseUser("user-5", copies: []))
            test.store.close()
        }
        #expect(try LiveDataStore.restore(backup: directory.path("copy.mdb"), into: directory.path("live")) == 2)
        let test = try StoreUnderTest(in: directory)
        #expect(try test.store.reader.erasures(limit: 9).map(\.userId) == ["user-3", "user-5"])
        #expect(try test.store.reader.history(of: .user("user-5"), limit: 9).isEmpty)
        #expect(try test.store.reader.history(of: .user("user-6"), limit: 99).count == 25)
        #expect(try test.store.reader.verify().isIntact)
    }

    /// One byte in 307, all over the file.
    @Test func noDamageTrapsOrIsBelieved() throws {
        let directory = try TemporaryDirectory()
        do {
            let test = try StoreUnderTest(in: directory)
            _ = try test.elements(.putEvents((0..<60).map { view("user-\($0 % 4)", "i\($0)", id: "e\($0)") }))
            _ = try test.store.reader.backUp(to: directory.path("good.mdb"))
        }
        let good = try directory.bytes(of: "good.mdb")
        let whole = try LiveDataStore.verifyBackup(directory.path("good.mdb"))
        for place in stride(from: 0, to: good.count, by: 307) {
            var bad = good
            bad[place] ^= 0x41
            _ = try directory.write(bad, to: "bad.mdb")
            do throws(LiveStoreError) {
                let found = try LiveDataStore.verifyBackup(directory.path("bad.mdb"))
                #expect(found == whole, "byte \(place) was changed, and other rows believed")
            } catch {
                #expect([.damaged, .notAStore, .format, .unavailable].contains(error.code), "byte \(place): \(error)")
            }
        }
    }
}
