import Testing
import WireProtocol

@testable import ServiceMethods

@Suite struct RequestWatchTests {
    private func watch() -> RequestWatch { RequestWatch(slowMilliseconds: 10) { 1234 } }

    private func add(_ milliseconds: UInt64, to watch: RequestWatch, method: Int = 3) {
        watch.answered(
            method, nanoseconds: milliseconds * 1_000_000, queueNanoseconds: 2_000, requestBytes: 61, client: "shop",
            traceparent: nil)
    }

    @Test func onlySlowRequestsAreKeptTheLatestFirst() {
        let watch = watch()
        for milliseconds in [9, 10, 3, 25] as [UInt64] { add(milliseconds, to: watch) }
        let (requests, total) = watch.latest(5)
        #expect(total == 2 && requests.map(\.microseconds) == [25_000, 10_000])
        #expect(
            requests.last
                == .init(
                    time: 1234, method: 3, microseconds: 10_000, queueMicroseconds: 2, requestBytes: 61,
                    client: "shop", traceparent: nil))
        #expect(watch.latest(1).requests.map(\.microseconds) == [25_000])
    }

    @Test func theOldestGoFirst() {
        let watch = watch()
        let count = RequestWatch.capacity + 7
        for number in 0..<count { add(10 + UInt64(number), to: watch) }
        let (requests, total) = watch.latest(.max)
        #expect(total == count && requests.count == RequestWatch.capacity)
        #expect(requests.last?.microseconds == 17_000 && requests.first?.microseconds == (9 + count) * 1000)
    }
}
