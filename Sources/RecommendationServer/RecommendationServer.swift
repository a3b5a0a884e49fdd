package import EventLoop
package import Personas
package import RecommendationIndex
import RecommendationService
package import Telemetry

// The whole server: an index, loops that answer from it, and a watcher that brings new versions to them.
//
//     CURRENT ──(watcher: looks every half second, and on SIGHUP)──▶ open ──▶ one message to each loop ──▶ LoopState
//     SIGTERM, SIGINT ──▶ stop accepting ▶ tell clients ▶ flush what was answered ▶ close ▶ run() returns
//
// What loops share is immutable or counted; a loop never waits for another one or for the disk.

/// A listening server. Owned by the program's main function; `run` blocks until the server has stopped.
package final class RecommendationServer: Sendable {
    package static let version = "0.1.0"

    private let shared: SharedState
    private let server: TCPServer
    private let watcher: IndexWatcher
    private let log: Log

    /// Opens the index and binds the address; nothing is answered before `run`.
    package init(_ settings: ServerSettings, log: Log) throws(StartFailure) {
        let serving: ServingIndex
        do {
            serving = ServingIndex(try RecommendationIndex.open(settings.indexPath))
        } catch {
            throw .index(error)
        }
        let personas: PersonaStore?
        do throws(PersonaStoreError) {
            personas = try settings.personasPath.map { path throws(PersonaStoreError) in
                try PersonaStore(directory: path)
            }
        } catch {
            throw .personas(error)
        }
        let shared = SharedState(serving: serving, personas: personas, threadCount: settings.threadCount)
        var configuration = TCPServer.Configuration(
            listenAddress: settings.listenAddress, loopCount: settings.threadCount)
        configuration.overLimitMessage = { ConnectionLimit.message }
        configuration.onSignal = { signal in shared.receive(signal, graceMilliseconds: settings.graceMilliseconds) }
        do {
            server = try TCPServer(configuration: configuration, log: log) { loop in shared.makeLoopState(loop) }
        } catch {
            throw .network(error)
        }
        guard server.boundAddress.isLoopback || settings.isInsecureAllowed else {
            throw .notLoopback(server.boundAddress)
        }
        watcher = IndexWatcher(
            path: settings.indexPath, version: serving.index.version, milliseconds: settings.indexPollMilliseconds,
            log: log)
        self.shared = shared
        self.log = log
    }

    /// With the real port where 0 was asked for.
    package var boundAddress: SocketAddress { server.boundAddress }

    /// Serves until a signal or `stop` ends it and everything that was answered is sent.
    package func run() throws(ServerError) {
        shared.attach(server)
        watcher.start { [shared] serving in shared.replaceIndex(by: serving) }
        shared.onHangUp { [watcher] in watcher.lookNow() }
        sayListening()
        defer { watcher.stop() }
        let summary = try server.run()
        let latency = shared.latency
        log.info(
            "stopped",
            [
                "answered": .integer(shared.answeredCount), "failed": .integer(shared.failedCount),
                "p50Microseconds": .integer(Int(latency.percentile(50) / 1000)),
                "p99Microseconds": .integer(Int(latency.percentile(99) / 1000)),
                "cutConnections": .integer(summary.forcedCloses),
            ])
    }

    /// From the first loop: it then answers clients and signals, so who waits for this line may send either.
    private func sayListening() {
        let index = shared.serving.index
        server.post(toLoop: 0) { [log, address = server.boundAddress, threadCount = shared.threadCount] _ in
            log.info(
                "listening",
                [
                    "address": "\(address)", "version": "\(index.version)", "items": .integer(index.itemCount),
                    "users": .integer(index.userCount), "threads": .integer(threadCount),
                ])
        }
    }

    /// Stops as SIGTERM does. From any thread.
    package func stop(graceMilliseconds: Int) { shared.shutDown(graceMilliseconds: graceMilliseconds) }
}

/// Why a server did not start.
package enum StartFailure: Error, CustomStringConvertible {
    case index(IndexError)
    case personas(PersonaStoreError)
    case network(ServerError)
    case notLoopback(SocketAddress)

    package var description: String {
        switch self {
        case .index(let error): "\(error)"
        case .personas(let error): "\(error)"
        case .network(let error): "\(error)"
        case .notLoopback(let address):
            "\(address) can be reached from other machines, and this version asks nobody for a key: "
                + "listen on 127.0.0.1, or allow it with --insecure"
        }
    }
}
