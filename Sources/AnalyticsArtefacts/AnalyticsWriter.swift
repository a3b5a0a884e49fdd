internal import StoredFiles

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Writes an analysis: documents first, then the manifest that names them, so that the one before is whole until this one is.
package struct AnalyticsWriter {
    private let directory: String
    private var documents: [(entry: AnalyticsManifest.Document, bytes: [UInt8])] = []

    package init(directory: String) { self.directory = directory }

    private static let lockName = ".foretaste-analytics.lock"

    /// - Precondition: a document of that name was not added yet, and has no `fault`.
    package mutating func add<Document: ArtefactDocument>(_ document: Document) throws(ArtefactError) {
        let path = "\(directory)/\(Document.name.rawValue).json"
        precondition(!documents.contains { $0.entry.name == Document.name }, "a document twice")
        if let fault = document.fault {
            throw ArtefactError(
                code: .tooLarge, path: path, expected: "a document within the format's limits", found: fault)
        }
        let bytes = try Self.encoded(document, path)
        let limit = Document.name.byteLimit
        guard bytes.count <= limit else {
            throw ArtefactError(
                code: .tooLarge, path: path, expected: "at most \(limit) bytes", found: "\(bytes.count)")
        }
        let entry = AnalyticsManifest.Document(
            name: Document.name, byteCount: bytes.count, checksum: ArtefactChecksum.text(of: bytes))
        documents.append((entry, bytes))
    }

    static func encoded(_ value: some Encodable, _ path: String) throws(ArtefactError) -> [UInt8] {
        let encoder = JSONEncoder()
        // Members would come in the order of hashes.
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw ArtefactError(
                code: .tooLarge, path: path, expected: "finite numbers", found: "a number that JSON has not")
        }
    }

    /// Puts the documents, and `others` for people (names and texts), into the directory; then the manifest, by one rename; then what
    /// an earlier analysis left goes.
    @discardableResult
    package func publish(
        _ facts: AnalyticsManifest.Facts, others: [(name: String, text: String)] = []
    ) throws(ArtefactError) -> AnalyticsManifest {
        let manifest = AnalyticsManifest(facts: facts, documents: documents.map(\.entry))
        let path = "\(directory)/\(AnalyticsManifest.fileName)"
        let bytes = try Self.encoded(manifest, path)
        do throws(FileError) {
            try FileSystem.makeDirectories(directory)
            guard let lock = try FileLock("\(directory)/\(Self.lockName)", waiting: true) else { return manifest }
            var files = OutputFiles()
            for (entry, bytes) in documents { try files.add(bytes, at: "\(directory)/\(entry.fileName)") }
            for (name, text) in others { try files.add(text, at: "\(directory)/\(name)") }
            try files.add(bytes, at: path)
            try files.publish()
            try removeOthers(than: manifest)
            lock.release()
        } catch {
            throw ArtefactError(code: .inputOutput, path: error.path, expected: error.expected, found: error.found)
        }
        return manifest
    }

    /// Documents of analyses before; nothing that is not recognisably one.
    private func removeOthers(than manifest: AnalyticsManifest) throws(FileError) {
        let kept = Set(manifest.documents.map(\.fileName))
        for name in try FileSystem.names(in: directory) where !kept.contains(name) && Self.isDocument(name) {
            try FileSystem.remove("\(directory)/\(name)")
        }
    }

    private static func isDocument(_ name: String) -> Bool {
        ArtefactName.allCases.contains { document in
            let (head, tail) = ("\(document.rawValue)-", ".json")
            guard name.hasPrefix(head), name.hasSuffix(tail) else { return false }
            return ArtefactChecksum.isText(name.dropFirst(head.count).dropLast(tail.count))
        }
    }
}
