internal import Synchronization
internal import Telemetry

/// What all loops of a server see.
final class SharedByLoops: Sendable {
    let mailboxes: [Mailbox]
    let counters: [CounterBlock]
    /// Connections that count towards the limit; touched when one opens or closes.
    let openConnections = Atomic<Int>(0)
    let nextConnectionID = Atomic<UInt64>(0)
    let leakedLoops = Atomic<Int>(0)
    let forcedCloses = Atomic<Int>(0)
    let buffers: BufferBudget
    let firstFailure = Locked<ServerError?>(nil)

    init(loopCount: Int, bufferBudget: Int) {
        buffers = BufferBudget(limitBytes: bufferBudget, loopCount: loopCount)
        mailboxes = (0..<loopCount).map { _ in Mailbox() }
        let names = LoopCounter.allCases.map(\.name)
        counters = (0..<loopCount).map { _ in CounterBlock(names: names) }
    }
}
