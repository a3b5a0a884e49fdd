import ItemFilter
import RecommendationService
import WireProtocol

/// An expression as a client sends it, before its names are looked up.
enum FilterSource: Sendable {
    case text(String)
    case document(FilterDocument)

    init(_ value: FieldValue) throws(WireError) {
        switch value.shape {
        case .string: self = .text(try value.string(maximumBytes: FilterLimits.textBytes).string)
        case .object, .boolean: self = .document(try FilterDocument(value))
        case .number, .list, .null:
            throw value.error(
                "This is an expression: a text such as \"price < 50\", or the same as JSON, such as "
                    + #"{"<": [{"property": "price"}, 50]}."#)
        }
    }
}

extension FilterDocument {
    /// The parser has bounded how deep it is and how many values it holds.
    fileprivate init(_ value: FieldValue) throws(WireError) {
        switch value.shape {
        case .null: self = .null
        case .boolean(let boolean): self = .boolean(boolean)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text.string)
        case .list:
            var elements = try value.elements(maximumCount: FilterLimits.listValues)
            var list: [FilterDocument] = []
            while let element = try elements.next() { list.append(try FilterDocument(element)) }
            self = .list(list)
        case .object:
            var reader = try value.object()
            var members: [Member] = []
            while let member = reader.next() {
                members.append(Member(member.name.string, try FilterDocument(reader.value(member))))
            }
            self = .object(members)
        }
    }
}

extension WireError {
    /// - Parameter field: the member that holds the expression.
    init(_ error: FilterError, field: String) {
        var path = field
        if case .member(let inside) = error.place, !inside.isEmpty { path += "." + inside }
        self.init(.filterSyntax, error.message, field: path, nearest: error.nearest)
    }
}

extension WireError {
    /// What a token's filter leaves out must not be shown, so nothing is where it means nothing.
    init(keyFilter error: FilterError) {
        self.init(
            .filterSyntax,
            "The filter of this connection's key cannot be kept to, so nothing is shown: \(error.message)",
            nearest: error.nearest)
    }
}

/// What `context` means in expressions.
struct ContextParameter {
    var itemId = WireString.empty

    static let declared = ParameterSet<Self>([
        .identifier("itemId", required: "Name the item that the answer is about (context.itemId).") { $0.itemId = $1 }
    ])
}
