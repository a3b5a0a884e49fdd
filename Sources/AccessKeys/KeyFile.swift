import StoredFiles

// The file of keys: a line that says what it is, then a line for each key, its name last.
//
//     foretaste keys 1
//     4f1c9a7d2b3e read 2026-11-30T17:00:00Z $argon2id$v=19$m=8192,t=2,p=1$...$... shop backend
//     a07b11cc90de browser 2026-11-30T17:00:00Z hmac-sha256:6b1f... web shop

/// The keys of a server, in their order.
package struct KeyFile: Sendable {
    /// Far above what people can tell apart.
    package static let keyLimit = 1_000
    static let byteLimit = 1 << 20
    private static let head = "foretaste keys 1"

    package private(set) var records: [KeyRecord] = []

    package init() {}

    init(text: String, path: String) throws(KeyFileError) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first.map({ $0 == Self.head }) == true else { throw .notKeys(path: path) }
        if lines.last?.isEmpty == true { lines.removeLast() }
        var ids: Set<String> = []
        for (number, line) in lines.enumerated().dropFirst() {
            guard let record = KeyRecord(line: line), ids.insert(record.id).inserted, records.count < Self.keyLimit
            else {
                throw .badLine(path: path, line: number + 1)
            }
            records.append(record)
        }
    }

    /// - Throws: where it is missing, damaged, or can be read by others than its owner and group.
    package static func read(_ path: String) throws(KeyFileError) -> KeyFile {
        let bytes: [UInt8]
        do throws(FileError) {
            guard try FileSystem.isClosedToOthers(path) else {
                throw FileError(
                    .permissionDenied, operation: "trust", path: path,
                    expected: "a file that its owner writes and its owner and group read",
                    found: "one that others can read or write (chmod 600)")
            }
            bytes = try FileSystem.readFile(path, byteLimit: byteLimit)
        } catch {
            throw .file(error)
        }
        guard bytes.count < byteLimit, let text = String(validating: bytes, as: UTF8.self) else {
            throw .notKeys(path: path)
        }
        return try KeyFile(text: text, path: path)
    }

    /// In the place of what is there, readable by its owner alone, or by whom the file before it was.
    package func write(to path: String) throws(KeyFileError) {
        do throws(FileError) {
            var files = OutputFiles()
            try files.add(text, at: path, isPrivate: true)
            try files.publish()
        } catch {
            throw .file(error)
        }
    }

    /// Reads the file, or begins one where there is none, changes it and writes it; two that do so at once wait for each other.
    package static func change<Result>(
        _ path: String, _ change: (inout KeyFile) throws(KeyFileError) -> Result
    ) throws(KeyFileError) -> Result {
        let lock = try lock(path)
        let isThere: Bool
        do throws(FileError) { isThere = try FileSystem.kind(of: path) != .missing } catch { throw .file(error) }
        var file = isThere ? try read(path) : KeyFile()
        let result = try change(&file)
        try file.write(to: path)
        lock.release()
        return result
    }

    private static func lock(_ path: String) throws(KeyFileError) -> FileLock {
        do throws(FileError) {
            if let lock = try FileLock(path + ".lock", waiting: true) { return lock }
            throw FileError(.inputOutput, operation: "lock", path: path, expected: "the lock", found: "none")
        } catch {
            throw .file(error)
        }
    }

    package mutating func add(_ record: KeyRecord) throws(KeyFileError) {
        guard records.count < Self.keyLimit else { throw .full }
        records.append(record)
    }

    /// False where there is none.
    package mutating func remove(id: String) -> Bool {
        guard let place = records.firstIndex(where: { $0.id == id }) else { return false }
        records.remove(at: place)
        return true
    }

    package var text: String { ([Self.head] + records.map(\.line)).joined(separator: "\n") + "\n" }
}
