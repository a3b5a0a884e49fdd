import HTTPServer
import Synchronization
import WireProtocol

/// What pages of other sites may do. By default nothing: browsers let no script read an answer without these headers, and a
/// request that a page sends all the same, which needs no answer to act, is refused.
final class CrossOrigin: Sendable {
    private let allowed: Mutex<Set<String>>
    /// How long a browser may remember what it was told, in seconds.
    private static let rememberedSeconds = 600

    init(_ origins: [String]) { allowed = Mutex(Set(origins)) }

    private var origins: Set<String> { allowed.withLock { $0 } }

    /// For requests that come from now on.
    func allow(_ origins: [String]) { allowed.withLock { $0 = Set(origins) } }

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
        let origins = self.origins
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
