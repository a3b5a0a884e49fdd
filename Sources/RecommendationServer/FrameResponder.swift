package import ServiceMethods
package import WireProtocol

/// Answers the payloads of frames, one after the other. Knows no socket: connections of the event loop hand it bytes, and so do tests.
/// One thread's.
package final class FrameResponder {
    private let parser = JSONParser()
    package let context: ServiceContext
    package let counters: RequestCounters

    package init(_ context: ServiceContext, counters: RequestCounters) {
        self.context = context
        self.counters = counters
    }

    /// Writes one reply; true where the connection ends after it.
    package func answer(_ payload: RawSpan, _ times: RequestTimes, _ writer: inout JSONWriter) -> Bool {
        var closes = false
        do throws(RefusedRequest) {
            try parser.withRequest(in: payload) { request in
                do throws(WireError) {
                    try Dispatcher(context: context, times: times).answer(request, &writer)
                    counters.countAnswer(
                        method: request.method, nanoseconds: times.sinceReceipt,
                        nonFiniteNumbers: writer.nonFiniteCount)
                } catch {
                    counters.countFailure(method: request.method)
                    writer.writeError(error, to: request)
                    closes = error.closesConnection
                }
            }
        } catch {
            counters.countFailure()
            writer.writeRefusal(error)
            closes = error.error.closesConnection
        }
        return closes
    }
}
