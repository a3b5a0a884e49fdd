internal import KeyValueStore

/// Writes sections into a new file, one transaction each, so that the memory in use is one block's.
struct SectionWriter {
    private let environment: Environment
    private let blockByteLimit: Int
    private(set) var records: [SectionRecord] = []

    /// What is made for a block lies in memory beside what it is made of.
    private static let madeBlockByteLimit = 256 << 20

    init(environment: Environment, blockByteLimit: Int) {
        self.environment = environment
        self.blockByteLimit = blockByteLimit
    }

    /// One component of rows of different lengths.
    @safe struct RaggedComponent {
        let name: SectionName
        /// Of the matrix; 0 where a column means nothing.
        let columnCount: Int
        /// Lends the bytes of the elements in a range.
        let withBytes:
            (_ elements: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(IndexError) -> Void) throws(IndexError) ->
                Void

        init<Element>(_ name: SectionName, columnCount: Int = 0, _ elements: [Element]) {
            self.name = name
            self.columnCount = columnCount
            unsafe self.withBytes = { (range, body) throws(IndexError) in
                unsafe try elements.lendBytes(of: range, body)
            }
        }
    }

    /// Rows of different lengths: `offsets` and the components cut alike.
    mutating func writeRagged(
        _ offsetsName: SectionName, offsets: [Int], _ components: [RaggedComponent]
    ) throws(IndexError) {
        let widest = components.map { $0.name.elementType.byteCount }.max() ?? 1
        guard
            let blocks = RowBlockPlan.blocks(
                offsets: offsets, elementByteCount: widest, byteLimit: blockByteLimit)
        else { throw tooLong(offsetsName) }
        for (block, rows) in blocks.enumerated() {
            let elements = offsets[rows.lowerBound]..<offsets[rows.upperBound]
            let relative = offsets[rows.lowerBound...rows.upperBound].map { UInt64($0 - elements.lowerBound) }
            unsafe try relative.lendBytes(of: relative.indices) { bytes throws(IndexError) in
                unsafe try writeBlock(offsetsName, block: block, rows: rows, columnCount: 0, payload: bytes)
            }
            for component in components {
                unsafe try component.withBytes(elements) { bytes throws(IndexError) in
                    unsafe try writeBlock(
                        component.name, block: block, rows: rows, columnCount: component.columnCount, payload: bytes)
                }
            }
        }
    }

    /// Rows of different lengths that are made when their block is written.
    mutating func writeRows<Element>(
        _ offsetsName: SectionName, _ name: SectionName, offsets: [Int], _ elements: (Range<Int>) -> [Element]
    ) throws(IndexError) {
        guard
            let blocks = RowBlockPlan.blocks(
                offsets: offsets, elementByteCount: name.elementType.byteCount,
                byteLimit: min(blockByteLimit, Self.madeBlockByteLimit))
        else { throw tooLong(offsetsName) }
        for (block, rows) in blocks.enumerated() {
            let relative = offsets[rows.lowerBound...rows.upperBound].map { UInt64($0 - offsets[rows.lowerBound]) }
            unsafe try relative.lendBytes(of: relative.indices) { bytes throws(IndexError) in
                unsafe try writeBlock(offsetsName, block: block, rows: rows, columnCount: 0, payload: bytes)
            }
            let made = elements(rows)
            unsafe try made.lendBytes(of: made.indices) { bytes throws(IndexError) in
                unsafe try writeBlock(name, block: block, rows: rows, columnCount: 0, payload: bytes)
            }
        }
    }

    /// Rows of one length, row-major.
    mutating func writeDense<Element>(
        _ name: SectionName, rowCount: Int, columnCount: Int, _ elements: [Element]
    ) throws(IndexError) {
        let rowByteCount = columnCount * MemoryLayout<Element>.stride
        guard
            let blocks = RowBlockPlan.blocks(
                rowCount: rowCount, rowByteCount: rowByteCount, byteLimit: blockByteLimit)
        else { throw tooLong(name) }
        for (block, rows) in blocks.enumerated() {
            let range = rows.lowerBound * columnCount..<rows.upperBound * columnCount
            unsafe try elements.lendBytes(of: range) { bytes throws(IndexError) in
                unsafe try writeBlock(name, block: block, rows: rows, columnCount: columnCount, payload: bytes)
            }
        }
    }

    /// One number per item, always in one block: `IndexFormat.maximumItemCount` sees to it that it fits.
    mutating func writeItemNumbers<Element>(_ name: SectionName, _ numbers: [Element]) throws(IndexError) {
        unsafe try numbers.lendBytes(of: numbers.indices) { bytes throws(IndexError) in
            unsafe try writeBlock(name, block: 0, rows: 0..<numbers.count, columnCount: 1, payload: bytes)
        }
    }

    mutating func writeManifest(_ text: [UInt8]) throws(IndexError) {
        unsafe try text.lendBytes(of: text.indices) { bytes throws(IndexError) in
            unsafe try writeBlock(.manifest, block: 0, rows: 0..<1, columnCount: text.count, payload: bytes)
        }
    }

    private mutating func writeBlock(
        _ name: SectionName, block: Int, rows: Range<Int>, columnCount: Int, payload: UnsafeRawBufferPointer
    ) throws(IndexError) {
        let record = unsafe SectionRecord(
            name: name, block: block, firstRow: rows.lowerBound, rowCount: rows.count, columnCount: columnCount,
            payloadByteCount: payload.count, checksum: Checksum.of(payload))
        // A shorter value would be kept inside a tree page, where nothing is aligned.
        let byteCount = max(
            IndexFormat.headerByteCount + payload.count, environment.pageByteCount - IndexFormat.pageHeaderByteCount)
        do throws(KeyValueError) {
            var transaction = try environment.beginWrite()
            unsafe try transaction.reserve(record.key, byteCount: byteCount) { room in
                unsafe record.writeHeader(to: room)
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[IndexFormat.headerByteCount...])
                unsafe rest.copyMemory(from: payload)
                let padding = unsafe UnsafeMutableRawBufferPointer(rebasing: rest[payload.count...])
                unsafe padding.initializeMemory(as: UInt8.self, repeating: 0)
            }
            try transaction.commit()
        } catch {
            throw IndexError(error, operation: "write \(record.key)")
        }
        records.append(record)
    }

    private func tooLong(_ name: SectionName) -> IndexError {
        IndexError(
            .invalidContents, operation: "write \(name.rawValue)", path: environment.path,
            expected: "rows of at most \(blockByteLimit) bytes", found: "a longer row")
    }
}

extension Array {
    fileprivate func lendBytes(
        of range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(IndexError) -> Void
    ) throws(IndexError) {
        try unsafe withUnsafeBufferPointer { elements throws(IndexError) in
            unsafe try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: elements[range])))
        }
    }
}
