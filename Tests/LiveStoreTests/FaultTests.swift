import KeyValueStore
import LiveStore
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One seam, one table: what each call's failure looks like from outside, and that it passes.
@Suite struct FaultTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        let operation: StoreOperation
        let status: Int32
        let code: LiveStoreError.Code
        var testDescription: String { "\(operation.rawValue) gives \(status)" }
    }

    private static let faults: [Fault] = [
        Fault(operation: .commit, status: ENOSPC, code: .diskFull),
        Fault(operation: .commit, status: EDQUOT, code: .diskFull),
        Fault(operation: .commit, status: EIO, code: .unavailable),
        Fault(operation: .commit, status: EFBIG, code: .diskFull),
        Fault(operation: .put, status: ENOSPC, code: .diskFull),
        Fault(operation: .put, status: EIO, code: .unavailable),
        Fault(operation: .put, status: ENOMEM, code: .unavailable),
        Fault(operation: .put, status: -30_788, code: .refused),
        Fault(operation: .put, status: -30_792, code: .unavailable),
        Fault(operation: .get, status: EIO, code: .unavailable),
        Fault(operation: .get, status: -30_796, code: .damaged),
        Fault(operation: .begin, status: EMFILE, code: .unavailable),
        Fault(operation: .begin, status: -30_790, code: .unavailable),
        Fault(operation: .begin, status: -30_795, code: .unavailable),
    ]

    @Test(arguments: faults)
    func aFaultIsToldAndLosesNothingAndPasses(fault: Fault) throws {
        let control = FaultSwitch()
        var options = LiveStoreOptions()
        options.faults = control.faults
        options.retryMilliseconds = 1
        let test = try StoreUnderTest(options)
        #expect(try test.put(view("ann", "kite", id: "e1")) == [.stored(1)])
        control.set(fault.operation, fault.status)
        let error = #expect(throws: LiveStoreError.self) { try test.put(view("ann", "ball", id: "e2")) }
        #expect(error?.code == fault.code, "\(String(describing: error))")
        // Reads go on where the fault is one of writing.
        if [.commit, .put].contains(fault.operation) {
            #expect(try test.store.reader.history(of: .user("ann"), limit: 9).map(\.itemId) == ["kite"])
        }
        control.clear()
        #expect(try test.put(view("ann", "ball", id: "e2")) == [.stored(2)])
        #expect(try test.store.reader.history(of: .user("ann"), limit: 9).map(\.itemId) == ["ball", "kite"])
    }

    @Test func whatWasAcknowledgedFromMemoryIsWrittenWhenTheFaultEnds() throws {
        let control = FaultSwitch()
        var options = LiveStoreOptions()
        options.faults = control.faults
        options.retryMilliseconds = 1
        options.queueElementLimit = 3
        let test = try StoreUnderTest(options)
        control.set(.commit, ENOSPC)
        for index in 0..<3 { try test.store.submitFromMemory(.putEvents([view("ann", "i\(index)")])) }
        let error = #expect(throws: LiveStoreError.self) {
            try test.store.submitFromMemory(.putEvents([view("ann", "more")]))
        }
        #expect(error?.code == .queueFull && error?.isRetryable == true)
        #expect(try test.store.statistics().waitingCount == 3)
        control.clear()
        #expect(test.store.close() == 0)
        #expect(try test.store.reader.history(of: .user("ann"), limit: 9).map(\.itemId) == ["i2", "i1", "i0"])
        #expect(throws: LiveStoreError.self) { try test.put(view("ann", "late")) }
    }

    @Test func aFullMapGrowsByItselfWhileOthersRead() throws {
        var options = LiveStoreOptions()
        options.mapByteCount = 256 << 10
        let test = try StoreUnderTest(options)
        var count = 0
        for round in 0..<40 {
            let events = (0..<100).map { index in
                var event = view("user-\(index % 7)", "item-\(round)-\(index)")
                event.context = [UInt8](repeating: UInt8(ascii: "x"), count: 400)
                return event
            }
            count += try test.elements(.putEvents(events)).count
            #expect(try test.store.reader.history(of: .user("user-0"), limit: 10_000).count == (round + 1) * 15)
        }
        #expect(try test.store.statistics().eventCount == count)
        #expect(try test.store.statistics().mapByteCount > 256 << 10)
    }

    @Test func aClockThatJumpsChangesNeitherOrderNorDuplicates() throws {
        let time = Monitor<Int64>(1_700_000_000_000)
        var options = LiveStoreOptions()
        options.clock = { time.withLock { $0 } }
        let test = try StoreUnderTest(options)
        for (place, jump) in [0, 4_000_000_000_000, -5_000_000_000, 86_400_000].enumerated() {
            time.change { $0 = 1_700_000_000_000 + Int64(jump) }
            #expect(try test.put(view("ann", "i\(place)", id: "e\(place)")) == [.stored(UInt64(place + 1))])
            #expect(try test.put(view("ann", "i0", id: "e0")) == [.duplicate(1)])
        }
        #expect(try test.store.reader.history(of: .user("ann"), limit: 9).map(\.itemId) == ["i3", "i2", "i1", "i0"])
    }
}
