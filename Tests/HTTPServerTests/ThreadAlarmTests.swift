import Testing

@testable import HTTPServer

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct ThreadAlarmTests {
    private func hasRung(_ alarm: ThreadAlarm) -> Bool {
        var descriptors = [pollfd(fd: alarm.descriptor, events: Int16(POLLIN), revents: 0)]
        return unsafe poll(&descriptors, 1, 0) == 1
    }

    @Test func itRingsUntilItIsSilenced() throws {
        let alarm = try ThreadAlarm()
        #expect(!hasRung(alarm))
        // More often than its pipe has room for.
        for _ in 0..<200_000 { alarm.ring() }
        #expect(hasRung(alarm))
        alarm.silence()
        #expect(!hasRung(alarm))
        alarm.ring()
        #expect(hasRung(alarm))
    }
}
