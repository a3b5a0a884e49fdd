import EventLoop
import Telemetry
import WireProtocol

/// The protocol's limits as far as this process can keep them: the system may give it fewer descriptors or less memory.
struct ServingLimits {
    /// Of what the process may still take, buffers get a third: memory that grows by doubling holds half as much again for a
    /// moment, and the next index, a large request and the system's own buffers need their part.
    private static let memoryShare = 3
    /// A largest frame, its copy while it grows, and its answer.
    private static let leastBufferBytes = 8 << 20

    private(set) var limits: TCPServer.Limits
    /// Of each loop.
    let lingeringRejections: Int
    private let descriptors: DescriptorLimit
    private let memory: MemoryRoom?
    private let wantedBufferBytes: Int

    /// - Parameters:
    ///   - descriptors: as they were before anything was opened.
    ///   - reservedDescriptors: what the HTTP listener may take of them.
    ///   - memory: what is left now, that is with the index; nil where nothing limits it.
    init(
        bufferBytes: Int, threadCount: Int, descriptors: DescriptorLimit, reservedDescriptors: Int = 0,
        memory: MemoryRoom?
    ) throws(StartFailure) {
        self.descriptors = descriptors
        self.memory = memory
        wantedBufferBytes = bufferBytes
        let connections = descriptors.connections(loopCount: threadCount) - reservedDescriptors
        lingeringRejections = descriptors.rejections(loopCount: threadCount)
        guard connections >= 1 else {
            throw .tooFewDescriptors(limit: descriptors.limit, needed: descriptors.limit - connections + 1)
        }
        let room = memory.map { $0.bytes / Self.memoryShare } ?? .max
        guard room >= Self.leastBufferBytes else {
            throw .tooLittleMemory(
                limit: memory?.limit ?? "", leftBytes: memory?.bytes ?? 0,
                neededBytes: Self.leastBufferBytes * Self.memoryShare)
        }
        limits = TCPServer.Limits(
            connections: min(ProtocolLimits.connections, connections), idleSeconds: ProtocolLimits.idleSeconds,
            writeStallSeconds: ProtocolLimits.writeStallSeconds,
            partialMessageSeconds: ProtocolLimits.partialFrameSeconds,
            outputBufferBytes: ProtocolLimits.outputBufferBytes, outputPauseBytes: ProtocolLimits.outputPauseBytes,
            messageBytes: ProtocolLimits.frameBytesIn + FrameDecoder.headerBytes,
            messagesPerTurn: ProtocolLimits.requestsInFlight, bufferBudgetBytes: min(bufferBytes, room))
    }

    /// What is below what was asked for.
    func tell(_ log: Log) {
        if limits.connections < ProtocolLimits.connections {
            log.warning(
                "fewer connections than the protocol's limit: raise the limit of open files (ulimit -Hn)",
                [
                    "connections": .integer(limits.connections), "of": .integer(ProtocolLimits.connections),
                    "openFiles": .integer(descriptors.limit),
                ])
        }
        if limits.bufferBudgetBytes < wantedBufferBytes, let memory {
            log.warning(
                "smaller buffers than asked for: the process may not take more memory",
                [
                    "bufferBytes": .integer(limits.bufferBudgetBytes), "of": .integer(wantedBufferBytes),
                    "limit": .text(memory.limit), "leftBytes": .integer(memory.bytes),
                ])
        }
    }
}
