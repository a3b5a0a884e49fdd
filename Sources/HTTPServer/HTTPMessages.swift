package enum HTTPMethod: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case options = "OPTIONS"
}

/// The type of a reply's body.
package enum HTTPContent: String, Sendable {
    case json = "application/json"
    case html = "text/html; charset=utf-8"
    case text = "text/plain; charset=utf-8"
    case css = "text/css; charset=utf-8"
    case javaScript = "text/javascript; charset=utf-8"
    case csv = "text/csv; charset=utf-8"
    /// Prometheus's text format.
    case metrics = "text/plain; version=0.0.4; charset=utf-8"
}

package struct HTTPReply: Sendable {
    package var status: Int
    package var content: HTTPContent?
    package var body: [UInt8]
    /// Where in `body` what is sent begins.
    package var bodyStart: Int
    package var headers: [(name: String, value: String)]

    package init(
        status: Int, content: HTTPContent? = nil, body: [UInt8] = [], bodyStart: Int = 0,
        headers: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.content = content
        self.body = body
        self.bodyStart = bodyStart
        self.headers = headers
    }
}

/// What the listener itself refuses, before or instead of the application.
package enum HTTPRefusal: Sendable, Equatable {
    /// 411
    case lengthRequired
    /// 413
    case bodyTooLarge(limit: Int)
    /// 503: the bodies of all connections together have a limit.
    case buffersFull
}

/// What becomes of a request next.
package enum HTTPStep: Sendable {
    case reply(HTTPReply)
    /// The body is read, of at most so many bytes. Only where it has not been yet.
    case readBody(limit: Int)
    /// Nothing yet: it is asked again once its waker was used, or at that time (nanoseconds of the monotonic clock) at the latest.
    case wait(until: UInt64)
}

/// The way of one request to its answer. Used and released on the thread of its connection.
///
///     headers ──▶ begin ──readBody──▶ body ──▶ answer ──▶ reply
///                  │  ▲                         │
///                 wait resume                  wait ──▶ resume ──▶ reply
package protocol HTTPAnswering: AnyObject {
    /// The headers are there, and often decide already.
    func begin(_ request: borrowing HTTPRequest) -> HTTPStep
    /// - Parameter receivedAt: nanoseconds of the monotonic clock when the request was whole.
    func answer(_ request: borrowing HTTPRequest, body: [UInt8], receivedAt: UInt64) -> HTTPStep
    /// It has waited.
    func resume(_ request: borrowing HTTPRequest) -> HTTPStep
    func reply(to refusal: HTTPRefusal, _ request: borrowing HTTPRequest) -> HTTPReply
}

/// Answers the requests of one thread. Made, used and released on that thread.
package protocol HTTPApplication: AnyObject {
    /// - Parameter waker: for a request that waits.
    func makeAnswer(_ waker: HTTPWaker) -> any HTTPAnswering
    /// Between two requests, some times a second.
    func rest()
}
