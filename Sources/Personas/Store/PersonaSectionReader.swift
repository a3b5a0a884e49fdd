internal import KeyValueStore

/// Finds the arrays of a store in its map and compares their checksums.
struct PersonaSectionReader {
    let environment: Environment
    private(set) var weights: [PersonaTable.Weight] = []
    private let path: String
    private var records: [String: Record] = [:]

    private struct Record {
        let element: PersonaElement
        let count: Int
        let checksum: UInt64
    }

    private static let operation = "open"

    init(path: String) throws(PersonaStoreError) {
        self.path = path
        do throws(KeyValueError) {
            environment = try Environment(readingImmutable: path)
        } catch {
            throw PersonaStoreError(error, operation: Self.operation)
        }
        guard let bytes = unsafe try value(PersonaFormat.manifestKey) else {
            throw PersonaStoreError(
                .otherProgram, operation: Self.operation, path: path, expected: "a store of personas",
                found: "another program's LMDB file: it has no manifest")
        }
        let text = unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        let lines = text.split(separator: "\n")
        let header = "\(PersonaFormat.signature) \(PersonaFormat.version)"
        guard let first = lines.first, first == header else {
            let isOurs = lines.first?.hasPrefix(PersonaFormat.signature) ?? false
            throw PersonaStoreError(
                isOurs ? .otherVersion : .otherProgram, operation: Self.operation, path: path,
                expected: "\"\(header)\"", found: "\"\(lines.first?.prefix(80) ?? "")\"")
        }
        for line in lines.dropFirst() { try read(line) }
    }

    private mutating func read(_ line: Substring) throws(PersonaStoreError) {
        let words = line.split(separator: " ")
        if words.count >= 3, words[0] == "weight", let weight = UInt32(words[words.count - 1]) {
            weights.append(.init(eventType: words[1..<(words.count - 1)].joined(separator: " "), weight: weight))
            return
        }
        guard words.count == 5, words[0] == "section", let element = PersonaElement(rawValue: String(words[2])),
            let count = Int(words[3]), let checksum = UInt64(words[4], radix: 16),
            (0...PersonaFormat.maximumElementCount).contains(count)
        else { throw damaged("a line of a manifest", "\"\(line.prefix(80))\"") }
        records[String(words[1])] = Record(element: element, count: count, checksum: checksum)
    }

    func has(_ name: String) -> Bool { records[name] != nil }

    func texts(_ name: String) throws(PersonaStoreError) -> PersonaTexts {
        let offsets = unsafe try section("\(name).offsets", UInt32.self)
        let bytes = unsafe try section("\(name).bytes", UInt8.self)
        guard let last = unsafe offsets.last, Int(last) == bytes.count else {
            throw damaged("offsets of \(bytes.count) bytes", "others in \(name)")
        }
        return unsafe PersonaTexts(offsets: offsets, bytes: bytes)
    }

    /// The bytes live as long as the environment.
    func section<Element: PersonaElementType>(
        _ name: String, _: Element.Type
    ) throws(PersonaStoreError) -> UnsafeBufferPointer<Element> {
        guard let record = records[name], record.element == Element.element,
            let value = unsafe try value(name)
        else { throw damaged("the section \(name)", "none") }
        let byteCount = record.count * record.element.byteCount
        guard byteCount <= value.count else { throw damaged("\(byteCount) bytes of \(name)", "\(value.count)") }
        guard Int(bitPattern: value.baseAddress) % MemoryLayout<Element>.alignment == 0 else {
            throw damaged("\(name) aligned", "it unaligned")
        }
        let payload = unsafe UnsafeRawBufferPointer(rebasing: value[..<byteCount])
        guard unsafe Checksum.of(payload) == record.checksum else {
            throw damaged("the checksum of \(name) in the manifest", "another")
        }
        return unsafe payload.assumingMemoryBound(to: Element.self)
    }

    private func value(_ name: String) throws(PersonaStoreError) -> UnsafeRawBufferPointer? {
        do throws(KeyValueError) {
            return unsafe try environment.beginRead().lastingValue(of: name)
        } catch {
            throw PersonaStoreError(error, operation: Self.operation)
        }
    }

    func damaged(_ expected: String, _ found: String) -> PersonaStoreError {
        PersonaStoreError(.damaged, operation: Self.operation, path: path, expected: expected, found: found)
    }
}
