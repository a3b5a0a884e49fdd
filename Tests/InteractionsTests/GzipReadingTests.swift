import Interactions
import Testing

struct GzipReadingTests {
    private let text = "userId,itemId\nu1,i1\nu2,i2\n"

    /// `printf 'userId,itemId\nu1,i1\nu2,i2\n' | gzip -9n`
    private let compressed: [UInt8] = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2b, 0x2d, 0x4e, 0x2d, 0xf2, 0x4c, 0xd1, 0xc9,
        0x2c, 0x49, 0xcd, 0xf5, 0x4c, 0xe1, 0x2a, 0x35, 0xd4, 0xc9, 0x34, 0xe4, 0x2a, 0x35, 0xd2, 0xc9, 0x34, 0xe2,
        0x02, 0x00, 0x55, 0x33, 0x06, 0x0c, 0x1a, 0x00, 0x00, 0x00,
    ]

    @Test func readsWhatGzipWrote() throws {
        let (log, report) = try readRows(compressed, name: "rows.data")
        #expect(log.rows == [Row("u1", "i1", 0), Row("u2", "i2", 1)])
        #expect(
            report.fingerprint == SourceFingerprint(byteCount: compressed.count, crc32: StoredGzip.crc32(compressed)))
    }

    @Test func detectsByContentNotByName() throws {
        #expect(try readRows(StoredGzip.member(Array(text.utf8)), name: "rows.csv").log.count == 2)
        #expect(try readRows(text, name: "rows.csv.gz").log.count == 2)
    }

    @Test func concatenatedMembers() throws {
        let bytes = Array(text.utf8)
        var gzip: [UInt8] = []
        for part in [bytes[..<17], bytes[17..<17], bytes[17...]] { gzip += StoredGzip.member(Array(part)) }
        #expect(try readRows(gzip).log.rows == [Row("u1", "i1", 0), Row("u2", "i2", 1)])
        // Zeros at the end are padding, as on tape.
        #expect(try readRows(gzip + Array(repeating: 0, count: 300_000)).log.count == 2)
    }

    @Test func largerThanEveryBuffer() throws {
        var rows = Array("userId,itemId\n".utf8)
        for row in 0..<200_000 { rows += Array("user\(row % 1000),item\(row % 77)\n".utf8) }
        // The members' borders fall inside chunks, rows and buffers.
        let half = rows.count / 2 + 3
        let (log, report) = try readRows(
            StoredGzip.member(Array(rows[..<half])) + StoredGzip.member(Array(rows[half...]), blockByteCount: 1234))
        #expect(report.rowCount == 200_000 && report.badRows.total == 0)
        #expect(log.users.count == 1000 && log.items.count == 77)
    }

    @Test func everyTruncationIsNoticed() throws {
        for count in 2..<compressed.count {
            let error = try readError(Array(compressed.prefix(count)))
            #expect(error?.code == .truncatedGzip, "cut to \(count) bytes")
        }
        #expect(
            try readError(Array(compressed.prefix(20)))?.remedy == "The file was cut off: fetch or compress it again.")
    }

    @Test func truncationInTheSecondMember() throws {
        let gzip = StoredGzip.member(Array(text.utf8))
        #expect(try readError(gzip + gzip.prefix(1))?.code == .truncatedGzip)
        #expect(try readError(gzip + gzip.dropLast(3))?.code == .truncatedGzip)
    }

    @Test func damageIsNoticed() throws {
        var damaged = StoredGzip.member(Array(text.utf8))
        damaged[20] ^= 1
        #expect(try readError(damaged)?.code == .corruptGzip)
        #expect(try readError(compressed + Array("rubbish".utf8))?.code == .corruptGzip)
    }
}
