/// What a file is by its first bytes, where it is no text with rows.
enum FileKind: CaseIterable {
    case parquet, arrow, feather, zip, pickle, sqlite, hdf5, pdf, oldExcel, numpy, orc, avro, bzip2, xz, sevenZip
    case arrowStream, tar, rObject, stata, image, lz4, program, javaObject
    case webPage, largeFilePointer, xml, richText
    /// No text, and nothing that is known by its first bytes.
    case binary

    /// Enough to tell all kinds by.
    static let byteCount = 1024

    /// Nil for what may be text with rows.
    static func of(_ bytes: ArraySlice<UInt8>) -> FileKind? {
        if let kind = allCases.first(where: { kind in kind.magic.contains { bytes.starts(with: $0) } }) { return kind }
        // A stream of Python's pickle: PROTO, a version, and the end or an opcode.
        if bytes.count > 2, bytes[bytes.startIndex] == 0x80, (2...5).contains(bytes[bytes.startIndex + 1]) {
            return .pickle
        }
        // An archive of tar tells itself in its first header of 512 bytes.
        if bytes.count > 262, bytes.dropFirst(257).starts(with: Array("ustar".utf8)) { return .tar }
        // ORC has no other sign; text goes on with text.
        if bytes.count > 3, bytes.starts(with: Array("ORC".utf8)), isControl(bytes[bytes.startIndex + 3]) {
            return .orc
        }
        var text = bytes.prefix(512)
        if text.starts(with: [0xef, 0xbb, 0xbf]) { text = text.dropFirst(3) }
        let begin = String(decoding: text.drop { $0 <= 0x20 }.prefix(64), as: UTF8.self).lowercased()
        if begin.hasPrefix("<!doctype html") || begin.hasPrefix("<html") || begin.hasPrefix("<head") { return .webPage }
        if begin.hasPrefix("<?xml") { return .xml }
        if begin.hasPrefix("version https://git-lfs") { return .largeFilePointer }
        if begin.hasPrefix("{\\rtf") { return .richText }
        return isBinary(bytes.prefix(byteCount)) ? .binary : nil
    }

    /// Text has no controls but tabs and ends of lines, or a few by mistake. Every other byte of UTF-16 may be 0, which is told
    /// elsewhere.
    private static func isBinary(_ bytes: ArraySlice<UInt8>) -> Bool {
        let controls = bytes.count { isControl($0) }
        guard 10 * controls > bytes.count, controls >= leastControlCount else { return false }
        return !isWide(bytes)
    }

