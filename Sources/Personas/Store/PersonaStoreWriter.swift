internal import KeyValueStore
package import StoredFiles

/// Writes a table of sums as a store: the rows, and what a query needs beside them.
package enum PersonaStoreWriter {
    /// Address space beyond the sections: tree pages and pages that transactions free.
    private static let mapSlackByteCount = 16 << 20
    /// Every section wastes at most two pages of up to 64 KiB.
    private static let sectionWasteByteCount = 128 << 10

    /// A whole store that does not have its name yet.
    package struct Staged {
        let partial: String
        let path: String

        package func open() throws(PersonaStoreError) -> PersonaStore { try PersonaStore(path: partial) }

        /// To be put in the place of the old one; maps of either stay good.
        package func file() throws(FileError) -> StagedFile { try StagedFile(adopting: partial, as: path) }
    }

    /// Writes into the directory, which is made where it is missing. Where this throws, or the process ends, the store that
    /// was there still is. The bytes depend on the table alone.
    package static func write(_ table: PersonaTable, toDirectory directory: String) throws(PersonaStoreError) {
        let staged = try stage(table, inDirectory: directory)
        do throws(FileError) {
            var files = OutputFiles()
            files.add(try staged.file())
            try files.publish()
        } catch {
            throw PersonaStoreError(error)
        }
    }

    package static func stage(
        _ table: PersonaTable, inDirectory directory: String
    ) throws(PersonaStoreError) -> Staged {
        let path = "\(directory)/\(PersonaFiles.storeName)"
        let partial = path + PersonaFiles.partialExtension
        do throws(FileError) {
            try FileSystem.makeDirectories(directory)
            // Of a run that was interrupted.
            try FileSystem.removeLeftover(partial)
            // The writer opens it by its name: made here, it is nobody else's.
            try FileSystem.create(partial, [])
        } catch {
            throw PersonaStoreError(error)
        }
        do throws(PersonaStoreError) {
            try write(table, to: partial)
        } catch {
            // The first error is the one to tell; what cannot be removed is the next run's.
            _ = Result { () throws(FileError) in try FileSystem.remove(partial) }
            throw error
        }
        return Staged(partial: partial, path: path)
    }

    private static func write(_ table: PersonaTable, to path: String) throws(PersonaStoreError) {
        let environment: Environment
        do throws(KeyValueError) {
            environment = try Environment(creating: path, mapByteCount: mapByteCount(table))
        } catch {
            throw PersonaStoreError(error, operation: "write")
        }
        var sections = PersonaSectionWriter(environment: environment)
        for weight in table.weights { sections.note("weight \(weight.eventType) \(weight.weight)") }
        try sections.write("users", table.userIds)
        try sections.write("genders", table.genders.map(\.rawValue))
        for dimension in PersonaDimension.allCases {
            let part = table[dimension]
            try sections.write("\(dimension.name).keys", part.keys)
            // Where every text is its own key, the keys serve as both.
            if part.texts != part.keys { try sections.write("\(dimension.name).texts", part.texts) }
            try sections.write(PersonaFormat.rows(dimension, "offsets"), offsets: part.rows.offsets)
            try sections.write(PersonaFormat.rows(dimension, "values"), part.rows.values)
            try sections.write(PersonaFormat.rows(dimension, "sums"), part.rows.sums)
            guard PersonaDimension.counted.contains(dimension) else { continue }
            let postings = PersonaPostings(part)
            try sections.write("\(dimension.name).totals", postings.totals)
            try sections.write("\(dimension.name).counts", postings.counts)
            guard PersonaDimension.scored.contains(dimension) else { continue }
            try sections.write(PersonaFormat.postings(dimension, "offsets"), offsets: postings.offsets)
            try sections.write(PersonaFormat.postings(dimension, "users"), postings.users)
            try sections.write(PersonaFormat.postings(dimension, "shares"), postings.shares)
        }
        try sections.write("items.attributes", table.attributes)
        try sections.write("items.titles", table.titles)
        try sections.finish()
    }

    private static func mapByteCount(_ table: PersonaTable) -> Int {
        var total = 8 * table.userCount + table.userIds.byteCount + table.titles.byteCount + 4 * table.attributes.count
        total += 8 * table.titles.count
        for dimension in PersonaDimension.allCases {
            let part = table[dimension]
            total += part.keys.byteCount + part.texts.byteCount + 32 * part.keys.count
            total += 4 * table.userCount + 16 * part.rows.values.count
        }
        return total + 100 * sectionWasteByteCount + mapSlackByteCount
    }
}

extension [String] {
    fileprivate var byteCount: Int { reduce(0) { $0 + $1.utf8.count } }
}

/// Puts arrays into a new file, one transaction each, and keeps the manifest.
struct PersonaSectionWriter {
    private let environment: Environment
    private var manifest = "\(PersonaFormat.signature) \(PersonaFormat.version)\n"

    init(environment: Environment) { self.environment = environment }

    mutating func note(_ line: String) { manifest += line + "\n" }

    mutating func write(_ name: String, _ texts: [String]) throws(PersonaStoreError) {
        var offsets: [Int] = [0]
        offsets.reserveCapacity(texts.count + 1)
        var bytes: [UInt8] = []
        for text in texts {
            bytes += text.utf8
            offsets.append(bytes.count)
        }
        try write("\(name).offsets", offsets: offsets)
        try write("\(name).bytes", bytes)
    }

    mutating func write(_ name: String, offsets: [Int]) throws(PersonaStoreError) {
        guard let last = offsets.last, last <= PersonaFormat.maximumElementCount else {
            throw tooLarge(name, offsets.last ?? 0)
        }
        try write(name, offsets.map { UInt32($0) })
    }

    mutating func write<Element: PersonaElementType>(
        _ name: String, _ elements: [Element]
    ) throws(PersonaStoreError) {
        guard elements.count <= PersonaFormat.maximumElementCount else { throw tooLarge(name, elements.count) }
        let checksum = unsafe elements.withUnsafeBytes { bytes in unsafe Checksum.of(bytes) }
        note("section \(name) \(Element.element.rawValue) \(elements.count) \(String(checksum, radix: 16))")
        try put(name, elements)
    }

    mutating func finish() throws(PersonaStoreError) {
        try put(PersonaFormat.manifestKey, Array(manifest.utf8))
        do throws(KeyValueError) { try environment.sync() } catch {
            throw PersonaStoreError(error, operation: "write")
        }
    }

    private func put<Element: PersonaElementType>(_ name: String, _ elements: [Element]) throws(PersonaStoreError) {
        let byteCount = elements.count * MemoryLayout<Element>.stride
        do throws(KeyValueError) {
            var transaction = try environment.beginWrite()
            unsafe try transaction.reserve(name, byteCount: max(byteCount, environment.pageByteCount)) { room in
                unsafe elements.withUnsafeBytes { bytes in unsafe room.copyMemory(from: bytes) }
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[byteCount...])
                unsafe rest.initializeMemory(as: UInt8.self, repeating: 0)
            }
            try transaction.commit()
        } catch {
            throw PersonaStoreError(error, operation: "write \(name)")
        }
    }

    private func tooLarge(_ name: String, _ count: Int) -> PersonaStoreError {
        PersonaStoreError(
            .tooLarge, operation: "write \(name)", path: environment.path,
            expected: "at most \(PersonaFormat.maximumElementCount) elements", found: "\(count)")
    }
}
