import HTTPServer
import ServiceMethods
import WireProtocol

/// A route of a system that Foretaste replaces: it answers with the result of a method, without `result` and `meta` around it.
struct ReplacedRoute: Sendable {
    /// An argument behind the question mark, and the parameter that it sets.
    struct Argument: Sendable {
        let name: String
        let parameter: StaticString
        var isInteger = false
    }

    struct Fixed: Sendable {
        enum Value: Sendable { case text(StaticString), integer(Int) }

        let parameter: StaticString
        let value: Value
    }

    let method: HTTPMethod
    /// Names in braces are parameters.
    let path: String
    let target: ServiceMethod
    var arguments: [Argument] = []
    /// Parameters that the path stands for; an argument of the same name takes the place of one.
    var fixed: [Fixed] = []
    /// Asked by who must not need a key; 503 where it is not ready.
    var isProbe = false

    private var pattern: [Substring] { path.dropFirst().split(separator: "/") }

    /// The names in braces.
    var names: [String] { pattern.filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) } }

    /// What stands at the names in braces, still encoded; nil where the path is another.
    func values(_ segments: [Substring]) -> [Substring]? {
        let pattern = pattern
        guard segments.count == pattern.count else { return nil }
        var values: [Substring] = []
        for (segment, expected) in zip(segments, pattern) {
            if expected.hasPrefix("{") {
                values.append(segment)
            } else if segment != expected {
                return nil
            }
        }
        return values
    }

    /// The parameters of its method, as JSON.
    func parameters(
        _ values: [String], _ query: [(name: String, value: String)]
    ) throws(WireError) -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = JSONWriter(appendingTo: &bytes)
        writer.beginObject()
        for (name, value) in zip(names, values) {
            writer.member(name, value)
        }
        let given = query.compactMap { argument in
            arguments.first { $0.name == argument.name }.map { "\($0.parameter)" }
        }
        for one in fixed where !given.contains("\(one.parameter)") {
            writer.key(one.parameter)
            switch one.value {
            case .text(let text): writer.string(text)
            case .integer(let number): writer.integer(number)
            }
        }
        for (encodedName, encodedValue) in query {
            guard let name = PercentDecoding.text(encodedName), let value = PercentDecoding.text(encodedValue) else {
                throw WireError(.invalidRequest, "The arguments are not percent-encoded UTF-8.")
            }
            guard let argument = arguments.first(where: { $0.name == name }) else {
                let known = arguments.map(\.name)
                throw WireError(
                    .badField,
                    known.isEmpty
                        ? "This path takes no arguments."
                        : "There is no such argument; there are: \(known.joined(separator: ", ")).", field: name)
            }
            // What is no integer stays a string, which the method refuses.
            if argument.isInteger, let number = Int(value) {
                writer.key(argument.parameter)
                writer.integer(number)
            } else {
                writer.key(argument.parameter)
                writer.string(value)
            }
        }
        writer.endObject()
        writer.finish(into: &bytes)
        return bytes
    }

    static func known(_ name: String) -> ServiceMethod {
        guard let method = MethodTable.all.first(where: { "\($0.name)" == name }) else {
            preconditionFailure("the table has a method \(name)")
        }
        return method
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: String) {
        var name = name
        name.withUTF8 { unsafe key($0) }
        string(value)
    }
}
