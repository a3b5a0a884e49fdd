#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

// LMDB trusts its file: a wrong page number or node offset makes it read outside the map, and the process dies by a
// signal. A finished file may have been truncated or damaged on its way here, so its skeleton is walked before LMDB
// sees it: two meta pages, the pages of the one tree, and the header of every overflow run. The values are not read.
//
//     page header  0 number u64 | 8 pad u16 | 10 flags u16 | 12 lower u16, 14 upper u16  (overflow: 12 page count u32)
//     meta         16 + 0 magic u32 | 4 version u32 | 8 address | 16 map size | 24 free table | 72 main table |
//                  120 last page u64 | 128 transaction u64
//     table        0 page size u32 (free table only) | 4 flags u16 | 6 depth u16 | ... | 32 entries u64 | 40 root u64
//     node         0 lo u16 | 2 hi u16 | 4 flags u16 | 6 key size u16 | key | value, or u64 page number of its run
//
// A file with named tables has their records (48 bytes, as in the meta page) as values of nodes with flag 2, and its own list
// of free pages is a tree like the others; both are walked too where the file is one that is written while it is read.
//
// The numbers are those of LMDB 0.9 (data format version 1) on a 64-bit little-endian machine.

#if _endian(big)
    #error("The file format is little-endian")
#endif

/// What the walk found.
struct StoreFileFacts {
    let byteCount: Int
    let pageByteCount: Int
}

struct StoreFileCheck {
    /// Which trees a file may have, and which of them are walked.
    enum Tables {
        /// The main table only, whole.
        case one
        /// Named tables: the main table, and the root of every named one.
        case roots
        /// Named tables, whole, and the list of free pages.
        case all
    }

    private static let magic: UInt32 = 0xBEEF_C0DE
    private static let dataVersion: UInt32 = 1
    private static let headerByteCount = 16
    private static let branchFlag: UInt16 = 1
    private static let leafFlag: UInt16 = 2
    private static let namedTableFlag: UInt16 = 2
    private static let tableRecordByteCount = 48
    private static let overflowFlag: UInt16 = 4
    private static let metaFlag: UInt16 = 8
    private static let fixedMapFlag: UInt16 = 1
    private static let noPage = UInt64.max
    /// `CURSOR_STACK` of LMDB.
    private static let maximumDepth = 32
    /// `MDB_MAXKEYSIZE` of LMDB.
    private static let maximumKeyByteCount = 511
    /// LMDB takes the machine's page size, at most 64 KiB.
    private static let pageByteCounts = [4096, 8192, 16384, 32768, 65536]

    private let path: String
    private let descriptor: Int32
    private let byteCount: Int
    private let tables: Tables
    private var pageByteCount = 0
    private var pageLimit: UInt64 = 0
    private var visitedCount: UInt64 = 0

    /// Reads the skeleton of the file at `path`: as many pages as the tree has and one per long value.
    @discardableResult
    static func run(path: String, tables: Tables = .one) throws(KeyValueError) -> StoreFileFacts {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw KeyValueError(status: errno, operation: .check, path: path) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw KeyValueError(status: errno, operation: .check, path: path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw KeyValueError(code: .notAStore, operation: .check, path: path, detail: "not a regular file")
        }
        var check = StoreFileCheck(
            path: path, descriptor: descriptor, byteCount: Int(status.st_size), tables: tables)
        let meta = try check.checkMetaPages()
        if meta.root != noPage { try check.walk(meta.root, depth: 1, isMain: true) }
        if tables == .all && meta.freeRoot != noPage { try check.walk(meta.freeRoot, depth: 1, isMain: false) }
        return StoreFileFacts(byteCount: check.byteCount, pageByteCount: check.pageByteCount)
    }

    private init(path: String, descriptor: Int32, byteCount: Int, tables: Tables) {
        self.tables = tables
        self.path = path
        self.descriptor = descriptor
        self.byteCount = byteCount
    }

    // MARK: Meta pages

    private struct Meta {
        let pageByteCount: Int
        let lastPage: UInt64
        let transaction: UInt64
        let root: UInt64
        let freeRoot: UInt64
    }

