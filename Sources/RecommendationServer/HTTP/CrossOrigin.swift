import HTTPServer
import WireProtocol

/// What pages of other sites may do. By default nothing: browsers let no script read an answer without these headers, and a
/// request that a page sends all the same, which needs no answer to act, is refused.
struct CrossOrigin: Sendable {
    private let origins: Set<String>
    /// How long a browser may remember what it was told, in seconds.
    private static let rememberedSeconds = 600

    init(_ origins: [String]) { self.origins = Set(origins) }

    /// Nil where no page asks, one of this listener's own, or one that may.
    func refusal(_ request: borrowing HTTPRequest) -> WireError? {
        guard request.method == .post, let origin = request.header("Origin"), !origins.contains(origin) else {
            return nil
        }
        if let host = request.header("Host"), origin == "http://\(host)" || origin == "https://\(host)" { return nil }
        return WireError(
            .role, "Pages of this origin may not ask: start the server with --http-origin to allow one.")
    }

    func headers(_ request: borrowing HTTPRequest, allowed: String) -> [(name: String, value: String)] {
        guard !origins.isEmpty else { return [] }
        guard let origin = request.header("Origin"), origins.contains(origin) else { return [("Vary", "Origin")] }
        var headers = [("Vary", "Origin"), ("Access-Control-Allow-Origin", origin)]
        if request.method == .options {
            headers += [
                ("Access-Control-Allow-Methods", allowed),
                ("Access-Control-Allow-Headers", "Authorization, Content-Type"),
                ("Access-Control-Max-Age", "\(Self.rememberedSeconds)"),
            ]
        }
        return headers
    }
}
