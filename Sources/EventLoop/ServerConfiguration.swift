/// How connections reach the loops.
package enum AcceptStrategy: Sendable {
    /// One listening socket per loop; the kernel spreads connections by a hash of the addresses (Linux).
    case socketPerLoop
    /// Loop 0 accepts and hands connections to the loops in turn.
    case oneAcceptor

    package static var platformDefault: AcceptStrategy {
        #if os(Linux)
            .socketPerLoop
        #else
            .oneAcceptor
        #endif
    }
}

extension TCPServer {
    /// All limits have a default; times are in milliseconds, sizes in bytes.
    package struct Configuration: Sendable {
        package var listenAddress: ListenAddress
        package var loopCount: Int
        package var acceptStrategy = AcceptStrategy.platformDefault
        /// Connections the kernel completes while the loop is busy; Linux caps it at net.core.somaxconn (4096).
        package var backlog: Int32 = 1024

        /// Over all loops. The next client gets `overLimitMessage` and is closed.
        package var maxConnections = 10_000
        package var overLimitMessage: @Sendable () -> [UInt8] = { [] }

        /// Neither bytes from the client nor progress of an answer for this long: closed.
        package var idleTimeout = 300_000
        /// A client that takes nothing of a waiting answer for this long is closed.
        package var writeStallTimeout = 30_000
        /// Bytes that the handler does not consume (half a frame) may wait this long for the rest. 4 MiB, the largest
        /// frame, then needs 0.6 Mbit/s.
        package var partialInputTimeout = 60_000
        /// After the last answer our side is shut down and the client has this long to close its own. Closing at once
        /// would reset the connection where input is unread, and the reset may overtake the answer.
        package var lingerTimeout = 1000

        /// More output waiting for one client than this closes it (`CloseReason.outputLimit`).
        package var outputBufferLimit = 32 << 20
        /// Above this the loop stops reading and stops calling the handler ...
        package var outputHighWater = 1 << 20
        /// ... until no more than this is left.
        package var outputLowWater = 256 << 10
        /// One read takes at most this much. 64 KiB holds many pipelined requests and stays in the L2 cache.
        package var readChunk = 64 << 10
        /// A connection's turn ends after so many messages ...
        package var turnMessages = 128
        /// ... or this time: short beside a request's latency over a network, long beside a look at the network (2 us).
        package var turnNanoseconds = 200_000
        /// While messages wait for their turn, reading goes on up to here, so that they count as arrived; then the client
        /// is held back.
        package var readAheadBytes = 1 << 20
        /// A handler that leaves more than this unconsumed, while its output is not paused, loses the connection.
        /// The buffer grows as bytes arrive and never exceeds this and one chunk.
        package var maxUnconsumedBytes = (4 << 20) + 4

        /// Called on loop 0. `nil` leaves the process's signal actions alone.
        package var onSignal: (@Sendable (ServerSignal) -> Void)?

        package init(
            listenAddress: ListenAddress = ListenAddress(host: "127.0.0.1", port: 0),
            loopCount: Int = TCPServer.processorCount
        ) {
            self.listenAddress = listenAddress
            self.loopCount = loopCount
        }

        func check() {
            precondition(loopCount >= 1 && backlog >= 1 && maxConnections >= 1 && readChunk >= 1)
            precondition(outputLowWater >= 0 && outputLowWater <= outputHighWater)
            precondition(outputHighWater <= outputBufferLimit && maxUnconsumedBytes >= 0)
            precondition(turnMessages >= 1 && turnNanoseconds >= 0 && readAheadBytes >= 1)
            precondition(idleTimeout > 0 && writeStallTimeout > 0 && partialInputTimeout > 0 && lingerTimeout > 0)
        }

        /// Every connection's times are looked at this often: twice in the shortest, at least each second.
        var checkInterval: UInt64 {
            let shortest = min(idleTimeout, writeStallTimeout, partialInputTimeout, lingerTimeout)
            return UInt64(min(max(shortest / 2, 5), 1000))
        }
    }
}

package enum ServerSignal: Sendable, CaseIterable {
    case terminate, interrupt, hangUp
}
