import KeyValueStore
import Personas
import TestSupport
import Testing

/// A file whose checksums are right and whose numbers are not: somebody wrote it so. It is refused, or queries work.
@Suite struct PersonaStructureTests {
    /// The store with one section's elements changed, and the checksum in the manifest made to agree.
    private func store(
        _ sample: PersonaSample, changing section: String, _ change: (inout [UInt8]) -> Void
    ) throws -> PersonaStore {
        let source = try Environment(readingImmutable: sample.folder.path("p/personas.lmdb"))
        var contents: [String: [UInt8]] = [:]
        let transaction = try source.beginRead()
        var keys: [String] = []
        unsafe try transaction.forEachKey { key, _ in
            unsafe keys.append(String(decoding: key, as: UTF8.self))
            return true
        }
        for key in keys { contents[key] = unsafe try transaction.get(key) { bytes in unsafe Array(bytes) } }
        var value = try #require(contents[section])
        change(&value)
        contents[section] = value
        let manifestKey = try #require(keys.first { contents[$0]?.starts(with: Array("foretaste".utf8)) == true })
        let text = String(decoding: try #require(contents[manifestKey]).prefix { $0 != 0 }, as: UTF8.self)
        let lines = text.split(separator: "\n").map { line -> String in
            var words = line.split(separator: " ").map(String.init)
            guard words.count == 5, words[1] == section, let count = Int(words[3]) else { return String(line) }
            let width = ["u8": 1, "f64": 8][words[2]] ?? 4
            let payload = Array(value[..<(count * width)])
            words[4] = unsafe payload.withUnsafeBytes { bytes in unsafe String(Checksum.of(bytes), radix: 16) }
            return words.joined(separator: " ")
        }
        var manifest = Array((lines.joined(separator: "\n") + "\n").utf8)
        manifest += [UInt8](repeating: 0, count: max(0, (contents[manifestKey]?.count ?? 0) - manifest.count))
        contents[manifestKey] = manifest
        let folder = try TemporaryDirectory()
        let copy = try Environment(creating: folder.path("personas.lmdb"), mapByteCount: 64 << 20)
        for key in keys {
            var write = try copy.beginWrite()
            let bytes = contents[key] ?? []
            unsafe try write.reserve(key, byteCount: bytes.count) { room in
                unsafe bytes.withUnsafeBytes { bytes in unsafe room.copyMemory(from: bytes) }
            }
            try write.commit()
        }
        try copy.sync()
        return try PersonaStore(directory: folder.path)
    }

    @Test func numbersThatQueriesRelyOn() throws {
        let sample = try PersonaSample()
        _ = try sample.store(
            try sample.table("a,shoe1,visit,shoes,web,m,1\nb,lamp,purchase,,app,f,2\nc,shoe2,cart,,,,3\n"))
        let source = try Environment(readingImmutable: sample.folder.path("p/personas.lmdb"))
        var sections: [String] = []
        unsafe try source.beginRead().forEachKey { key, _ in
            unsafe sections.append(String(decoding: key, as: UTF8.self))
            return true
        }
        var refusedCount = 0
        for section in sections where section != "manifest" {
            for (place, pattern) in [(0, 0xFF), (4, 0xFF), (0, 0x7F), (4, 0x7F), (8, 0xFE)] {
                do {
                    let store = try store(sample, changing: section) { bytes in
                        guard bytes.count >= place + 4 else { return }
                        for byte in place..<place + 4 { bytes[byte] = UInt8(pattern) }
                    }
                    // What is taken can be asked.
                    for user in 0..<store.userCount { _ = store.persona(user, count: 5) }
                    _ = store.table()
                } catch is PersonaStoreError {
                    refusedCount += 1
                }
            }
        }
        #expect(refusedCount > 100, "\(refusedCount)")
    }
}
