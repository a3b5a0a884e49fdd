import AccessKeys
import DashboardPages
import HTTPServer
import ServiceMethods
import Synchronization
import Telemetry
import WireProtocol

/// One request over HTTP: what it is refused for, whose key it shows, what it is answered. One thread's.
final class HTTPVisit: HTTPAnswering {
    private let service: HTTPService
    private let waker: HTTPWaker
    /// Known once the headers are there.
    private var route = HTTPRoute.nothing(.pathIsUnknown)
    private var access = Access.open
    private var keyWait: KeyWait?
    private var late: HTTPLateReply?
    /// Where a form of the dashboard goes on once it is done.
    private var returnPath: String?

    init(_ service: HTTPService, _ waker: HTTPWaker) {
        self.service = service
        self.waker = waker
    }

    // MARK: The headers

    func begin(_ request: borrowing HTTPRequest) -> HTTPStep {
        route = HTTPRoute(path: request.path, hasDashboard: service.facts.hasDashboard)
        if let (error, status) = refusal(request) { return refuse(error, status: status, request) }
        guard request.method != .options, route.keyNeed != .none, let desk = service.keys else {
            return .readBody(limit: ProtocolLimits.frameBytesIn)
        }
        return checkKey(request, desk)
    }

    private func refusal(_ request: borrowing HTTPRequest) -> (WireError, status: Int?)? {
        if case .nothing(let error) = route { return (error, nil) }
        guard let method = request.method, method == .options || route.methods.contains(method) else {
            return (
                WireError(.invalidRequest, "This path is asked by \(route.allowed), not by \(request.methodName)."), 405
            )
        }
        if method == .options { return nil }
        if case .dashboard(let visit) = route { return visit.refusal(request, asksForKeys: service.keys != nil) }
        if let error = service.facts.crossOrigin.refusal(request) { return (error, nil) }
        guard method == .post, !Self.isJSON(request) else { return nil }
        return (
            WireError(
                .invalidRequest, "The body is JSON: send it with the header Content-Type: application/json."), 415
        )
    }

    /// A request that says it has no body need not say of what type.
    private static func isJSON(_ request: borrowing HTTPRequest) -> Bool {
        guard let type = request.header("Content-Type") else { return request.header("Content-Length") == "0" }
        let essence = type.prefix { $0 != ";" }
        return essence.lowercased().filter { $0 != " " && $0 != "\t" } == "application/json"
    }

    private func refuse(_ error: WireError, status: Int? = nil, _ request: borrowing HTTPRequest) -> HTTPStep {
        service.counters.requests.countFailure(error.reason)
        return .reply(finished(failure(error, status: status), request))
    }

    /// A page where people look, JSON where programs do.
    private func failure(_ error: WireError, status: Int? = nil) -> HTTPReply {
        guard case .dashboard = route else { return .error(error, status: status) }
        return DashboardVisit.reply(
            Dashboard.refusal(status: status ?? error.reason.httpStatus, error.message))
    }

    // MARK: The key

    /// What is found out of it, on another thread.
    private final class KeyWait: Sendable {
        enum State { case waits, granted(Grant), refused, unwanted }
        let state = Mutex(State.waits)

        func end(_ grant: Grant?) { state.withLock { $0 = grant.map { .granted($0) } ?? .refused } }
        var isWanted: Bool { state.withLock { if case .waits = $0 { true } else { false } } }
    }

    deinit { keyWait?.state.withLock { $0 = .unwanted } }

    private func checkKey(_ request: borrowing HTTPRequest, _ desk: KeyDesk) -> HTTPStep {
        guard let header = request.header("Authorization") else {
            access = .none
            if route.keyNeed == .required { return refuse(.keyIsMissing, request) }
            return .readBody(limit: ProtocolLimits.frameBytesBeforeAuthentication)
        }
        guard let key = shownKey(header) else { return refuse(.keyIsMissing, request) }
        let shown: ShownKey
        do throws(WireError) {
            shown = try desk.show(key, at: WallClock.milliseconds())
        } catch {
            return refuse(error, request)
        }
        switch shown {
        case .granted(let grant): return accept(grant)
        case .later(let inquiry):
            let wait = KeyWait()
            keyWait = wait
            inquiry.begin(isWanted: { wait.isWanted }) { [waker] grant in
                wait.end(grant)
                waker.wake()
            }
            return .wait(until: Self.latest)
        }
    }

    /// Nil where it is none, or longer than any.
    private func shownKey(_ header: String) -> [UInt8]? {
        // Base64 takes four bytes for three.
        guard header.utf8.count <= 2 * ProtocolLimits.keyBytes else { return nil }
        var key: [UInt8]?
        if header.prefix(7).lowercased() == "bearer " {
            key = Array(header.utf8.dropFirst(7).drop { $0 == UInt8(ascii: " ") })
        } else if case .dashboard = route {
            key = DashboardVisit.key(ofBasic: header)
        }
        return key.flatMap { $0.count <= ProtocolLimits.keyBytes ? $0 : nil }
    }

    /// A key's check ends for certain, so this is for nothing but a fault.
    private static var latest: UInt64 {
        MonotonicClock.nanoseconds() + UInt64(ProtocolLimits.deadlineMilliseconds.upperBound) * 1_000_000
    }

    private func accept(_ grant: Grant) -> HTTPStep {
        access = .granted(grant)
        return .readBody(limit: ProtocolLimits.frameBytesIn)
    }

    func resume(_ request: borrowing HTTPRequest) -> HTTPStep {
        if let late { return step(late, request) }
        guard let keyWait else { return refuse(.deadlinePassed, request) }
        switch keyWait.state.withLock({ $0 }) {
        case .waits, .unwanted: return .wait(until: Self.latest)
        case .refused: return refuse(.wrongKey, request)
        case .granted(let grant): return accept(grant)
        }
    }

