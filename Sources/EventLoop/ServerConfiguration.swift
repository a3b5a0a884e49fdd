internal import Telemetry
package import TransportSecurity

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
    /// The limits that a protocol states to its clients: whoever speaks the protocol names them, so that they are written once.
    package struct Limits: Sendable {
        package var connections: Int
        package var idleSeconds: Int
        package var writeStallSeconds: Int
        package var partialMessageSeconds: Int
        package var outputBufferBytes: Int
        package var outputPauseBytes: Int
        /// The largest message, with its length.
        package var messageBytes: Int
        package var messagesPerTurn: Int
        package var bufferBudgetBytes: Int

        package init(
            connections: Int, idleSeconds: Int, writeStallSeconds: Int, partialMessageSeconds: Int,
            outputBufferBytes: Int, outputPauseBytes: Int, messageBytes: Int, messagesPerTurn: Int,
            bufferBudgetBytes: Int
        ) {
            self.connections = connections
            self.idleSeconds = idleSeconds
            self.writeStallSeconds = writeStallSeconds
            self.partialMessageSeconds = partialMessageSeconds
            self.outputBufferBytes = outputBufferBytes
            self.outputPauseBytes = outputPauseBytes
            self.messageBytes = messageBytes
            self.messagesPerTurn = messagesPerTurn
            self.bufferBudgetBytes = bufferBudgetBytes
        }
    }

    package struct Listener: Sendable {
        package enum Place: Sendable, Hashable {
            case address(ListenAddress)
            /// A path of the file system: whoever may write there may connect.
            case unixSocket(String)
        }

        package var place: Place
        /// Nil: bytes go as they are.
        package var tls: TLSIdentitySource?
        /// An address that other machines can reach is not refused.
        package var mayBeRemote: Bool

        package init(place: Place, tls: TLSIdentitySource? = nil, mayBeRemote: Bool = false) {
            self.place = place
            self.tls = tls
            self.mayBeRemote = mayBeRemote
        }
    }

    /// Times are in milliseconds, sizes in bytes.
    package struct Configuration: Sendable {
        package var listenAddress: ListenAddress
        /// Beside that.
        package var moreListeners: [Listener] = []
        package var loopCount: Int
        package var acceptStrategy = AcceptStrategy.platformDefault
        /// Connections the kernel completes while the loop is busy; Linux caps it at net.core.somaxconn (4096).
        package var backlog: Int32 = 1024

        /// Refuses an address that other machines can reach, before it is bound.
        package var onlyLoopback = false
        /// Over all loops. The next client gets `overLimitMessage` and is closed.
        package var maxConnections: Int
        /// Clients over that limit that each loop tells so in good order at a time, by descriptors beside those of connections;
        /// others get the message and an immediate close.
        package var lingeringRejections = ServerLoop.lingeringRejectionLimit
        /// `nil`: where there is no descriptor for one more client, it waits untold until there is.
        package var overLimitMessage: (@Sendable () -> [UInt8])?

        /// Neither bytes from the client nor progress of an answer for this long: closed.
        package var idleTimeout: Int
        /// A client that takes nothing of a waiting answer for this long is closed.
        package var writeStallTimeout: Int
        /// Bytes that the handler does not consume (half a frame) may wait this long for the rest.
        package var partialInputTimeout: Int
        /// After the last answer our side is shut down and the client has this long to close its own. Closing at once
        /// would reset the connection where input is unread, and the reset may overtake the answer.
        package var lingerTimeout = 1000
        /// From a connection's opening to the end of its TLS handshake: two round trips over the slowest network, and then some.
        package var handshakeTimeout = 10_000

        /// More output waiting for one client than this closes it (`CloseReason.outputLimit`).
        package var outputBufferLimit: Int
        /// Above this the loop stops reading and stops calling the handler ...
        package var outputHighWater: Int
        /// ... until no more than this is left.
        package var outputLowWater: Int
        /// One read takes at most this much. 64 KiB holds many pipelined requests and stays in the L2 cache.
        package var readChunk = 64 << 10
        /// A connection's turn ends after so many messages ...
        package var turnMessages: Int
        /// ... or this time: short beside a request's latency over a network, long beside a look at the network (2 us).
        package var turnNanoseconds = 200_000
        /// The network is looked at again after this time of turns, and a connection whose messages take longer is not served
        /// before others could be read: a look costs 2 us.
        package var roundNanoseconds = 1_000_000
        /// Nanoseconds of a clock that never goes back; tests have one of their own.
        package var clock: @Sendable () -> UInt64 = { MonotonicClock.nanoseconds() }
        /// While messages wait for their turn, reading goes on up to here, so that they count as arrived; then the client
        /// is held back.
        package var readAheadBytes = 1 << 20
        /// A handler that leaves more than this unconsumed, while its output is not paused, loses the connection.
        /// The buffer grows as bytes arrive and never exceeds this and one chunk.
        package var maxUnconsumedBytes: Int

        /// What the input and output buffers of all connections of all loops may hold; above it those that hold most give way.
        package var bufferBudget: Int

        /// Memory for input and for output that waits; whose connection finds none gives way.
        var memory = InputBuffer.Memory()

        /// Called on loop 0. `nil` leaves the process's signal actions alone.
        package var onSignal: (@Sendable (ServerSignal) -> Void)?

        package init(
            listenAddress: ListenAddress = ListenAddress(host: "127.0.0.1", port: 0),
            loopCount: Int = TCPServer.processorCount, limits: Limits
        ) {
            self.listenAddress = listenAddress
            self.loopCount = loopCount
            maxConnections = limits.connections
            idleTimeout = limits.idleSeconds * 1000
            writeStallTimeout = limits.writeStallSeconds * 1000
            partialInputTimeout = limits.partialMessageSeconds * 1000
            outputBufferLimit = limits.outputBufferBytes
            outputHighWater = limits.outputPauseBytes
            outputLowWater = limits.outputPauseBytes / 4
            maxUnconsumedBytes = limits.messageBytes
            turnMessages = limits.messagesPerTurn
            bufferBudget = limits.bufferBudgetBytes
        }

        var listeners: [Listener] {
            [Listener(place: .address(listenAddress), mayBeRemote: !onlyLoopback)] + moreListeners
        }

        func check() {
            precondition(handshakeTimeout > 0)
            precondition(loopCount >= 1 && backlog >= 1 && maxConnections >= 1 && readChunk >= 1)
            precondition(bufferBudget >= 1)
            precondition(outputLowWater >= 0 && outputLowWater <= outputHighWater)
            precondition(outputHighWater <= outputBufferLimit && maxUnconsumedBytes >= 0)
            precondition(turnMessages >= 1 && turnNanoseconds >= 0 && readAheadBytes >= 1)
            precondition(roundNanoseconds >= 1)
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
    case terminate, interrupt, hangUp, user1, user2
}
