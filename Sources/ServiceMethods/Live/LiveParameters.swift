import Interactions
import LiveStore
import WireProtocol

/// What the methods of live data share.
enum LiveMethodLimits {
    /// Elements of one request: at 200 bytes each a request stays far below the frame's limit, and a commit short.
    static let elements = 1_000
    /// Rows of one page.
    static let count = 1...1_000
    static let defaultCount = 100
    /// The decimal digits of a sequence, or an id.
    static let cursorBytes = ProtocolLimits.identifierBytes
}

/// An element that cannot be taken, beside others that can.
struct RefusedPlace: Sendable {
    var index: Int
    var field: String
    var message: String

    init(index: Int, _ refusal: RefusedElement) {
        self.index = index
        field = refusal.field
        message = refusal.text
    }

    /// The field is told from the element on.
    init(index: Int, _ error: WireError) {
        self.index = index
        let path = error.field ?? ""
        field = path.contains("].") ? String(path.split(separator: ".").last ?? "") : ""
        message = error.message
    }
}

/// Elements as they were sent: those that can be read, with their places, and what is wrong with the others.
struct SentElements<Element: Sendable>: Sendable {
    private(set) var elements: [Element] = []
    private(set) var places: [Int] = []
    private(set) var refused: [RefusedPlace] = []

    init() {}

    init(_ value: FieldValue, _ read: (FieldValue) throws(WireError) -> Element) throws(WireError) {
        var reader = try value.elements(maximumCount: LiveMethodLimits.elements)
        var index = 0
        while let element = try reader.next() {
            defer { index += 1 }
            do throws(WireError) {
                elements.append(try read(element))
                places.append(index)
            } catch {
                // It is no fault of the element: the request is read again, without what nobody knows, or refused.
                if error.isUnknownMember { throw error }
                refused.append(RefusedPlace(index: index, error))
            }
        }
    }

    var isEmpty: Bool { elements.isEmpty && refused.isEmpty }

    /// All refusals, in the order of their places, and how many elements were stored, were known, were not there.
    func summary(_ outcomes: [ElementOutcome]) -> ElementsSummary {
        var summary = ElementsSummary(refused: refused)
        for (place, outcome) in zip(places, outcomes) {
            switch outcome {
            case .stored: summary.storedCount += 1
            case .duplicate: summary.duplicateCount += 1
            case .missing: summary.missingCount += 1
            case .refused(let refusal): summary.refused.append(RefusedPlace(index: place, refusal))
            }
        }
        summary.refused.sort { $0.index < $1.index }
        return summary
    }
}

struct ElementsSummary: Sendable {
    var storedCount = 0
    var duplicateCount = 0
    var missingCount = 0
    var refused: [RefusedPlace]
}

extension JSONWriter {
    mutating func refusals(_ refused: [RefusedPlace]) {
        key("refused")
        beginArray()
        for place in refused {
            beginObject()
            key("index")
            integer(place.index)
            if !place.field.isEmpty {
                key("field")
                string(place.field)
            }
            key("message")
            string(place.message)
            endObject()
        }
        endArray()
    }

    mutating func member(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        key(name)
        string(text)
    }

    mutating func member(_ name: StaticString, _ value: Int) {
        key(name)
        integer(value)
    }

    mutating func member(_ name: StaticString, _ time: Int64?) {
        guard let time else { return }
        key(name)
        integer(Int(time))
    }

    mutating func member(_ name: StaticString, _ value: Double?) {
        guard let value else { return }
        key(name)
        number(value)
    }

    mutating func properties(_ properties: [ItemChange.Property]) {
        key("properties")
        beginObject()
        for property in properties {
            anyKey(property.name)
            propertyValue(property.value)
        }
        endObject()
    }

    private mutating func propertyValue(_ value: PropertyValue?) {
        switch value {
        case nil: null()
        case .string(let text): string(text)
        case .strings(let texts):
            beginArray()
            for text in texts { string(text) }
            endArray()
        case .number(let value): number(value)
        case .boolean(let value): boolean(value)
        case .time(let time):
            beginObject()
            member("time", time)
            endObject()
        }
    }
}

extension ItemChange.Property {
    /// An object with names of the sender's: strings, lists of strings, numbers, booleans, `{"time":...}`; null removes.
    static func list(_ value: FieldValue) throws(WireError) -> [ItemChange.Property] {
        guard value.isObject else { throw value.error("This is an object of names and values.") }
        var members = try value.object()
        var properties: [ItemChange.Property] = []
        while let (name, member) = members.nextNamed() {
            properties.append(ItemChange.Property(name.string, try propertyValue(member, name.string)))
        }
        return properties
    }

    private static func propertyValue(_ value: FieldValue, _ name: String) throws(WireError) -> PropertyValue? {
        if value.isNull { return nil }
        if value.isBoolean { return .boolean(try value.boolean()) }
        if value.isNumber { return .number(try value.preciseNumber(in: -1e15...1e15)) }
        if value.isString { return .string(try value.string(maximumBytes: LiveLimits.propertyTextBytes).string) }
        if value.isList {
            var elements = try value.elements(maximumCount: LiveLimits.propertyStrings)
            var texts: [String] = []
            while let element = try elements.next() {
                texts.append(try element.string(maximumBytes: LiveLimits.propertyTextBytes).string)
            }
            return .strings(texts)
        }
        var members = try value.object()
        guard let (key, time) = members.nextNamed(), key.equals("time"), members.nextNamed() == nil else {
            throw value.error(
                "Property '\(name.prefix(64))': a value is a string, a list of strings, a number, a boolean, {\"time\":...}, or null to "
                    + "remove it.")
        }
        return .time(try time.time())
    }
}