    /// The newer of the two meta pages, as LMDB chooses.
    private mutating func checkMetaPages() throws(KeyValueError) -> Meta {
        let first = try meta(at: 0)
        let second = try meta(at: first.pageByteCount)
        guard first.pageByteCount == second.pageByteCount else {
            throw damaged("the page sizes of the meta pages differ")
        }
        let newest = first.transaction < second.transaction ? second : first
        pageByteCount = newest.pageByteCount
        pageLimit = UInt64(byteCount / pageByteCount)
        guard newest.lastPage < pageLimit else {
            let (needed, overflow) = newest.lastPage.multipliedReportingOverflow(by: UInt64(pageByteCount))
            let expected =
                overflow
                ? "an impossible number of" : "\(needed.addingReportingOverflow(UInt64(pageByteCount)).partialValue)"
            throw KeyValueError(
                code: .truncated, operation: .check, path: path,
                detail: "expected \(expected) bytes, found \(byteCount)")
        }
        pageLimit = newest.lastPage + 1
        return newest
    }

    private func meta(at offset: Int) throws(KeyValueError) -> Meta {
        let page = try read(at: UInt64(offset), count: Self.headerByteCount + 136)
        guard page.u32(16) == Self.magic, page.u16(10) & Self.metaFlag != 0 else {
            throw KeyValueError(
                code: offset == 0 ? .notAStore : .corrupted, operation: .check, path: path,
                detail: "no LMDB header at byte \(offset)")
        }
        guard page.u32(20) == Self.dataVersion else {
            throw KeyValueError(
                code: .storeVersion, operation: .check, path: path,
                detail: "expected LMDB data version \(Self.dataVersion), found \(page.u32(20))")
        }
        let pageByteCount = Int(page.u32(40))
        guard Self.pageByteCounts.contains(pageByteCount) else { throw damaged("page size \(pageByteCount)") }
        guard page.u16(44) & Self.fixedMapFlag == 0, page.u16(92) == 0 else { throw damaged("unexpected table flags") }
        guard Int(page.u16(94)) <= Self.maximumDepth else { throw damaged("tree depth \(page.u16(94))") }
        return Meta(
            pageByteCount: pageByteCount, lastPage: page.u64(136), transaction: page.u64(144), root: page.u64(128),
            freeRoot: page.u64(80))
    }

    // MARK: The tree

    private mutating func walk(_ number: UInt64, depth: Int, isMain: Bool) throws(KeyValueError) {
        visitedCount += 1
        guard depth <= Self.maximumDepth, visitedCount <= pageLimit else { throw damaged("the tree has a circle") }
        let page = try readPage(number, count: pageByteCount)
        let flags = page.u16(10)
        guard flags == Self.branchFlag || flags == Self.leafFlag else {
            throw damaged("page \(number) has flags \(flags)")
        }
        let lower = Int(page.u16(12))
        let upper = Int(page.u16(14))
        guard lower >= Self.headerByteCount, lower % 2 == 0, lower <= upper, upper <= pageByteCount else {
            throw damaged("page \(number) has bounds \(lower) and \(upper)")
        }
        let nodeCount = (lower - Self.headerByteCount) / 2
        // LMDB asserts that a branch has two children.
        guard nodeCount >= (flags == Self.branchFlag ? 2 : 1) else {
            throw damaged("page \(number) has \(nodeCount) entries")
        }
        for node in 0..<nodeCount {
            let offset = Int(page.u16(Self.headerByteCount + 2 * node))
            guard offset >= upper, offset % 2 == 0, offset + 8 <= pageByteCount else {
                throw damaged("page \(number), entry \(node) lies at \(offset)")
            }
            if flags == Self.branchFlag {
                try walk(try child(of: page, at: offset), depth: depth + 1, isMain: isMain)
            } else {
                try checkLeafNode(page, at: offset, isMain: isMain)
            }
        }
    }

    private func child(of page: PageBytes, at offset: Int) throws(KeyValueError) -> UInt64 {
        guard offset + 8 + Int(page.u16(offset + 6)) <= pageByteCount else { throw damaged("a key leaves its page") }
        return UInt64(page.u16(offset)) | UInt64(page.u16(offset + 2)) << 16 | UInt64(page.u16(offset + 4)) << 32
    }

