import Testing

@testable import Telemetry

@Suite("Counters, clocks, process facts")
struct CounterTests {
    @Test("blocks add up by position and keep the order of names")
    func sum() {
        let names = ["requests", "errors"]
        let blocks = [CounterBlock(names: names), CounterBlock(names: names), CounterBlock(names: names)]
        blocks[0].add(at: 0)
        blocks[1].add(41, at: 0)
        blocks[2].add(7, at: 1)
        let total = CounterBlock.sum(blocks)
        #expect(total.map(\.name) == names)
        #expect(total.map(\.value) == [42, 7])
        #expect(blocks[1].value(at: 0) == 41)
        #expect(CounterBlock.sum([]).isEmpty)
    }

    @Test("two blocks written by two tasks lose nothing while a third reads")
    func concurrent() async {
        let blocks = [CounterBlock(names: ["n"]), CounterBlock(names: ["n"])]
        await withTaskGroup(of: Void.self) { group in
            for block in blocks {
                group.addTask { for _ in 0..<50_000 { block.add(at: 0) } }
            }
            group.addTask {
                var last = 0
                for _ in 0..<1000 {
                    let now = CounterBlock.sum(blocks)[0].value
                    #expect(now >= last)
                    last = now
                }
            }
        }
        #expect(CounterBlock.sum(blocks)[0].value == 100_000)
    }

    @Test("a block larger than a cache line keeps its cells apart")
    func manyCounters() {
        let block = CounterBlock(names: (0..<100).map { "c\($0)" })
        for index in 0..<100 { block.add(index, at: index) }
        #expect((0..<100).allSatisfy { block.value(at: $0) == $0 })
    }

    @Test("the monotonic clock never goes back; the wall clock is in this century")
    func clocks() {
        var last = MonotonicClock.nanoseconds()
        for _ in 0..<1000 {
            let now = MonotonicClock.nanoseconds()
            #expect(now >= last)
            last = now
        }
        // 2025-01-01 and 2100-01-01.
        #expect((1_735_689_600_000..<4_102_444_800_000).contains(WallClock.milliseconds()))
    }

    @Test("process facts follow what the process does")
    func processFacts() {
        let start = MonotonicClock.nanoseconds()
        let before = ProcessFacts.read(startedAtNanoseconds: start)
        let size = 64 << 20
        let block = [UInt8](repeating: 1, count: size)
        let after = ProcessFacts.read(startedAtNanoseconds: start)
        #expect(block[size - 1] == 1)
        #expect(after.residentBytes > before.residentBytes + size / 2)
        #expect(after.peakResidentBytes >= size)
        #expect(after.cpuSeconds > before.cpuSeconds)
        #expect(after.uptimeSeconds >= before.uptimeSeconds && before.uptimeSeconds >= 0)
        #expect(after.processID == before.processID && after.processID > 0)
        #expect(ProcessFacts.read(startedAtNanoseconds: .max).uptimeSeconds == 0)
    }
}
