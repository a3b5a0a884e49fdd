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

    let method: HTTPMethod
    /// Names in braces are parameters.
    let path: String
    let target: ServiceMethod
    var arguments: [Argument] = []
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

    static let all: [ReplacedRoute] = [
        ReplacedRoute(method: .get, path: "/health", target: known("health"), isProbe: true),
        ReplacedRoute(method: .post, path: "/segment/manual", target: known("segments.predict")),
        ReplacedRoute(method: .post, path: "/segment/customer", target: MethodTable.segmentOfCustomer),
        ReplacedRoute(method: .post, path: "/fetchPersonas", target: MethodTable.fetchPersonas),
        ReplacedRoute(
            method: .get, path: "/api/recommendations/users/{userId}", target: known("recommend.user"),
            arguments: [limit]),
        ReplacedRoute(
            method: .get, path: "/api/recommendations/pages/{itemId}", target: known("recommend.item"),
            arguments: [limit]),
        ReplacedRoute(method: .get, path: "/api/segments", target: known("segments.list")),
        ReplacedRoute(
            method: .get, path: "/api/segments/trends", target: known("segments.trends"),
            arguments: [Argument(name: "segment", parameter: "segment"), Argument(name: "unit", parameter: "unit")]),
        ReplacedRoute(method: .get, path: "/api/segments/users/{userId}", target: known("segments.of")),
        ReplacedRoute(
            method: .get, path: "/api/segments/{segment}/members", target: known("segments.members"),
            arguments: [limit, Argument(name: "after", parameter: "after")]),
        ReplacedRoute(
            method: .get, path: "/api/segments/{segment}/trends", target: known("segments.trends"),
            arguments: [Argument(name: "unit", parameter: "unit")]),
    ]

    private static let limit = Argument(name: "limit", parameter: "count", isInteger: true)

    private static func known(_ name: String) -> ServiceMethod {
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
