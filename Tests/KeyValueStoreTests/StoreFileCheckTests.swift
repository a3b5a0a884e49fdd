import KeyValueStore
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct StoreFileCheckTests {
    private let directory: TemporaryDirectory
    /// LMDB takes the machine's.
    private let pageByteCount = Int(sysconf(Int32(_SC_PAGESIZE)))

    init() throws { directory = try TemporaryDirectory() }

    /// A file of long values, short values and enough keys for a branch page, in two commits.
    private func makeFile() throws -> [UInt8] {
        let environment = try Environment(creating: directory.path("good.lmdb"), mapByteCount: 8 << 20)
        for half in 0..<2 {
            var transaction = try environment.beginWrite()
            for index in 0..<60 {
                let byteCount = index % 20 == 0 ? 2 * pageByteCount + 800 : pageByteCount / 60
                unsafe try transaction.reserve("key/\(half)/\(index)", byteCount: byteCount) { room in
                    unsafe room.initializeMemory(as: UInt8.self, repeating: UInt8(index))
                }
            }
            try transaction.commit()
        }
        try environment.sync()
        return try directory.bytes(of: "good.lmdb")
    }

    /// Everything in the file, by way of LMDB.
    private func readAll(_ name: String) throws -> [String: [UInt8]] {
        let environment = try Environment(readingImmutable: directory.path(name))
        let transaction = try environment.beginRead()
        var keys: [String] = []
        unsafe try transaction.forEachKey { key, _ in
            unsafe keys.append(String(decoding: key, as: UTF8.self))
            return true
        }
        var values: [String: [UInt8]] = [:]
        for key in keys { values[key] = unsafe try transaction.get(key) { bytes in unsafe [UInt8](bytes) } }
        return values
    }

    private func openError(of bytes: [UInt8]) throws -> KeyValueError? {
        _ = try directory.write(bytes, to: "bad.lmdb")
        do {
            _ = try readAll("bad.lmdb")
            return nil
        } catch let error as KeyValueError {
            return error
        }
    }

    @Test func truncationAnywhereIsAnError() throws {
        let bytes = try makeFile()
        for count in [
            0, 1, 100, pageByteCount - 1, pageByteCount, 2 * pageByteCount - 1, 2 * pageByteCount, bytes.count / 2,
            bytes.count - pageByteCount, bytes.count - 1,
        ] {
            let error = try openError(of: Array(bytes.prefix(count)))
            #expect(
                error?.code == (count < 152 ? .notAStore : .truncated), "\(count) bytes: \(String(describing: error))")
        }
    }

    @Test func otherFilesAreNotStores() throws {
        #expect(try openError(of: Array("userId,itemId\n1,2\n".utf8))?.code == .notAStore)
        #expect(try openError(of: [UInt8](repeating: 0, count: 20_000))?.code == .notAStore)
    }

    @Test func otherDataVersionIsNamed() throws {
        var bytes = try makeFile()
        bytes[20] = 2
        let error = try #require(try openError(of: bytes))
        #expect(error.code == .storeVersion)
        #expect(error.description.contains("expected LMDB data version 1, found 2"))
    }

    /// Where LMDB's data format puts each field of a meta page, and a value that cannot be right.
    @Test(arguments: [
        (41, 0x01, "page size"), (44, 0xFF, "table flags"), (92, 0x04, "table flags"), (94, 0xFF, "tree depth"),
        (128, 0x01, "page number"), (133, 0x01, "page number"),
    ])
    func impossibleMetaFieldsAreNamed(offset: Int, value: UInt8, text: String) throws {
        var bytes = try makeFile()
        for page in [0, 1] {
            bytes[page * pageByteCount + offset] = value
        }
        let error = try #require(try openError(of: bytes))
        #expect(error.code == .corrupted)
        #expect(error.description.contains(text), "\(error)")
    }

    @Test func impossibleTreePagesAreNamed() throws {
        let bytes = try makeFile()
        let longValue = try #require((2..<bytes.count / pageByteCount).first { bytes[$0 * pageByteCount + 10] == 4 })
        let branch = try #require((2..<bytes.count / pageByteCount).last { bytes[$0 * pageByteCount + 10] == 1 })
        // The branch's first entry names its first leaf.
        let entry =
            branch * pageByteCount + Int(bytes[branch * pageByteCount + 16]) + Int(bytes[branch * pageByteCount + 17])
            << 8
        let leaf = Int(bytes[entry]) + Int(bytes[entry + 1]) << 8
        let damages: [(offset: Int, value: UInt8, text: String)] = [
            (longValue * pageByteCount + 10, 2, "has flags 2"),
            (longValue * pageByteCount + 12, 1, "is longer than its 1 pages"),
            (longValue * pageByteCount + 15, 1, "pages"), (longValue * pageByteCount, 99, "calls itself 99"),
            (branch * pageByteCount + 12, 18, "has 1 entries"), (branch * pageByteCount + 10, 3, "has flags 3"),
            (leaf * pageByteCount + 12, 16, "has 0 entries"), (leaf * pageByteCount + 12, 17, "has bounds 17"),
            (leaf * pageByteCount + 17, 0xFF, "lies at"), (leaf * pageByteCount + 17, 0, "lies at"),
        ]
        for damage in damages {
            var changed = bytes
            changed[damage.offset] = damage.value
            let error = try #require(try openError(of: changed), "\(damage)")
            #expect(error.code == .corrupted)
            #expect(error.description.contains(damage.text), "\(error)")
        }
    }

    /// Every byte of the meta pages and page headers and many of the nodes: an error or a readable file, never a signal.
    @Test func anyDamageOfTheSkeletonIsSurvived() throws {
        let bytes = try makeFile()
        var offsets = Array(0..<152) + Array(pageByteCount..<pageByteCount + 152)
        for page in 2..<bytes.count / pageByteCount {
            let isTree = bytes[page * pageByteCount + 10] & 3 != 0
            offsets += (0..<(isTree ? 40 : 16)).map { page * pageByteCount + $0 }
            if isTree {
                offsets += stride(from: pageByteCount * 7 / 8, to: pageByteCount, by: 7).map {
                    page * pageByteCount + $0
                }
            }
        }
        var outcomes = 0
        for offset in offsets {
            var changed = bytes
            changed[offset] ^= UInt8(truncatingIfNeeded: 1 << (offset % 8))
            if let error = try openError(of: changed) { #expect(error.path == directory.path("bad.lmdb")) }
            outcomes += 1
        }
        #expect(outcomes == offsets.count)
    }
}
