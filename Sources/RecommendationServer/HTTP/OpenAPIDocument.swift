import HTTPServer
import ServiceMethods
import WireProtocol

/// `/openapi.json`: OpenAPI 3.1, made of the method table, the routes, and the schemas of Protocol/Messages.
enum OpenAPIDocument {
    static let bytes = document.bytes

    private static var document: JSONDocument {
        var paths: [(String, JSONDocument)] = probes
        for method in MethodTable.all { paths.append((HTTPRoute.methodPrefix + "\(method.name)", path(of: method))) }
        for route in ReplacedRoute.all { paths.append((route.path, path(of: route))) }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Foretaste", "version": .text(ServiceContext.serverVersion),
                "description": "Recommendations over HTTP, by the methods of the Foretaste protocol.",
                "license": ["name": "MIT", "identifier": "MIT"],
            ],
            "paths": .object(paths),
            "components": [
                "schemas": .object(schemas), "responses": ["Error": errorResponse],
                "securitySchemes": ["key": ["type": "http", "scheme": "bearer"]],
            ],
        ]
    }

    private static var schemas: [(String, JSONDocument)] {
        MessageSchemas.all.map { ($0.name, .source($0.json)) }
    }

    private static func reference(_ schema: String) -> JSONDocument {
        ["$ref": .text("#/components/schemas/\(schema)")]
    }

    // MARK: Paths

    private static var probes: [(String, JSONDocument)] {
        [
            ("/livez", get("livez", "Whether the process answers.", [("200", content("text/plain", "ok"))])),
            (
                "/readyz",
                get(
                    "readyz", "Whether to send the server work.",
                    [
                        ("200", content("text/plain", "It is ready.")),
                        ("503", content("text/plain", "It starts or drains.")),
                    ])
            ),
            (
                "/metrics",
                get(
                    "metrics", "Figures for Prometheus.", [("200", content("text/plain", "Text format 0.0.4."))],
                    isOpen: false)
            ),
            ("/openapi.json", get("openapi", "This document.", [("200", content("application/json", "OpenAPI 3.1."))])),
            ("/docs", get("docs", "The methods, for people.", [("200", content("text/html", "A page."))])),
        ]
    }

    private static func content(_ type: String, _ description: String) -> JSONDocument {
        let media: JSONDocument = ["schema": .object([])]
        return ["description": .text(description), "content": .object([(type, media)])]
    }

    private static func get(
        _ id: String, _ summary: String, _ responses: [(String, JSONDocument)], isOpen: Bool = true
    ) -> JSONDocument {
        ["get": operation(id, summary, isOpen: isOpen, [], responses + [("default", errorReference)])]
    }

    private static func operation(
        _ id: String, _ summary: String, isOpen: Bool, _ more: [(String, JSONDocument)],
        _ responses: [(String, JSONDocument)]
    ) -> JSONDocument {
        var members: [(String, JSONDocument)] = [("operationId", .text(id)), ("summary", .text(summary))]
        // An empty requirement is an alternative to a key: servers without keys ask for none.
        if !isOpen { members.append(("security", [.object([]), ["key": []]])) }
        return .object(members + more + [("responses", .object(responses))])
    }

    private static func path(of method: ServiceMethod) -> JSONDocument {
        let name = "\(method.name)"
        let deadline: JSONDocument = [
            "name": "deadlineMs", "in": "query",
            "description": "Answer within so many milliseconds, or DEADLINE_EXCEEDED.",
            "schema": [
                "type": "integer", "minimum": .integer(ProtocolLimits.deadlineMilliseconds.lowerBound),
                "maximum": .integer(ProtocolLimits.deadlineMilliseconds.upperBound),
            ],
        ]
        let reply: JSONDocument = [
            "type": "object",
            "properties": ["result": reference(MessageSchemas.result(of: name)), "meta": reference("meta")],
            "required": ["result", "meta"],
        ]
        return [
            "post": operation(
                name, method.summary, isOpen: false,
                [
                    ("parameters", [deadline]),
                    (
                        "requestBody",
                        body(reference("\(name).params"), isRequired: !MessageSchemas.acceptsNoParameters(name))
                    ),
                ],
                success(reply))
        ]
    }

    private static func path(of route: ReplacedRoute) -> JSONDocument {
        let name = "\(route.target.name)"
        let known = MethodTable.names.all.contains(name)
        var more: [(String, JSONDocument)] = []
        var parameters = route.names.map { argument($0, $0, route, place: "path") }
        parameters += route.arguments.map { argument($0.name, "\($0.parameter)", route, place: "query") }
        if !parameters.isEmpty { more.append(("parameters", .list(parameters))) }
        if route.method == .post {
            more.append(
                (
                    "requestBody",
                    body(
                        known ? reference("\(name).params") : ParameterSchema.object(route.target.parameters),
                        isRequired: route.target.parameters.contains { $0.isRequired })
                ))
        }
        let resultOf = ["segment/customer": "segments.of", "fetchPersonas": "personas.query"][name] ?? name
        var responses = success(reference(MessageSchemas.result(of: resultOf)))
        if route.isProbe {
            responses.insert(("503", json(reference(MessageSchemas.result(of: name)), "It starts or drains.")), at: 1)
        }
        let id = route.path.split(separator: "/").map { $0.filter { $0 != "{" && $0 != "}" } }.joined(separator: ".")
        return .object([
            (
                route.method.rawValue.lowercased(),
                operation("replaced.\(id)", route.target.summary, isOpen: route.isProbe, more, responses)
            )
        ])
    }

    private static func argument(
        _ name: String, _ parameter: String, _ route: ReplacedRoute, place: String
    ) -> JSONDocument {
        let kind = route.target.parameters.first { $0.name == parameter }?.kind
        return [
            "name": .text(name), "in": .text(place), "required": .boolean(place == "path"),
            "schema": kind.map(ParameterSchema.schema) ?? .object([]),
        ]
    }

    // MARK: Parts

    private static func body(_ schema: JSONDocument, isRequired: Bool) -> JSONDocument {
        ["required": .boolean(isRequired), "content": ["application/json": ["schema": schema]]]
    }

    private static func json(_ schema: JSONDocument, _ description: String) -> JSONDocument {
        ["description": .text(description), "content": ["application/json": ["schema": schema]]]
    }

    private static func success(_ schema: JSONDocument) -> [(String, JSONDocument)] {
        [("200", json(schema, "The answer.")), ("default", errorReference)]
    }

    private static var errorReference: JSONDocument { ["$ref": "#/components/responses/Error"] }

    private static var errorResponse: JSONDocument {
        json(
            ["type": "object", "properties": ["error": reference("error")], "required": ["error"]],
            "An error; Protocol/ERRORS.md has all reasons.")
    }
}
