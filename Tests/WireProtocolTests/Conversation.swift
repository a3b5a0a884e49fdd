@testable import WireProtocol

/// A connection without a socket: bytes in, replies out, as a server would answer from the decoders alone. Methods of the
/// recommender are answered with an empty result once their parameters were accepted.
struct Conversation: ~Copyable {
    private(set) var output: [UInt8] = []
    private(set) var isClosed = false
    private var decoder = FrameDecoder()
    private let parser = JSONParser()

    private var unconsumed: [UInt8] = []

    mutating func receive(_ bytes: [UInt8]) {
        guard !isClosed else { return }
        unconsumed += bytes
        let received = unconsumed
        let span = unsafe received.span.bytes
        var offset = 0
        defer { unconsumed.removeFirst(offset) }
        while !isClosed {
            switch decoder.next(in: span, from: offset) {
            case .needsMoreBytes: return
            case .frame(let payload):
                offset = payload.upperBound
                answer(span.extracting(payload))
            case .refused(let error): close(error)
            case .http:
                output += FrameDecoder.httpReply
                isClosed = true
            }
        }
    }

    private mutating func close(_ error: WireError) {
        var writer = JSONWriter(appendingTo: &output)
        writer.writeConnectionError(error)
        writer.finish(into: &output)
        isClosed = true
    }

    private mutating func answer(_ payload: RawSpan) {
        var writer = JSONWriter(appendingTo: &output)
        var closes = false
        do throws(RefusedRequest) {
            try parser.withRequest(in: payload) { request in
                do throws(WireError) {
                    try Self.run(request, &writer)
                } catch {
                    writer.writeError(error, to: request)
                    closes = error.closesConnection
                }
            }
        } catch {
            writer.writeRefusal(error)
            closes = error.error.closesConnection
        }
        writer.finish(into: &output)
        isClosed = closes
    }

    private static func run(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) {
        switch request.method {
        case .hello:
            let parameters = try HelloParameters(request)
            writer.beginReply(to: request)
            writer.helloResult(serverVersion: "0", isOrdered: parameters.isOrdered, index: nil)
        case .ping:
            let parameters = try PingParameters(request)
            writer.beginReply(to: request)
            writer.pingResult(echo: parameters.echo)
        default:
            switch request.method {
            case .recommendUser: _ = try RecommendUserParameters(request)
            case .recommendItem: _ = try RecommendItemParameters(request)
            case .recommendSession: _ = try RecommendSessionParameters(request)
            case .recommendPopular: _ = try RecommendPopularParameters(request)
            case .segmentsOf: _ = try SegmentsOfParameters(request)
            case .segmentsMembers: _ = try SegmentsMembersParameters(request)
            case .segmentsPredict: _ = try SegmentsPredictParameters(request)
            case .segmentsTrends: _ = try SegmentsTrendsParameters(request)
            case .personasOf: _ = try PersonasOfParameters(request)
            case .personasQuery: _ = try PersonasQueryParameters(request)
            case .personasTop: _ = try PersonasTopParameters(request)
            default: try request.refuseParameters()
            }
            writer.beginReply(to: request)
            writer.beginObject()
            writer.endObject()
        }
        writer.endReply(to: request, meta: ReplyMeta(serverMicroseconds: 0, queueMicroseconds: 0, indexVersion: nil))
    }
}
