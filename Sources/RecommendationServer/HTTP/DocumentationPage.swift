import HTTPServer
import ServiceMethods

/// `/docs`: one page that needs nothing else, made of the method table.
enum DocumentationPage {
    static let bytes = Array(text.utf8)

    private static var text: String {
        let methods = MethodTable.all.map(section).joined()
        let routes = ReplacedRoute.all.map { route in
            "<tr><td><code>\(route.method.rawValue) \(escaped(route.path))</code></td><td>\(escaped(route.target.summary))</td></tr>\n"
        }.joined()
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Foretaste: methods</title>
            <meta name="viewport" content="width=device-width"><style>
            body{font:16px/1.5 system-ui,sans-serif;max-width:54rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
            code,pre{font:14px/1.5 ui-monospace,monospace;background:#f4f4f4}pre{padding:.6rem;overflow:auto}
            table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:.3rem;text-align:left;vertical-align:top}
            h2{margin-top:2.5rem}</style></head><body>
            <h1>Foretaste \(escaped(ServiceContext.serverVersion))</h1>
            <p>Each method is asked by <code>POST /v1/NAME</code> with its parameters as one JSON object, and answers
            <code>{"result":...,"meta":{...}}</code>, or <code>{"error":{...}}</code> with a status above 399.
            <a href="/openapi.json">openapi.json</a> has the same for programs, and <code>/livez</code>, <code>/readyz</code> and
            <code>/metrics</code> are for whoever runs the server.</p>
            \(methods)<h2>Routes of the systems that Foretaste replaces</h2>
            <table>\(routes)</table>
            </body></html>

            """
    }

    private static func section(_ method: ServiceMethod) -> String {
        let rows = method.parameters.map { parameter in
            "<tr><td><code>\(escaped(parameter.name))</code></td><td>\(parameter.isRequired ? "required" : "")</td>"
                + "<td>\(escaped(description(parameter.kind)))</td></tr>\n"
        }.joined()
        return """
            <h2 id="\(method.name)"><code>\(method.name)</code></h2>
            <p>\(escaped(method.summary)) Role: \(method.role.rawValue).</p>
            \(rows.isEmpty ? "<p>No parameters.</p>" : "<table>\(rows)</table>")

            """
    }

    private static func description(_ kind: ParameterKind) -> String {
        switch kind {
        case .string(let limit): "text of at most \(limit) bytes"
        case .name(let limit): "text of 1 to \(limit) bytes"
        case .integer(let range, let value):
            "integer, \(range.lowerBound) to \(range.upperBound)" + (value.map { "; \($0) where absent" } ?? "")
        case .number(let range): "number, \(range.lowerBound) to \(range.upperBound)"
        case .boolean(let value): "true or false; \(value) where absent"
        case .choice(let names, let value):
            "one of " + names.joined(separator: ", ") + (value.map { "; \($0) where absent" } ?? "")
        case .time: "RFC 3339 text, or milliseconds since 1970"
        case .expression: "text such as price < 20 and brand = \"Ask\", or the same as JSON"
        case .requestId: "the id of an earlier request"
        case .requests(let limit): "list of at most \(limit) requests, each an object with a method and params"
        case .anyObject: "object with names of your own"
        case .vector(let limit): "list of at most \(limit) numbers, or an object with f32b64: floats in Base64"
        case .list(let element, let limit): "list of at most \(limit): \(description(element))"
        case .either(let first, let second): "\(description(first)), or \(description(second))"
        case .object(let members):
            "object: " + members.map { "\($0.name) (\(description($0.kind)))" }.joined(separator: ", ")
        }
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
