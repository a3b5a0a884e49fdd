internal import KeyValueStore

/// A block whose header agrees with the manifest. The payload lives as long as the environment.
@safe struct SectionBlock {
    let record: SectionRecord
    let payload: UnsafeRawBufferPointer

    /// Aligned to 64 bytes and never empty memory: a block without elements points at its end.
    func elements<Element>(as type: Element.Type) -> UnsafeBufferPointer<Element> {
        unsafe payload.assumingMemoryBound(to: Element.self)
    }

    var rowRange: Range<Int> { record.firstRow..<record.firstRow + record.rowCount }
}

/// Finds and checks the sections of an open file: everything that is needed to use their memory without further
/// checks, and nothing that reads all of it.
struct SectionReader {
    let manifest: IndexManifest
    /// In bytes, of the manifest's own text.
    let manifestByteCount: Int
    private let blocks: [SectionName: [SectionBlock]]
    private let path: String

    private static let operation = "open"

    init(_ environment: Environment) throws(IndexError) {
        path = environment.path
        let transaction: ReadTransaction
        do throws(KeyValueError) {
            transaction = try environment.beginRead()
        } catch {
            throw IndexError(error, operation: Self.operation)
        }
        let text = try Self.manifestText(transaction, path: environment.path)
        manifestByteCount = text.count
        manifest = try Self.decodeManifest(text, path: environment.path)
        blocks = try Self.resolve(manifest.sections, transaction, path: environment.path)
    }

    /// The blocks of a section, which cover the rows 0 to `rowCount` without gaps.
    func blocks(of name: SectionName, rowCount: Int) throws(IndexError) -> [SectionBlock] {
        guard let found = blocks[name] else {
            throw IndexError(
                .missingSection, operation: Self.operation, path: path, expected: "the section \(name.rawValue)",
                found: "none")
        }
        var nextRow = 0
        for (number, block) in found.enumerated() {
            guard block.record.block == number, block.record.firstRow == nextRow,
                block.record.columnCount == found[0].record.columnCount
            else {
                throw damaged(name, expected: "block \(number) from row \(nextRow)", found: "\(block.record)")
            }
            nextRow += block.record.rowCount
        }
        guard nextRow == rowCount else { throw damaged(name, expected: "\(rowCount) rows", found: "\(nextRow)") }
        return found
    }

    /// Whether the index has any section of a part; reading the part then refuses an index that lacks another of it.
    func has(_ part: OptionalPart) -> Bool { part.sections.contains { blocks[$0] != nil } }

    /// The only block of a section of one number per row.
    func numbers<Element>(
        of name: SectionName, as type: Element.Type, count: Int
    ) throws(IndexError) -> UnsafeBufferPointer<Element> {
        let found = try blocks(of: name, rowCount: count)
        guard found.count == 1, found[0].record.columnCount == 1 else {
            throw damaged(name, expected: "one block of one column", found: "\(found.count) blocks")
        }
        return unsafe found[0].elements(as: Element.self)
    }

    func damaged(_ name: SectionName, expected: String, found: String) -> IndexError {
        IndexError(
            .damaged, operation: "\(Self.operation) section \(name.rawValue)", path: path, expected: expected,
            found: found)
    }

    /// As the manifest has it; 0 where there is no such section.
    func rowCount(of name: SectionName) -> Int {
        manifest.sections.reduce(0) { $0 + ($1.name == name ? $1.rowCount : 0) }
    }

    /// Every block, section by section.
    var allBlocks: [SectionBlock] { SectionName.allCases.flatMap { blocks[$0] ?? [] } }

    // MARK: The manifest

