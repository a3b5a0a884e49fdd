import Foundation
import Personas
import TestSupport
import Testing

/// The file: what is written comes back, and what is no store is refused with words.
@Suite struct PersonaStoreTests {
    @Test func tableComesBack() throws {
        let sample = try PersonaSample()
        let table = try sample.table(RandomEvents(seed: 2).rows(200, users: 30).joined())
        #expect(try sample.store(table).table() == table)
        #expect(!FileManager.default.fileExists(atPath: sample.folder.path("p/personas.lmdb.partial")))
    }

    /// Every page of the file, one after the other: damage is an error or makes no difference, never a crash.
    @Test func damageIsFound() throws {
        let sample = try PersonaSample()
        let table = try sample.table("a,shoe1,visit,shoes,web,m,1\nb,lamp,purchase,,,f,2\n")
        let bytes = try sample.bytes(table)
        var refusedCount = 0
        for position in stride(from: 20, to: bytes.count, by: 1024) {
            var damaged = bytes
            damaged[position] ^= 0x55
            _ = try sample.folder.write(damaged, to: "p/personas.lmdb")
            do {
                let store = try PersonaStore(directory: sample.folder.path("p"))
                #expect(store.table() == table, "byte \(position)")
            } catch {
                refusedCount += 1
                #expect("\(error)".contains("personas.lmdb"))
            }
        }
        #expect(refusedCount > 10)
        _ = try sample.folder.write(Array(bytes[..<(bytes.count / 2)]), to: "p/personas.lmdb")
        #expect(throws: PersonaStoreError.self) { try PersonaStore(directory: sample.folder.path("p")) }
    }

    @Test func whatIsNoStoreIsRefused() throws {
        let folder = try TemporaryDirectory()
        func refusal() -> PersonaStoreError.Code? {
            do {
                _ = try PersonaStore(directory: folder.path)
                return nil
            } catch { return error.code }
        }
        #expect(refusal() == .missing)
        _ = try folder.write("no store", to: "personas.lmdb")
        #expect(refusal() == .otherProgram)
    }
}
