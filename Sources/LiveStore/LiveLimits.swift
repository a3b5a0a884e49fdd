internal import Interactions

/// What one element may hold; larger ones are refused where they arrive.
package enum LiveLimits {
    /// Of a type of events, as in the protocol.
    package static let typeBytes = 64
    /// Of a search text.
    package static let queryBytes = 1024
    /// Of `recommId`, which this server makes, and other servers may.
    package static let recommendationIdBytes = 128
    /// Of `context`, kept as it came: enough for a page's address, a device and a campaign.
    package static let contextBytes = 4096
    /// Of an item's or a user's own properties.
    package static let properties = 256
    package static let propertyNameBytes = 256
    package static let propertyTextBytes = 16 << 10
    package static let propertyStrings = 1000
    /// Of an item's text, that its vector is made from.
    package static let textBytes = 64 << 10
    /// Of a vector: the widest embeddings in use have 4,096.
    package static let vectorDimensions = 4096
    /// How far ahead of the server's clock an event may be: a day, for clocks that differ and time zones that were mixed up.
    package static let futureMilliseconds: Int64 = 86_400_000
    /// Visitors that were merged into one user: more is a mistake, such as a shared account for all.
    package static let mergedUsers = 10_000
}

/// What is wrong with an element that a client sent, and how to mend it.
package struct RefusedElement: Error, Equatable, Sendable {
    /// The member at fault, as the client calls it.
    package let field: String
    package let text: String

    package init(_ field: String, _ text: String) {
        self.field = field
        self.text = text
    }
}

enum ElementRules {
    static func identifier(_ id: String, _ field: String) throws(RefusedElement) {
        switch IdentifierRules.violation(of: id.utf8.span) {
        case nil: return
        case .empty: throw RefusedElement(field, "An id has at least one byte.")
        case .tooLong:
            throw RefusedElement(field, "An id has at most \(IdentifierRules.maximalByteCount) bytes.")
        case .controlCharacter: throw RefusedElement(field, "An id has no control characters.")
        }
    }

    static func text(_ text: String?, _ field: String, maximumBytes: Int) throws(RefusedElement) {
        guard let text, text.utf8.count > maximumBytes else { return }
        throw RefusedElement(field, "It has \(text.utf8.count) bytes; at most \(maximumBytes) are taken.")
    }

    static func number(_ number: Double?, _ field: String) throws(RefusedElement) {
        guard let number, !(number.isFinite && NumberLimits.holds(number)) else { return }
        throw RefusedElement(field, "A number lies between -1e15 and 1e15.")
    }

    static func time(_ time: Int64?, _ field: String) throws(RefusedElement) {
        guard let time, !(-NumberLimits.greatestTimeMilliseconds...NumberLimits.greatestTimeMilliseconds).contains(time)
        else { return }
        throw RefusedElement(field, "A time lies before the year 10000; send RFC 3339 or epoch milliseconds.")
    }

    static func properties(_ properties: [(name: String, value: PropertyValue?)]) throws(RefusedElement) {
        guard properties.count <= LiveLimits.properties else {
            throw RefusedElement("properties", "At most \(LiveLimits.properties) properties are taken.")
        }
        for (name, value) in properties {
            guard !name.isEmpty else { throw RefusedElement("properties", "A property has a name.") }
            try text(name, "properties", maximumBytes: LiveLimits.propertyNameBytes)
            try property(value, "properties.\(name)")
        }
    }

    private static func property(_ value: PropertyValue?, _ field: String) throws(RefusedElement) {
        switch value {
        case nil, .boolean: return
        case .string(let value): try text(value, field, maximumBytes: LiveLimits.propertyTextBytes)
        case .strings(let values):
            guard values.count <= LiveLimits.propertyStrings else {
                throw RefusedElement(field, "At most \(LiveLimits.propertyStrings) strings are taken.")
            }
            for value in values { try text(value, field, maximumBytes: LiveLimits.propertyTextBytes) }
        case .number(let value): try number(value, field)
        case .time(let value): try time(value, field)
        }
    }
}