    private mutating func checkLeafNode(_ page: PageBytes, at offset: Int, isMain: Bool) throws(KeyValueError) {
        let valueByteCount = Int(page.u16(offset)) | Int(page.u16(offset + 2)) << 16
        let flags = page.u16(offset + 4)
        let keyByteCount = Int(page.u16(offset + 6))
        let isTable = isMain && tables != .one && flags == Self.namedTableFlag
        guard (1...Self.maximumKeyByteCount).contains(keyByteCount), flags <= 1 || isTable else {
            throw damaged("an entry has \(keyByteCount) key bytes and flags \(flags)")
        }
        let valueOffset = offset + 8 + keyByteCount
        let inlineByteCount = flags == 1 ? 8 : valueByteCount
        guard valueOffset + inlineByteCount <= pageByteCount else { throw damaged("an entry leaves its page") }
        if flags == 1 { try checkRun(page.u64(valueOffset), valueByteCount: valueByteCount) }
        if isTable { try checkTable(page, at: valueOffset, byteCount: valueByteCount) }
    }

    private mutating func checkTable(_ page: PageBytes, at offset: Int, byteCount: Int) throws(KeyValueError) {
        guard byteCount == Self.tableRecordByteCount, page.u16(offset + 4) == 0 else {
            throw damaged("a table's record has \(byteCount) bytes and flags \(page.u16(offset + 4))")
        }
        let root = page.u64(offset + 40)
        guard root != Self.noPage else { return }
        if tables == .all { return try walk(root, depth: 1, isMain: false) }
        let flags = try readPage(root, count: Self.headerByteCount).u16(10)
        guard flags == Self.branchFlag || flags == Self.leafFlag else {
            throw damaged("page \(root) has flags \(flags)")
        }
    }

    private func checkRun(_ number: UInt64, valueByteCount: Int) throws(KeyValueError) {
        let header = try readPage(number, count: Self.headerByteCount)
        let runLength = UInt64(header.u32(12))
        guard header.u16(10) == Self.overflowFlag, runLength > 0, runLength <= pageLimit - number else {
            throw damaged("the long value at page \(number) has flags \(header.u16(10)) and \(runLength) pages")
        }
        guard Int(runLength) * pageByteCount - Self.headerByteCount >= valueByteCount else {
            throw damaged("the long value at page \(number) is longer than its \(runLength) pages")
        }
    }

    // MARK: Reading

    private func readPage(_ number: UInt64, count: Int) throws(KeyValueError) -> PageBytes {
        guard number >= 2, number < pageLimit else { throw damaged("page number \(number) of \(pageLimit)") }
        let page = try read(at: number * UInt64(pageByteCount), count: count)
        guard page.u64(0) == number else { throw damaged("page \(number) calls itself \(page.u64(0))") }
        return page
    }

    private func read(at offset: UInt64, count: Int) throws(KeyValueError) -> PageBytes {
        var bytes = [UInt8](repeating: 0, count: count)
        let readCount = unsafe pread(descriptor, &bytes, count, off_t(offset))
        guard readCount >= 0 else { throw KeyValueError(status: errno, operation: .check, path: path) }
        guard readCount == count else {
            throw KeyValueError(
                code: byteCount < count ? .notAStore : .truncated, operation: .check, path: path,
                detail: "expected \(count) bytes at \(offset), found \(readCount)")
        }
        return PageBytes(bytes: bytes)
    }

    private func damaged(_ detail: String) -> KeyValueError {
        KeyValueError(code: .corrupted, operation: .check, path: path, detail: detail)
    }
}

/// Little-endian numbers at any offset, bounds-checked by the array.
private struct PageBytes {
    let bytes: [UInt8]

    func u16(_ offset: Int) -> UInt16 { UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8 }
    func u32(_ offset: Int) -> UInt32 { UInt32(u16(offset)) | UInt32(u16(offset + 2)) << 16 }
    func u64(_ offset: Int) -> UInt64 { UInt64(u32(offset)) | UInt64(u32(offset + 4)) << 32 }
}
