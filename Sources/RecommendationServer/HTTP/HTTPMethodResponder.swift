import HTTPServer
import RecommendationService
import ServiceMethods
import WireProtocol

/// Who asks a method over HTTP.
struct HTTPAsker {
    let access: Access
    /// For an answer that comes later.
    let waker: HTTPWaker
    /// Nanoseconds of the monotonic clock.
    let receivedAt: UInt64
}

enum HTTPMethodAnswer {
    case reply(HTTPReply)
    case later(HTTPLateReply)
}

/// Answers the methods' requests of one thread, as `FrameResponder` does those in frames.
final class HTTPMethodResponder {
    /// Of the same context and counters: for the elements of batches.
    let frames: FrameResponder
    var context: ServiceContext { frames.context }
    private let parser = JSONParser()
    private let counters: RequestCounters
    private let methods: [ServiceMethod]
    private let room = ReplyRoom()
    /// Methods that only replaced routes ask are counted as those that they stand for.
    private static let standIns = ["segment/customer": "segments.of", "fetchPersonas": "personas.query"]

    /// - Parameter methods: by their numbers in `MethodTable`, for tests that put others in their places.
    init(_ context: ServiceContext, counters: RequestCounters, methods: [ServiceMethod] = MethodTable.all) {
        frames = FrameResponder(context, counters: counters, methods: methods)
        self.counters = counters
        self.methods = methods
    }

    /// A method of the table.
    func answer(
        _ number: Int, _ query: [(name: String, value: String)], _ body: [UInt8], for asker: HTTPAsker
    ) -> HTTPMethodAnswer {
        let deadline: Int?
        do throws(WireError) {
            deadline = try Self.deadline(query)
        } catch {
            return .reply(fail(error, number))
        }
        return answer(methods[number], number, body, deadline, .body, for: asker)
    }

    func answer(
        _ route: ReplacedRoute, _ values: [String], _ query: [(name: String, value: String)], _ body: [UInt8],
        for asker: HTTPAsker
    ) -> HTTPMethodAnswer {
        let number = Self.number(route.target)
        let parameters: [UInt8]
        do throws(WireError) {
            let fromPath = try route.parameters(values, query)
            parameters = route.method == .post ? body : fromPath
        } catch {
            return .reply(fail(error, number))
        }
        return answer(route.target, number, parameters, nil, .value, for: asker)
    }

    /// What it is counted under.
    private static func number(_ method: ServiceMethod) -> Int {
        let name = "\(method.name)"
        return MethodTable.all.firstIndex { "\($0.name)" == (standIns[name] ?? name) } ?? 0
    }

    /// The one argument of a method's path.
    private static func deadline(_ query: [(name: String, value: String)]) throws(WireError) -> Int? {
        var deadline: Int?
        for (name, value) in query {
            guard name == "deadlineMs" else {
                throw WireError(
                    .invalidRequest, "The only argument is deadlineMs; parameters are members of the body.")
            }
            guard let number = Int(value), ProtocolLimits.deadlineMilliseconds.contains(number) else {
                let range = ProtocolLimits.deadlineMilliseconds
                throw WireError(
                    .badField, "This is an integer from \(range.lowerBound) to \(range.upperBound).",
                    field: "deadlineMs", minimum: range.lowerBound, maximum: range.upperBound)
            }
            deadline = number
        }
        return deadline
    }

    private func fail(_ error: WireError, _ number: Int) -> HTTPReply {
        counters.countFailure(error.reason, method: number)
        context.watch?.failed(number, error, client: nil, traceparent: nil)
        return .error(error)
    }

    private func answer(
        _ method: ServiceMethod, _ number: Int, _ body: [UInt8], _ deadline: Int?, _ form: ReplyForm,
        for asker: HTTPAsker
    ) -> HTTPMethodAnswer {
        let mailbox = HTTPMailbox(asker.waker)
        let replies = ConnectionReplies(transport: mailbox, room: room)
        // The replaced routes' methods answer at once.
        let caller = Caller(replies: form == .value ? nil : replies, access: asker.access)
        let times = RequestTimes(receivedAt: asker.receivedAt, startedAt: asker.receivedAt)
        let dispatcher = Dispatcher(context: context, caller: caller, times: times, form: form)
        var failure: WireError?
        var isAnswered = false
        let reply = HTTPReply.json(200) { writer in
            do throws(WireError) {
                let document = unsafe body.span.bytes
                try parser.withParameters(in: document, method: number, deadlineMilliseconds: deadline) {
                    request, text in
                    if method.traits.contains(.readsText) { context.parametersText = text }
                    do throws(WireError) {
                        switch try dispatcher.answer(request, by: method, &writer) {
                        case .written: isAnswered = true
                        case .putOff: break
                        case .waits(let evaluation):
                            let ticket = try dispatcher.wait(request)
                            try waiting(ticket, dispatcher, method, number, body, deadline).wait(for: evaluation)
                        }
                    } catch {
                        failure = error
                    }
                }
            } catch {
                failure = error
            }
            guard isAnswered else { return }
            let nanoseconds = times.sinceReceipt
            counters.countAnswer(method: number, nanoseconds: nanoseconds, nonFiniteNumbers: writer.nonFiniteCount)
            context.watch?.answered(
                number, nanoseconds: nanoseconds, queueNanoseconds: 0, requestBytes: body.count, client: nil,
                traceparent: nil)
        }
        if let failure { return .reply(fail(failure, number)) }
        if isAnswered { return .reply(reply) }
        return .later(
            HTTPLateReply(replies, mailbox, caller, asker.waker, room: room, receivedAt: asker.receivedAt))
    }
}

extension HTTPMethodResponder {
    /// For a filter that has yet to be looked over; then it is answered from its body.
    private func waiting(
        _ ticket: ReplyTicket, _ dispatcher: Dispatcher, _ method: ServiceMethod, _ number: Int, _ body: [UInt8],
        _ deadline: Int?
    ) -> WaitingRequest {
        WaitingRequest(ticket, context.rules) { [parser] found, _, writer throws(WireError) in
            var missing: RuleEvaluation?
            var failure: WireError?
            let document = unsafe body.span.bytes
            try parser.withParameters(in: document, method: number, deadlineMilliseconds: deadline) { request, _ in
                do throws(WireError) {
                    missing = try dispatcher.answerAgain(request, by: method, lent: found, &writer)
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            return missing
        }
    }
}

extension HTTPReply {
    /// - Parameter write: a whole body.
    static func json(_ status: Int, _ write: (inout JSONWriter) -> Void) -> HTTPReply {
        var body: [UInt8] = []
        var writer = JSONWriter(appendingTo: &body)
        write(&writer)
        writer.finish(into: &body)
        return HTTPReply(status: status, content: .json, body: body, bodyStart: FrameDecoder.headerBytes)
    }

    /// - Parameter status: nil for the one of the error's reason.
    static func error(_ error: WireError, status: Int? = nil) -> HTTPReply {
        json(status ?? error.reason.httpStatus) { writer in writer.writeErrorBody(error) }
    }
}