    // MARK: Answers

    func answer(_ request: borrowing HTTPRequest, body: [UInt8], receivedAt: UInt64) -> HTTPStep {
        service.rest()
        if request.method == .options {
            return .reply(finished(HTTPReply(status: 204, headers: [("Allow", route.allowed)]), request))
        }
        let asker = HTTPAsker(access: access, waker: waker, receivedAt: receivedAt)
        switch route {
        case .live: return text(200, "ok", request)
        case .ready:
            let health = service.facts.health()
            return text(health == .ready ? 200 : 503, "\(health)", request)
        case .metrics: return metrics(request)
        case .openAPI:
            return .reply(
                finished(HTTPReply(status: 200, content: .json, body: OpenAPIDocument.bytes), request))
        case .documentation:
            return .reply(
                finished(HTTPReply(status: 200, content: .html, body: DocumentationPage.bytes), request))
        case .method(let number):
            return step(service.responder.answer(number, request.query, body, for: asker), request)
        case .replaced(let route, let values):
            return step(service.responder.answer(route, values, request.query, body, for: asker), request)
        case .dashboard(let visit): return dashboard(visit, request, body, asker)
        // `begin` has refused it.
        case .nothing(let error): return refuse(error, request)
        }
    }

    private func text(_ status: Int, _ line: String, _ request: borrowing HTTPRequest) -> HTTPStep {
        .reply(finished(HTTPReply(status: status, content: .text, body: Array("\(line)\n".utf8)), request))
    }

    private func dashboard(
        _ visit: DashboardVisit, _ request: borrowing HTTPRequest, _ body: [UInt8], _ asker: HTTPAsker
    ) -> HTTPStep {
        do throws(WireError) {
            guard request.method == .post else {
                return .reply(finished(try visit.page(request, service.responder.context, access), request))
            }
            let parameters = try DashboardVisit.acknowledgement(body)
            returnPath = DashboardVisit.returnPath(request)
            let number = try MethodTable.names.number(of: "anomalies.acknowledge")
            return step(service.responder.answer(number, [], parameters, for: asker), request)
        } catch {
            return refuse(error, request)
        }
    }

    private func metrics(_ request: borrowing HTTPRequest) -> HTTPStep {
        do throws(WireError) {
            try Caller(replies: nil, access: access).check(.read, for: request.path)
        } catch {
            return refuse(error, request)
        }
        return .reply(
            finished(HTTPReply(status: 200, content: .metrics, body: service.facts.metrics()), request))
    }

    private func step(_ answer: HTTPMethodAnswer, _ request: borrowing HTTPRequest) -> HTTPStep {
        switch answer {
        case .later(let late):
            self.late = late
            return .wait(until: late.deadline)
        case .reply(var reply):
            if case .replaced(let route, _) = route, route.isProbe, service.facts.health() != .ready {
                reply.status = 503
            }
            return .reply(finished(afterForm(reply), request))
        }
    }

    /// What became of a form: the page that it was sent from, or why not.
    private func afterForm(_ reply: HTTPReply) -> HTTPReply {
        guard let returnPath else { return reply }
        guard reply.status == 200 else {
            return DashboardVisit.reply(
                Dashboard.refusal(
                    status: reply.status, "This could not be kept: the anomaly is gone, or the key may not write."))
        }
        return HTTPReply(status: 303, headers: [("Location", returnPath)])
    }

    private func step(_ late: HTTPLateReply, _ request: borrowing HTTPRequest) -> HTTPStep {
        service.rest()
        guard let reply = late.answer(service.responder.frames) else { return .wait(until: late.deadline) }
        return .reply(finished(afterForm(reply), request))
    }

    func reply(to refusal: HTTPRefusal, _ request: borrowing HTTPRequest) -> HTTPReply {
        let (error, status): (WireError, Int) =
            switch refusal {
            case .lengthRequired:
                (WireError(.invalidRequest, "A POST says how long its body is: send Content-Length."), 411)
            case .bodyTooLarge(let limit):
                (WireError(.frameTooLarge, "The body is above the limit.", maximum: limit), 413)
            case .buffersFull:
                (WireError(.buffersFull, "The server's buffers are full; try again later."), 503)
            }
        service.counters.requests.countFailure(error.reason)
        return finished(failure(error, status: status), request)
    }

    /// What every answer has.
    private func finished(_ reply: HTTPReply, _ request: borrowing HTTPRequest) -> HTTPReply {
        var reply = reply
        var scheme = "Bearer"
        if case .dashboard = route {
            // Pages of other sites read nothing of it.
            reply.headers += DashboardVisit.headers
            scheme = "Basic realm=\"Foretaste: the password is a key\", charset=\"UTF-8\""
        } else {
            reply.headers += service.facts.crossOrigin.headers(request, allowed: route.allowed)
        }
        // No browser guesses another type, or shows an answer inside a page.
        reply.headers += [("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")]
        if case .documentation = route {
            reply.headers.append(("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"))
        }
        switch reply.status {
        case 401: reply.headers.append(("WWW-Authenticate", scheme))
        case 405: reply.headers.append(("Allow", route.allowed))
        case 503: reply.headers.append(("Retry-After", "1"))
        default: break
        }
        service.counters.count(status: reply.status)
        return reply
    }
}

extension WireError {
    fileprivate static var keyIsMissing: WireError {
        WireError(.keyMissing, "This server asks for a key: send it with the header Authorization: Bearer KEY.")
    }
}
