import Foundation
import Interactions

/// A file that lives as long as this value.
struct TemporaryFile: ~Copyable {
    let path: String

    init(_ bytes: [UInt8], name: String = "rows.csv") throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("foretaste-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent(name)
        try Data(bytes).write(to: file)
        path = file.path
    }

    init(_ text: String, name: String = "rows.csv") throws { try self.init(Array(text.utf8), name: name) }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent)
        } catch {
            print("could not remove \(path): \(error)")
        }
    }

    var folder: String { (path as NSString).deletingLastPathComponent }
}

/// Gzip written here, without zlib: stored blocks (RFC 1951, 3.2.4) in a member (RFC 1952).
enum StoredGzip {
    static func member(_ bytes: [UInt8], blockByteCount: Int = 60_000) -> [UInt8] {
        var out: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
        var position = 0
        repeat {
            let count = min(blockByteCount, bytes.count - position)
            let isLast = position + count == bytes.count
            out += [
                isLast ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8 & 255),
            ]
            out += bytes[position..<(position + count)]
            position += count
        } while position < bytes.count
        for value in [crc32(bytes), UInt32(bytes.count)] {
            for shift in stride(from: 0, to: 32, by: 8) {
                out.append(UInt8(truncatingIfNeeded: value >> UInt32(shift)))
            }
        }
        return out
    }

    /// Bit by bit, after RFC 1952, section 8.
    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xffff_ffff
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? 0xedb8_8320 ^ crc >> 1 : crc >> 1 }
        }
        return ~crc
    }
}

/// A row of a log, spelled out.
struct Row: Equatable, CustomStringConvertible {
    var user: String
    var item: String
    var time: Int64
    var value: Float?
    var type: String

    init(_ user: String, _ item: String, _ time: Int64 = 0, _ value: Float? = nil, _ type: String = "view") {
        self.user = user
        self.item = item
        self.time = time
        self.value = value
        self.type = type
    }

    var description: String { "\(user) \(item) \(time) \(value.map { "\($0)" } ?? "-") \(type)" }
}

extension InteractionLog {
    var rows: [Row] {
        (0..<count).map { row in
            Row(
                users.id(at: Int(userIndexes[row])), items.id(at: Int(itemIndexes[row])), times[row],
                values[row].isNaN ? nil : values[row], eventTypes[Int(eventTypeIndexes[row])])
        }
    }
}

/// Reads `bytes` as a file of interactions.
func readRows(
    _ bytes: [UInt8], name: String = "rows.csv", options: SourceOptions = SourceOptions(), eventType: String? = nil
) throws -> (log: InteractionLog, report: ReadReport) {
    let file = try TemporaryFile(bytes, name: name)
    return try InteractionReader.read(path: file.path, options: options, eventType: eventType)
}

func readRows(
    _ text: String, name: String = "rows.csv", options: SourceOptions = SourceOptions(), eventType: String? = nil
) throws -> (log: InteractionLog, report: ReadReport) {
    try readRows(Array(text.utf8), name: name, options: options, eventType: eventType)
}

/// The error that reading `bytes` ends with.
func readError(
    _ bytes: [UInt8], name: String = "rows.csv", options: SourceOptions = SourceOptions(), eventType: String? = nil
) throws -> ReadError? {
    let file = try TemporaryFile(bytes, name: name)
    do throws(ReadError) {
        _ = try InteractionReader.read(path: file.path, options: options, eventType: eventType)
        return nil
    } catch {
        return error
    }
}

func readError(
    _ text: String, name: String = "rows.csv", options: SourceOptions = SourceOptions(), eventType: String? = nil
) throws -> ReadError? {
    try readError(Array(text.utf8), name: name, options: options, eventType: eventType)
}

/// Bears any number of bad rows.
func lenient(_ format: FileFormat? = nil, _ columns: ColumnMapping = .none) -> SourceOptions {
    SourceOptions(format: format, columns: columns, maxBadRows: .share(1))
}
