internal import StoredFiles

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

// Design note. A directory of 'foretaste analyse all' has
//
//     manifest.json                      what it is of, and the documents: name, bytes, checksum
//     trends-0123456789abcdef.json ...   a document each, named by its checksum and never written again
//     states.json                        which anomalies were acknowledged (`AnomalyStates`); of no analysis alone
//     report.html, *.csv                 for people
//
// Nothing is trusted that was read: bytes are bounded before they are read, checksums compared, and every document's lengths
// and numbers looked at.

/// An analysis as it is read: all of its documents, whole and checked.
package struct AnalyticsBundle: Sendable, Equatable {
    package let manifest: AnalyticsManifest
    package private(set) var trends: TrendsDocument?
    package private(set) var anomalies: AnomaliesDocument?
    package private(set) var users: UsersDocument?
    package private(set) var segments: SegmentsDocument?
    package private(set) var insights: InsightsDocument?
    package private(set) var summary: SummaryDocument?

    /// A document is gone where an analysis took the place of the one whose manifest was read; more often than this in a row it is
    /// missing.
    private static let attemptCount = 3

    /// Reads all; seconds and hundreds of megabytes where there are a million users.
    package init(directory: String) throws(ArtefactError) {
        for attempt in 1...Self.attemptCount {
            do throws(ArtefactError) {
                self = try Self.opened(directory)
                return
            } catch {
                let isGone = error.code == .missing && !error.path.hasSuffix(AnalyticsManifest.fileName)
                guard isGone, attempt < Self.attemptCount else { throw error }
            }
        }
        preconditionFailure("the last attempt returns or throws")
    }

    private static func opened(_ directory: String) throws(ArtefactError) -> AnalyticsBundle {
        var bundle = AnalyticsBundle(manifest: try manifest(directory))
        for document in bundle.manifest.documents {
            switch document.name {
            case .trends: bundle.trends = try read(document, directory)
            case .anomalies: bundle.anomalies = try read(document, directory)
            case .users: bundle.users = try read(document, directory)
            case .segments: bundle.segments = try read(document, directory)
            case .insights: bundle.insights = try read(document, directory)
            case .summary: bundle.summary = try read(document, directory)
            }
        }
        return bundle
    }

    private init(manifest: AnalyticsManifest) { self.manifest = manifest }

    /// The manifest alone: to see whether there is another analysis than the one that is open.
    package static func manifest(_ directory: String) throws(ArtefactError) -> AnalyticsManifest {
        let path = "\(directory)/\(AnalyticsManifest.fileName)"
        let bytes = try bytes(path, limit: AnalyticsManifest.byteLimit)
        let head: AnalyticsManifest.Head = try decoded(bytes, path)
        guard head.format == AnalyticsManifest.formatName, head.version == AnalyticsManifest.formatVersion else {
            throw ArtefactError(
                code: .otherFormat, path: path,
                expected: "\(AnalyticsManifest.formatName) version \(AnalyticsManifest.formatVersion)",
                found: "\(head.format.prefix(40)) version \(head.version)")
        }
        let manifest: AnalyticsManifest = try decoded(bytes, path)
        if let fault = manifest.fault {
            throw ArtefactError(code: .damaged, path: path, expected: "a manifest", found: fault)
        }
        return manifest
    }

    private static func read<Document: ArtefactDocument>(
        _ entry: AnalyticsManifest.Document, _ directory: String
    ) throws(ArtefactError) -> Document {
        let path = "\(directory)/\(entry.fileName)"
        let bytes = try bytes(path, limit: entry.byteCount)
        guard bytes.count == entry.byteCount else {
            throw ArtefactError(
                code: .damaged, path: path, expected: "\(entry.byteCount) bytes", found: "\(bytes.count)")
        }
        let checksum = ArtefactChecksum.text(of: bytes)
        guard checksum == entry.checksum else {
            throw ArtefactError(
                code: .damaged, path: path, expected: "the checksum \(entry.checksum)", found: checksum)
        }
        let document: Document = try decoded(bytes, path)
        if let fault = document.fault {
            throw ArtefactError(code: .damaged, path: path, expected: "\(entry.name.rawValue)", found: fault)
        }
        return document
    }

    /// The whole file, which has no more bytes than `limit`.
    static func bytes(_ path: String, limit: Int) throws(ArtefactError) -> [UInt8] {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileSystem.readFile(path, byteLimit: limit + 1)
        } catch {
            let isMissing = error.code == .missing
            throw ArtefactError(
                code: isMissing ? .missing : .inputOutput, path: path, expected: "a file to read",
                found: isMissing ? "none" : error.found)
        }
        guard bytes.count <= limit else {
            throw ArtefactError(
                code: .damaged, path: path, expected: "at most \(limit) bytes", found: "more")
        }
        return bytes
    }

    static func decoded<Value: Decodable>(_ bytes: [UInt8], _ path: String) throws(ArtefactError) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(bytes))
        } catch {
            throw ArtefactError(
                code: .damaged, path: path, expected: "the JSON of an analysis", found: Self.reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
            return path.isEmpty ? "its beginning" : path.joined(separator: ".")
        }
        switch error as? DecodingError {
        case .keyNotFound(let key, let context): return "no \(key.stringValue) in \(place(context))"
        case .typeMismatch(_, let context), .valueNotFound(_, let context): return "another type at \(place(context))"
        case .dataCorrupted(let context): return "no such JSON at \(place(context))"
        default: return "no JSON"
        }
    }
}
