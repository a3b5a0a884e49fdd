/// What identifies a source file without keeping it.
package struct SourceFingerprint: Sendable, Equatable {
    /// Size of the file as it lies on disk, compressed or not.
    package let byteCount: Int
    /// CRC-32 (zlib's polynomial) of the same bytes.
    package let crc32: UInt32

    package init(byteCount: Int, crc32: UInt32) {
        self.byteCount = byteCount
        self.crc32 = crc32
    }
}

/// What came of reading a file.
package struct ReadReport: Sendable, Equatable {
    package private(set) var path: String
    package let format: FileFormat
    /// Data rows, good and bad; neither the header nor blank lines.
    package private(set) var rowCount: Int
    package private(set) var badRows: BadRowTally
    package let fingerprint: SourceFingerprint
    /// Which column of the file was taken for what, in the order of the roles: ("userId", "CustomerID").
    package internal(set) var columns: ColumnMapping

    /// How the times were read; nil where the file has none.
    package internal(set) var times: TimeReport?
    /// What was done with the rows that somebody may want to know.
    package internal(set) var notes: [String] = []
    /// What may be wrong though it could be read.
    package internal(set) var warnings: [String] = []
    /// Columns that nothing was read from.
    package internal(set) var unusedColumns: [String] = []

    /// The rows of several files together; the other members are those of the first. At least one.
    package static func together(_ reports: [ReadReport]) -> ReadReport {
        var report = reports[0]
        for other in reports.dropFirst() {
            report.rowCount += other.rowCount
            report.badRows.add(other.badRows)
        }
        if reports.count > 1 { report.path += " and \(reports.count - 1) more" }
        return report
    }

    /// The same where a column was taken for something that has another name here: a user's id, which is read as an item's.
    package func naming(_ old: String, as new: String) -> ReadReport {
        var report = self
        report.columns = ColumnMapping(
            columns.entries.map { .init(name: $0.name == old ? new : $0.name, column: $0.column) })
        return report
    }

    package var goodRowCount: Int { rowCount - badRows.total }
}

/// Called as a file is read, once a chunk, with the bytes read of the file as it lies on disk, and its size (0 where
/// it is not known, as for a pipe).
package typealias ReadProgress = (_ byteCount: Int, _ totalByteCount: Int) -> Void