    private static func manifestText(
        _ transaction: borrowing ReadTransaction, path: String
    ) throws(IndexError) -> [UInt8] {
        let key = SectionName.manifest.key(block: 0)
        let found: UnsafeRawBufferPointer?
        do throws(KeyValueError) {
            unsafe found = try transaction.lastingValue(of: key)
        } catch {
            throw IndexError(error, operation: operation)
        }
        guard let value = unsafe found, value.count >= IndexFormat.headerByteCount,
            unsafe value.load(as: UInt32.self) == IndexFormat.magic
        else {
            throw IndexError(
                .notAnIndex, operation: operation, path: path, expected: "an index's manifest", found: "none")
        }
        let version = unsafe value.load(fromByteOffset: 4, as: UInt16.self)
        guard version == IndexFormat.version else {
            throw IndexError(
                .formatVersion, operation: operation, path: path,
                expected:
                    "format version \(IndexFormat.version), which this program reads; build the index again with `foretaste build`",
                found: "version \(version)")
        }
        let byteCount = unsafe value.load(fromByteOffset: 32, as: UInt64.self)
        guard byteCount <= UInt64(value.count - IndexFormat.headerByteCount) else {
            throw corrupt(path, "a manifest of at most \(value.count) bytes", "\(byteCount)")
        }
        let payload = unsafe UnsafeRawBufferPointer(
            rebasing: value[IndexFormat.headerByteCount..<IndexFormat.headerByteCount + Int(byteCount)])
        let record = unsafe SectionRecord(
            name: .manifest, block: 0, firstRow: 0, rowCount: 1, columnCount: payload.count,
            payloadByteCount: payload.count, checksum: Checksum.of(payload))
        guard unsafe record.agrees(withHeader: value) else {
            throw corrupt(path, "the checksum of the manifest's text", "another in its header")
        }
        return unsafe [UInt8](payload)
    }

    private static func decodeManifest(_ text: [UInt8], path: String) throws(IndexError) -> IndexManifest {
        do throws(ManifestFault) {
            let manifest = try IndexManifest(decoding: text)
            guard manifest.formatVersion == Int(IndexFormat.version) else {
                throw ManifestFault(line: 1, text: "format version \(manifest.formatVersion)")
            }
            return manifest
        } catch {
            throw corrupt(path, "a line this program understands", "line \(error.line): \(error.text)")
        }
    }

    private static func corrupt(_ path: String, _ expected: String, _ found: String) -> IndexError {
        IndexError(.corruptManifest, operation: operation, path: path, expected: expected, found: found)
    }

    // MARK: The other sections

    private static func resolve(
        _ records: [SectionRecord], _ transaction: borrowing ReadTransaction, path: String
    ) throws(IndexError) -> [SectionName: [SectionBlock]] {
        var blocks: [SectionName: [SectionBlock]] = [:]
        for record in records {
            let found: UnsafeRawBufferPointer?
            do throws(KeyValueError) {
                unsafe found = try transaction.lastingValue(of: record.key)
            } catch {
                throw IndexError(error, operation: operation)
            }
            guard let value = unsafe found else {
                throw IndexError(
                    .missingSection, operation: operation, path: path, expected: "the section \(record.key)",
                    found: "none")
            }
            unsafe blocks[record.name, default: []].append(try block(record, value, path: path))
        }
        return blocks
    }

    private static func block(
        _ record: SectionRecord, _ value: UnsafeRawBufferPointer, path: String
    ) throws(IndexError) -> SectionBlock {
        func damaged(_ expected: String, _ found: String) -> IndexError {
            IndexError(
                .damaged, operation: "\(operation) section \(record.key)", path: path, expected: expected, found: found)
        }
        guard unsafe record.agrees(withHeader: value) else {
            throw damaged("the header that the manifest has", "another")
        }
        guard record.payloadByteCount <= value.count - IndexFormat.headerByteCount else {
            throw damaged("\(record.payloadByteCount) bytes", "\(value.count - IndexFormat.headerByteCount)")
        }
        guard record.hasPossibleSize else { throw damaged("a size that fits its shape", "\(record)") }
        let payload = unsafe UnsafeRawBufferPointer(
            rebasing: value[IndexFormat.headerByteCount..<IndexFormat.headerByteCount + record.payloadByteCount])
        guard Int(bitPattern: payload.baseAddress) % IndexFormat.payloadAlignment == 0 else {
            throw damaged("a payload aligned to \(IndexFormat.payloadAlignment) bytes", "an unaligned one")
        }
        return unsafe SectionBlock(record: record, payload: payload)
    }
}

extension SectionRecord {
    /// Whether the payload's length is what the layout demands; of a ragged section, that it is whole elements.
    fileprivate var hasPossibleSize: Bool {
        let width = name.elementType.byteCount
        // Bounds every sum and product below; nothing real comes near.
        let limit = Int(Int32.max) + 1
        guard rowCount <= limit, columnCount <= limit, firstRow <= limit else { return false }
        switch name.layout {
        case .offsets: return payloadByteCount == (rowCount + 1) * width
        case .ragged: return payloadByteCount % width == 0
        case .dense:
            let (elementCount, overflow) = rowCount.multipliedReportingOverflow(by: columnCount)
            return !overflow && payloadByteCount % width == 0 && payloadByteCount / width == elementCount
        }
    }
}
