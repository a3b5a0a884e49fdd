/// `manifest.json`: what an analysis is of, and its documents. It is the last file that takes its place, in one step, and names the
/// others by their checksums: whoever has read it has a whole analysis, or finds one of its files gone and reads it again.
package struct AnalyticsManifest: Codable, Sendable, Equatable {
    package static let fileName = "manifest.json"
    /// Raised when a reader of the one before would misread it.
    package static let formatVersion = 1
    static let formatName = "foretaste-analytics"
    static let byteLimit = 1 << 20

    package struct Document: Codable, Sendable, Equatable {
        package let name: ArtefactName
        package let byteCount: Int
        /// Of the file's bytes, by `KeyValueStore.Checksum`: 16 hexadecimal digits. It guards against damage, not a forger.
        package let checksum: String

        /// `trends-0123456789abcdef.json`
        package var fileName: String { "\(name.rawValue)-\(checksum).json" }
    }

    package struct Facts: Codable, Sendable, Equatable {
        /// Milliseconds since 1970.
        package let created: Int64
        package let tool: String
        package let timeZone: String
        /// The first and the last day of the events.
        package let from: String
        package let to: String
        package let events: Int
        package let users: Int
        /// Names of the files that were read, without their directories.
        package let sources: [String]

        package init(
            created: Int64, tool: String, timeZone: String, from: String, to: String, events: Int, users: Int,
            sources: [String]
        ) {
            (self.created, self.tool, self.timeZone, self.from) = (created, tool, timeZone, from)
            (self.to, self.events, self.users, self.sources) = (to, events, users, sources)
        }
    }

    package let format: String
    package let version: Int
    package let facts: Facts
    package let documents: [Document]

    init(facts: Facts, documents: [Document]) {
        (format, version) = (Self.formatName, Self.formatVersion)
        (self.facts, self.documents) = (facts, documents)
    }

    package func document(_ name: ArtefactName) -> Document? { documents.first { $0.name == name } }

    /// What does not hold; nil: all holds.
    var fault: String? {
        var check = DocumentCheck()
        check.holds(Set(documents.map(\.name)).count == documents.count, "two documents of one name")
        for document in documents {
            // It becomes part of a path.
            check.holds(ArtefactChecksum.isText(document.checksum), "the checksum \(document.checksum.prefix(40))")
            check.holds(
                (0...document.name.byteLimit).contains(document.byteCount), "a document of \(document.byteCount) bytes")
        }
        for name in [facts.tool, facts.timeZone, facts.from, facts.to] + facts.sources { check.name(name, "the facts") }
        check.count(facts.sources.count, of: "sources")
        check.holds(facts.events >= 0 && facts.users >= 0, "a count below 0")
        return check.fault
    }

    /// The head alone, so that another version's manifest is told from a damaged one.
    struct Head: Decodable {
        let format: String
        let version: Int
    }
}
