/// One of the documents of an analysis.
package protocol ArtefactDocument: Codable, Sendable, Equatable {
    /// Stands in its file's name.
    static var name: ArtefactName { get }
    /// What does not hold of a document that was read: lengths that do not fit, numbers out of bounds. Nil: all holds.
    var fault: String? { get }
}

/// The documents, each of which a bundle has or has not.
package enum ArtefactName: String, Codable, CaseIterable, Sendable {
    case trends, anomalies, users, segments, insights, summary

    /// A tenth of what a server may hold: users have some 150 bytes each, and there are up to `DocumentLimits.users` of them.
    var byteLimit: Int { self == .users ? 1 << 30 : 256 << 20 }
}

/// What a document may hold, so that no damaged or foreign file fills a server's memory.
package enum DocumentLimits {
    /// Of a list in a document that is not of users.
    package static let entries = 200_000
    package static let users = 5_000_000
    /// A century of days, as `analyse trends` takes.
    package static let periods = 36_600
    /// Bytes of a name or an id, as ids have elsewhere; of a sentence, and of a text.
    package static let nameBytes = 1024
    package static let textBytes = 64 << 10
    /// Of the magnitude of a number: `NumberLimits` of what was read, and sums of it over a log of 2^31 rows.
    package static let magnitude = 1e25
}

/// Looks at the parts of a document and keeps the first fault.
struct DocumentCheck {
    private(set) var fault: String?

    mutating func holds(_ condition: Bool, _ fault: @autoclosure () -> String) {
        if self.fault == nil && !condition { self.fault = fault() }
    }

    mutating func count(_ count: Int, of what: String, atMost limit: Int = DocumentLimits.entries) {
        holds(count <= limit, "\(count) \(what), more than \(limit)")
    }

    mutating func number(_ value: Double?, _ what: @autoclosure () -> String) {
        holds((value ?? 0).magnitude <= DocumentLimits.magnitude, "the number \(value ?? 0) in \(what())")
    }

    mutating func share(_ value: Double?, _ what: @autoclosure () -> String) {
        holds((0...1).contains(value ?? 0), "the share \(value ?? 0) in \(what())")
    }

    mutating func numbers(_ values: [Double?], _ what: @autoclosure () -> String) {
        guard
            let wrong = values.first(where: {
                ($0 ?? 0).magnitude.isNaN || ($0 ?? 0).magnitude > DocumentLimits.magnitude
            })
        else { return }
        number(wrong, what())
    }

    /// Names and ids.
    mutating func name(_ text: String?, _ what: @autoclosure () -> String) {
        let count = text?.utf8.count ?? 0
        holds(count <= DocumentLimits.nameBytes, "\(count) bytes in \(what()), more than \(DocumentLimits.nameBytes)")
    }

    mutating func text(_ text: String, _ what: @autoclosure () -> String) {
        let count = text.utf8.count
        holds(count <= DocumentLimits.textBytes, "\(count) bytes in \(what()), more than \(DocumentLimits.textBytes)")
    }
}