    private static let leastControlCount = 4

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x09 && byte != 0x0a && byte != 0x0d
    }

    /// UTF-16: a byte order mark, or zeros in all even places or in all odd ones alone.
    private static func isWide(_ bytes: ArraySlice<UInt8>) -> Bool {
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) { return true }
        var zeros = [0, 0]
        for (place, byte) in bytes.enumerated() where byte == 0 { zeros[place % 2] += 1 }
        // A few letters of other scripts have a zero in the other place.
        return 4 * max(zeros[0], zeros[1]) > bytes.count && 4 * min(zeros[0], zeros[1]) < max(zeros[0], zeros[1])
    }

    private var magic: [[UInt8]] {
        switch self {
        case .parquet: [Array("PAR1".utf8)]
        case .arrow: [Array("ARROW1".utf8)]
        case .feather: [Array("FEA1".utf8)]
        case .zip: [[0x50, 0x4b, 3, 4], [0x50, 0x4b, 5, 6]]
        case .sqlite: [Array("SQLite format 3".utf8)]
        case .hdf5: [[0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a]]
        case .pdf: [Array("%PDF-".utf8)]
        case .oldExcel: [[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]]
        case .numpy: [[0x93] + Array("NUMPY".utf8)]
        case .arrowStream: [[0xff, 0xff, 0xff, 0xff]]
        case .rObject:
            ["RDX2\n", "RDX3\n", "RDA2\n", "RDA3\n"].map { Array($0.utf8) } + [[0x58, 0x0a, 0, 0, 0]]
        case .stata: [Array("<stata_dta>".utf8)]
        case .image: [[0x89, 0x50, 0x4e, 0x47], [0xff, 0xd8, 0xff], Array("GIF8".utf8)]
        case .lz4: [[4, 0x22, 0x4d, 0x18]]
        case .program: [[0x7f, 0x45, 0x4c, 0x46], [0xcf, 0xfa, 0xed, 0xfe]]
        case .javaObject: [[0xac, 0xed, 0, 5]]
        case .avro: [Array("Obj".utf8) + [1]]
        case .bzip2: (1...9).map { Array("BZh\($0)1AY".utf8) }
        case .xz: [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]]
        case .sevenZip: [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]]
        case .pickle, .tar, .orc, .webPage, .largeFilePointer, .xml, .richText, .binary: []
        }
    }

    private var name: String {
        switch self {
        case .parquet: "a Parquet file"
        case .arrow, .feather: "a Feather (Arrow) file"
        case .zip: "a zip archive"
        case .pickle: "a Python pickle"
        case .sqlite: "a SQLite database"
        case .hdf5: "an HDF5 file"
        case .pdf: "a PDF document"
        case .arrowStream: "a stream of Arrow"
        case .tar: "an archive of tar"
        case .rObject: "an object of R (.rds, .RData)"
        case .stata: "a file of Stata"
        case .image: "an image"
        case .lz4: "a file compressed by lz4"
        case .program: "a program"
        case .javaObject: "an object of Java"
        case .binary: "bytes that are no text, in no form that is known here"
        case .oldExcel: "a workbook of an old Excel (.xls)"
        case .numpy: "a NumPy array"
        case .orc: "an ORC file"
        case .avro: "an Avro file"
        case .bzip2: "a file compressed by bzip2"
        case .xz: "a file compressed by xz"
        case .sevenZip: "a 7-Zip archive"
        case .webPage: "a web page"
        case .largeFilePointer: "a pointer of Git LFS, not the file itself"
        case .xml: "an XML document"
        case .richText: "a Rich Text document"
        }
    }

    private func remedy(_ path: String) -> String {
        let stem = path.split(separator: "/").last.map { $0.prefix { $0 != "." } }.map(String.init) ?? "rows"
        func pandas(_ reader: String) -> String {
            "Convert it: python3 -c 'import pandas; pandas.\(reader)(\"\(path)\").to_csv(\"\(stem).csv\", index=False)'"
        }
        switch self {
        case .parquet, .arrowStream, .arrow, .feather: return "Convert it: Tools/convert-parquet \(path) \(stem).csv.gz"
        case .zip: return "Unpack it: unzip -p \(path) NAME.csv > NAME.csv (unzip -l \(path) lists the names)."
        case .pickle: return pandas("read_pickle") + " (only one that you trust: opening a pickle runs what is in it)."
        case .sqlite: return "Export a table: sqlite3 -header -csv \(path) 'select * from TABLE' > \(stem).csv"
        case .hdf5: return pandas("read_hdf")
        case .stata: return pandas("read_stata")
        case .tar: return "Unpack it: tar -xf \(path) (tar -tf \(path) lists the names)."
        case .rObject: return "Convert it in R: write.csv(readRDS(\"\(path)\"), \"\(stem).csv\", row.names=FALSE)"
        case .lz4: return "Unpack it: lz4 -dk \(path)"
        case .image, .program, .javaObject, .binary:
            return "Check that it is the file that is meant, and export its rows as CSV."
        case .pdf, .richText: return "Save its table as CSV in the program it comes from."
        case .oldExcel: return "Save it as .xlsx or CSV, or: soffice --convert-to csv \(path)"
        case .numpy: return "Rows with names are read from CSV, TSV or JSON Lines; arrays only by options for vectors."
        case .orc: return pandas("read_orc")
        case .avro: return "Convert it to JSON Lines: avro cat \(path) > \(stem).jsonl"
        case .bzip2: return "Unpack it: bunzip2 -k \(path)"
        case .xz: return "Unpack it: xz -dk \(path)"
        case .sevenZip: return "Unpack it: 7z x \(path)"
        case .webPage:
            return "The download gave a page, perhaps of an error or a login, in place of the file: fetch it again."
        case .largeFilePointer: return "Fetch the file itself: git lfs pull"
        case .xml: return "Save it as CSV in the program it comes from."
        }
    }

    func error(path: String) -> ReadError {
        ReadError(
            .unsupportedFile, operation: "read the file", path: path,
            expected: "CSV, TSV, JSON Lines or a JSON array, plain or compressed by gzip or zstd, or an .xlsx workbook",
            found: name, remedy: remedy(path))
    }
}
