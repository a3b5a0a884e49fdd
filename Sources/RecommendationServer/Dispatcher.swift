import RecommendationIndex
import RecommendationService
import Telemetry
import WireProtocol

/// Answers one request. Parameters are read and checked before the first byte of a reply is written, so that what
/// throws leaves nothing behind in the output.
struct Dispatcher {
    let loop: LoopState
    let times: RequestTimes

    func answer(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) {
        try checkDeadline(request)
        switch request.method {
        case .hello:
            let parameters = try HelloParameters(request)
            writer.beginReply(to: request)
            writer.helloResult(
                serverVersion: RecommendationServer.version, isOrdered: parameters.isOrdered,
                index: loop.indexSummary.atNow)
        case .ping:
            let parameters = try PingParameters(request)
            writer.beginReply(to: request)
            writer.pingResult(echo: parameters.echo)
        case .health:
            try request.refuseParameters()
            writer.beginReply(to: request)
            writer.healthResult(loop.facts().isDraining ? .draining : .ready)
        case .info:
            try request.refuseParameters()
            writer.beginReply(to: request)
            writer.infoResult(server: serverSummary, index: loop.indexSummary.atNow)
        case .recommendUser: try recommendForUser(request, &writer)
        case .recommendItem: try recommendLikeItem(request, &writer)
        case .recommendSession: try recommendForSession(request, &writer)
        case .recommendPopular: try recommendPopular(request, &writer)
        case .segmentsList: try listSegments(request, &writer)
        case .segmentsOf: try answerSegment(request, &writer)
        case .segmentsMembers: try listMembers(request, &writer)
        case .segmentsPredict: try predictSegment(request, &writer)
        case .segmentsTrends: try tellTrends(request, &writer)
        case .personasOf: try answerPersona(request, &writer)
        case .personasQuery: try queryPersonas(request, &writer)
        case .personasTop: try listPersonaTop(request, &writer)
        }
        writer.endReply(
            to: request,
            meta: ReplyMeta(
                serverMicroseconds: Int(times.sinceReceipt / 1000), queueMicroseconds: times.queueMicroseconds,
                indexVersion: loop.indexSummary.version))
    }

    /// Requests that were pipelined behind others may come too late; one that has begun is short beside a deadline.
    private func checkDeadline(_ request: borrowing Request) throws(WireError) {
        guard let limit = request.deadlineMilliseconds else { return }
        if times.sinceReceipt / 1_000_000 >= UInt64(limit) {
            throw WireError(.deadlineExceeded, "The deadline of \(limit) ms passed before the request's turn came.")
        }
    }

    private var serverSummary: ServerSummary {
        let facts = loop.facts()
        return ServerSummary(
            version: RecommendationServer.version, uptimeSeconds: facts.uptimeSeconds, threads: facts.threadCount,
            connections: facts.connectionCount, requestsAnswered: facts.answeredCount, requestsFailed: facts.failedCount
        )
    }
}
