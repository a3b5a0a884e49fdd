import DashboardPages
import HTTPServer
import ServiceMethods
import WireProtocol

// The dashboard over HTTP. Off unless `--dashboard` was given; then
//
//     with keys      Authorization: Bearer KEY, or Basic with the key as the password, which browsers ask people for
//     without keys   the listener is loopback's (`RecommendationServer`), and the address is one of loopback's too: another name that
//                    leads here is a site that a browser was tricked into taking for its own (DNS rebinding)
//
// Pages of other sites get nothing from it, those that may ask methods neither.

/// What the dashboard answers. One request's.
struct DashboardVisit {
    /// Behind `/dashboard`, decoded.
    let rest: String

    /// Where acknowledgements are sent.
    static let formPath = "/anomalies"

    var methods: [HTTPMethod] { rest == Self.formPath ? [.get, .head, .post] : [.get, .head] }

    /// - Parameter asksForKeys: whoever shows one may come by any name.
    func refusal(_ request: borrowing HTTPRequest, asksForKeys: Bool) -> (WireError, status: Int?)? {
        let host = request.header("Host") ?? ""
        guard asksForKeys || Self.isLoopback(host) else {
            return (
                WireError(.role, "Without keys the dashboard is there for this machine alone: open it as localhost."),
                nil
            )
        }
        if let origin = request.header("Origin"), origin != "http://\(host)", origin != "https://\(host)" {
            return (WireError(.role, "Pages of other sites may not use the dashboard."), nil)
        }
        guard request.method == .post else { return nil }
        let type = request.header("Content-Type")?.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        guard type == "application/x-www-form-urlencoded" else {
            return (
                WireError(.invalidRequest, "A form of the dashboard is application/x-www-form-urlencoded."), 415
            )
        }
        return nil
    }

    /// A host and perhaps a port.
    static func isLoopback(_ host: String) -> Bool {
        var name = Substring(host.lowercased())
        if name.hasPrefix("[") {
            guard let end = name.firstIndex(of: "]") else { return false }
            return name[...end] == "[::1]"
        }
        if let colon = name.lastIndex(of: ":") { name = name[..<colon] }
        if name == "localhost" || name.hasSuffix(".localhost") { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    // MARK: Pages

    func page(
        _ request: borrowing HTTPRequest, _ context: ServiceContext, _ access: Access
    ) throws(WireError) -> HTTPReply {
        let caller = Caller(replies: nil, access: access)
        try caller.check(.read, for: "the dashboard")
        let arguments = try Self.decoded(request.query)
        let mayWrite: Bool
        do throws(WireError) {
            try caller.check(.write, for: "the dashboard")
            mayWrite = true
        } catch {
            mayWrite = false
        }
        return Self.reply(Dashboard.answer(rest, arguments, context, mayWrite: mayWrite))
    }

    static func reply(_ page: DashboardReply) -> HTTPReply {
        var headers: [(name: String, value: String)] = []
        let content: HTTPContent
        switch page.kind {
        case .html: content = .html
        case .css: content = .css
        case .javaScript: content = .javaScript
        case .json: content = .json
        case .csv(let name):
            content = .csv
            headers.append(("Content-Disposition", "attachment; filename=\"\(name)\""))
        }
        return HTTPReply(status: page.status, content: content, body: page.body, headers: headers)
    }

    private static func decoded(_ arguments: [(name: String, value: String)]) throws(WireError) -> [(
        name: String, value: String
    )] {
        var decoded: [(name: String, value: String)] = []
        for (name, value) in arguments {
            // Forms write spaces so.
            guard let name = PercentDecoding.text(name.replacing("+", with: " ")),
                let value = PercentDecoding.text(value.replacing("+", with: " "))
            else { throw WireError(.invalidRequest, "The arguments are not percent-encoded UTF-8.") }
            decoded.append((name, value))
        }
        return decoded
    }

    // MARK: Forms

    /// The parameters of `anomalies.acknowledge`, as JSON.
    static func acknowledgement(_ body: [UInt8]) throws(WireError) -> [UInt8] {
        let pairs = String(decoding: body, as: UTF8.self).split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
        }
        var bytes: [UInt8] = []
        var writer = JSONWriter(appendingTo: &bytes)
        writer.beginObject()
        for (name, value) in try decoded(pairs) {
            switch name {
            case "anomalyId":
                writer.key("anomalyId")
                writer.string(value)
            case "note":
                writer.key("note")
                writer.string(value)
            case "reopen":
                writer.key("reopen")
                writer.boolean(value == "true")
            default: throw WireError(.badField, "The form has no such field.", field: "form")
            }
        }
        writer.endObject()
        writer.finish(into: &bytes)
        return bytes
    }

    /// The page with its filters that a form was sent from; of this server alone.
    static func returnPath(_ request: borrowing HTTPRequest) -> String {
        let page = Dashboard.path + formPath
        guard let referer = request.header("Referer"), let host = request.header("Host") else { return page }
        for scheme in ["http://", "https://"] where referer.hasPrefix(scheme + host + page) {
            let path = referer.dropFirst((scheme + host).count)
            if path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return String(path) }
        }
        return page
    }

    // MARK: Keys

    /// The key of `Authorization`: of Basic, the password, whoever the user is.
    static func key(ofBasic header: String) -> [UInt8]? {
        guard header.prefix(6).lowercased() == "basic " else { return nil }
        let encoded = header.utf8.dropFirst(6).drop { $0 == UInt8(ascii: " ") }
        guard let text = Base64.decoded(encoded), let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        return Array(text[(colon + 1)...])
    }

    /// Of every answer of the dashboard.
    static let headers: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; "
                + "base-uri 'none'; frame-ancestors 'none'"
        ),
        // Ids of people stand in addresses; forms need the origin.
        ("Referrer-Policy", "same-origin"),
    ]
}

/// RFC 4648, section 4.
private enum Base64 {
    /// Nil of anything that is no Base64.
    static func decoded(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var (bytes, bits, count, padding) = ([UInt8](), UInt32(0), 0, 0)
        for byte in text {
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0, let value = value(byte) else { return nil }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return padding <= 2 && count < 6 ? bytes : nil
    }

    private static func value(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
