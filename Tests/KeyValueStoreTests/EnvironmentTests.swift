import Foundation
import KeyValueStore
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct EnvironmentTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A file with the values 0 to `count` - 1, value `i` being `byteCount` bytes of `i`.
    private func makeFile(_ name: String, count: Int = 5, byteCount: Int = 10_000) throws {
        let environment = try Environment(creating: directory.path(name), mapByteCount: 64 << 20)
        var transaction = try environment.beginWrite()
        for index in 0..<count {
            unsafe try transaction.reserve("key\(index)", byteCount: byteCount) { room in
                unsafe room.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: index))
            }
        }
        try transaction.commit()
        try environment.sync()
    }

    private func value(_ key: String, in environment: Environment) throws -> [UInt8]? {
        unsafe try environment.beginRead().get(key) { bytes in unsafe [UInt8](bytes) }
    }

    private func keys(of environment: Environment) throws -> [String] {
        var keys: [String] = []
        unsafe try environment.beginRead().forEachKey { key, _ in
            unsafe keys.append(String(decoding: key, as: UTF8.self))
            return true
        }
        return keys
    }

    @Test func whatIsCommittedIsReadBack() throws {
        try makeFile("a.lmdb")
        let environment = try Environment(readingImmutable: directory.path("a.lmdb"))
        #expect(try value("key3", in: environment) == [UInt8](repeating: 3, count: 10_000))
        #expect(try value("key9", in: environment) == nil)
        #expect(try keys(of: environment) == ["key0", "key1", "key2", "key3", "key4"])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["a.lmdb"], "no lock file is made")
    }

    @Test func putCopiesAndRefusesAnExistingKey() throws {
        let environment = try Environment(creating: directory.path("a.lmdb"), mapByteCount: 1 << 20)
        var transaction = try environment.beginWrite()
        unsafe try [UInt8]([1, 2, 3]).withUnsafeBytes { bytes in
            unsafe try transaction.put("k", bytes)
            #expect(throws: KeyValueError.self) { unsafe try transaction.put("k", bytes) }
        }
        try transaction.commit()
        #expect(try value("k", in: environment) == [1, 2, 3])
    }

    @Test func droppedTransactionChangesNothing() throws {
        let environment = try Environment(creating: directory.path("a.lmdb"), mapByteCount: 1 << 20)
        do {
            var transaction = try environment.beginWrite()
            unsafe try transaction.reserve("k", byteCount: 4) {
                unsafe $0.initializeMemory(as: UInt8.self, repeating: 1)
            }
        }
        #expect(try keys(of: environment) == [])
    }

    @Test func emptyFileHasNoKeys() throws {
        try makeFile("a.lmdb", count: 0)
        let environment = try Environment(readingImmutable: directory.path("a.lmdb"))
        #expect(try keys(of: environment) == [])
        #expect(try value("k", in: environment) == nil)
    }

    @Test func keyVisitStopsWhenToldTo() throws {
        try makeFile("a.lmdb")
        let environment = try Environment(readingImmutable: directory.path("a.lmdb"))
        var visited: [Int] = []
        unsafe try environment.beginRead().forEachKey { _, byteCount in
            visited.append(byteCount)
            return visited.count < 2
        }
        #expect(visited == [10_000, 10_000])
    }

    @Test func lastingValueOutlivesItsTransaction() throws {
        try makeFile("a.lmdb")
        let environment = try Environment(readingImmutable: directory.path("a.lmdb"))
        let bytes = unsafe try #require(try environment.beginRead().lastingValue(of: "key2"))
        #expect(unsafe bytes.allSatisfy { $0 == 2 })
        #expect(Int(bitPattern: bytes.baseAddress) % environment.pageByteCount == 16)
        withExtendedLifetime(environment) {}
    }

    @Test func fullMapIsATypedErrorAndGrowingMendsIt() throws {
        let environment = try Environment(creating: directory.path("a.lmdb"), mapByteCount: 64 << 10)
        func write() throws {
            var transaction = try environment.beginWrite()
            unsafe try transaction.reserve("k", byteCount: 1 << 20) {
                unsafe $0.initializeMemory(as: UInt8.self, repeating: 7)
            }
            try transaction.commit()
        }
        let error = try #require(throws: KeyValueError.self) { try write() }
        #expect(error.code == .mapFull)
        try environment.grow(toMapByteCount: 4 << 20)
        try write()
        #expect(try value("k", in: environment)?.count == 1 << 20)
    }

    @Test func keySizesBeyondTheLimitAreRefused() throws {
        let environment = try Environment(creating: directory.path("a.lmdb"), mapByteCount: 1 << 20)
        for key in ["", String(repeating: "k", count: 512)] {
            var transaction = try environment.beginWrite()
            let error = #expect(throws: KeyValueError.self) {
                unsafe try transaction.reserve(key, byteCount: 1) { unsafe $0[0] = 0 }
            }
            #expect(error?.code == .valueSize)
        }
    }

    @Test(arguments: [
        ("missing/a.lmdb", KeyValueError.Code.pathMissing), ("missing.lmdb", .pathMissing), (".", .notAStore),
    ])
    func pathsThatCannotBeRead(name: String, code: KeyValueError.Code) throws {
        let error = #expect(throws: KeyValueError.self) {
            _ = try Environment(readingImmutable: directory.path(name))
        }
        #expect(error?.code == code)
    }

    @Test func creatingWhereNothingCanBeCreated() {
        let error = #expect(throws: KeyValueError.self) {
            _ = try Environment(creating: "/proc/foretaste.lmdb", mapByteCount: 1 << 20)
        }
        // Linux answers "no such file" for /proc; macOS has no such directory.
        #expect(error?.code == .pathMissing)
        #expect(error?.operation == .openEnvironment)
        #expect(error?.description.hasPrefix("/proc/foretaste.lmdb: openEnvironment failed: ") == true)
    }

    @Test(arguments: [
        (StoreOperation.begin, ENOMEM, KeyValueError.Code.other), (.reserve, ENOSPC, .diskFull),
        (.commit, EIO, .diskFullOrInputOutput), (.commit, ENOSPC, .diskFull), (.sync, EIO, .diskFullOrInputOutput),
        (.openEnvironment, EACCES, .permissionDenied), (.openEnvironment, EROFS, .readOnlyFileSystem),
        (.openTable, EIO, .other), (.setMapSize, EINVAL, .other), (.createEnvironment, ENOMEM, .other),
    ])
    func injectedFaultsBecomeTypedErrors(operation: StoreOperation, status: Int32, code: KeyValueError.Code) throws {
        let name = directory.path("\(operation.rawValue)-\(status).lmdb")
        // The table is opened inside the first transaction, so a fault of `begin` or `commit` shows at creation.
        let error = #expect(throws: KeyValueError.self) {
            let environment = try Environment(creating: name, mapByteCount: 1 << 20) { $0 == operation ? status : nil }
            var transaction = try environment.beginWrite()
            unsafe try transaction.reserve("k", byteCount: 1) { unsafe $0[0] = 0 }
            try transaction.commit()
            try environment.sync()
        }
        #expect(
            error
                == KeyValueError(
                    code: code, operation: operation, path: name, status: status, detail: error?.detail ?? ""))
        #expect(error?.remedy.isEmpty == false)
    }

    @Test func faultDuringReading() throws {
        try makeFile("a.lmdb")
        let environment = try Environment(readingImmutable: directory.path("a.lmdb")) {
            $0 == .get || $0 == .cursor ? EIO : nil
        }
        #expect(throws: KeyValueError.self) { try value("key1", in: environment) }
        #expect(throws: KeyValueError.self) { try keys(of: environment) }
    }

    @Test func twoBuildsOfTheSameValuesAreByteEqual() throws {
        try makeFile("a.lmdb")
        try makeFile("b.lmdb")
        #expect(try directory.bytes(of: "a.lmdb") == directory.bytes(of: "b.lmdb"))
    }
}
