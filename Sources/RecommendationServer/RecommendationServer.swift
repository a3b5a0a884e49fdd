import AccessKeys
import AnalyticsArtefacts
import AnalyticsService
import Dispatch
package import EventLoop
import HTTPServer
import LiveData
import LiveStore
import Personas
import RecommendationIndex
import RecommendationService
import ServiceMethods
import Synchronization
package import Telemetry
import TransportSecurity

// The whole server: an index, loops that answer from it, and a watcher that brings new versions to them.
//
//     CURRENT ──(watcher: looks every half second, and on SIGHUP)──▶ open ──▶ one message to each loop ──▶ LoopState
//     SIGTERM, SIGINT ──▶ stop accepting ▶ tell clients ▶ flush what was answered ▶ close ▶ run() returns
//         (again: changes nothing)      SIGUSR1 ──▶ a line of figures      SIGUSR2 ──▶ nothing
//
// What loops share is immutable or counted; a loop never waits for another one or for the disk.

/// A listening server. Owned by the program's main function; `run` blocks until the server has stopped.
package final class RecommendationServer: Sendable {
    package static let version = ServiceContext.serverVersion

    private let shared: SharedState
    private let server: TCPServer
    private let watcher: IndexWatcher
    private let analyticsWatcher: AnalyticsWatcher?
    private let keys: KeyGuard?
    private let log: Log
    private let http: HTTPTransport?
    private let identity: TLSReloader?
    private let live: LiveCatalogue?
    private let reload = Mutex<(@Sendable () -> Void)?>(nil)
    private let reloadQueue = DispatchQueue(label: "foretaste.reload", qos: .utility)

    /// Opens the index and binds the address; nothing is answered before `run`.
    package init(_ settings: ServerSettings, log: Log) throws(StartFailure) {
        let descriptors = DescriptorLimit.raised()
        if MemoryRoom.read()?.limit == MemoryRoom.addressSpace { HeapArenas.keepToOne() }
        let index = try Self.openIndex(settings.indexPath)
        let keys = try Self.readKeys(settings, log)
        let desk = IndexDesk(store: try Self.openStore(settings.livePath), livePath: settings.livePath, log: log)
        let serving: ServingIndex
        do throws(LiveStoreError) { serving = try desk.serving(index) } catch { throw .live(error) }
        let live = try Self.openLiveData(desk.store, serving, log)
        let analytics = try Self.openAnalytics(settings.analyticsPath)
        let shared = SharedState(
            serving: serving, personas: try Self.openPersonas(settings.personasPath), analytics: analytics, live: live,
            keys: keys,
            threadCount: settings.threadCount, graceMilliseconds: settings.graceMilliseconds,
            slowMilliseconds: settings.slowMilliseconds, log: log)
        let limits = try ServingLimits(
            bufferBytes: settings.bufferBytes, threadCount: settings.threadCount, descriptors: descriptors,
            reservedDescriptors: settings.http?.descriptors ?? 0, memory: MemoryRoom.read())
        limits.tell(log)
        var configuration = TCPServer.Configuration(
            listenAddress: settings.listenAddress, loopCount: settings.threadCount, limits: limits.limits)
        // Keys that cross a network as they are can be read on the way.
        configuration.onlyLoopback = !settings.isInsecureAllowed
        identity = try settings.tls.map { tls throws(StartFailure) in try Self.readIdentity(tls.files, log) }
        configuration.moreListeners = Self.listeners(settings, identity?.source, hasKeys: keys != nil)
        configuration.lingeringRejections = limits.lingeringRejections
        configuration.overLimitMessage = { ConnectionLimit.message }
        configuration.onSignal = { signal in shared.receive(signal) }
        do {
            server = try TCPServer(configuration: configuration, log: log) { loop in shared.makeLoopState(loop) }
        } catch {
            throw error.code == .notLoopback
                ? .notLoopback(address: error.found, keysPath: settings.keysPath) : .network(error)
        }
        watcher = IndexWatcher(
            path: settings.indexPath, version: serving.index.version, milliseconds: settings.indexPollMilliseconds,
            log: log, open: desk.serving)
        analyticsWatcher = analytics.map { desk in
            AnalyticsWatcher(desk, milliseconds: settings.indexPollMilliseconds, log: log)
        }
        http = try Self.makeHTTP(
            settings, shared, onlyLoopback: configuration.onlyLoopback, bufferBytes: limits.limits.bufferBudgetBytes,
            log)
        self.shared = shared
        self.live = live
        self.keys = keys
        self.log = log
    }

    private static func openIndex(_ path: String) throws(StartFailure) -> RecommendationIndex {
        do {
            return try RecommendationIndex.open(path)
        } catch {
            throw .index(error)
        }
    }

    private static func readKeys(_ settings: ServerSettings, _ log: Log) throws(StartFailure) -> KeyGuard? {
        guard let path = settings.keysPath else { return nil }
        do {
            return try KeyGuard(path: path, delayMilliseconds: settings.wrongKeyMilliseconds, log: log)
        } catch {
            throw .keys(error)
        }
    }

    private static func openPersonas(_ path: String?) throws(StartFailure) -> PersonaStore? {
        guard let path else { return nil }
        do {
            return try PersonaStore(directory: path)
        } catch {
            throw .personas(error)
        }
    }

    private static func openStore(_ path: String?) throws(StartFailure) -> LiveDataStore? {
        guard let path else { return nil }
        do {
            return try LiveDataStore(directory: path)
        } catch {
            throw .live(error)
        }
    }

    private static func openAnalytics(_ path: String?) throws(StartFailure) -> AnalyticsDesk? {
        guard let path else { return nil }
        do {
            return try AnalyticsDesk(directory: path)
        } catch {
            throw .analytics(error)
        }
    }

    private static func openLiveData(
        _ store: LiveDataStore?, _ serving: ServingIndex, _ log: Log
    ) throws(StartFailure) -> LiveCatalogue? {
        guard let store else { return nil }
        do {
            return try LiveCatalogue(store: store, serving: serving, log: log)
        } catch {
            throw .live(error)
        }
    }

    private static func readIdentity(_ files: TLSFiles, _ log: Log) throws(StartFailure) -> TLSReloader {
        do {
            return TLSReloader(try TLSIdentitySource(files), log: log)
        } catch {
            throw .tls(error)
        }
    }

    /// Who speaks TLS and asks clients for a key or a certificate may be reached from other machines.
    private static func listeners(
        _ settings: ServerSettings, _ identity: TLSIdentitySource?, hasKeys: Bool
    ) -> [TCPServer.Listener] {
        var listeners: [TCPServer.Listener] = []
        if let tls = settings.tls {
            listeners.append(
                TCPServer.Listener(
                    place: .address(tls.listenAddress), tls: identity,
                    mayBeRemote: settings.isInsecureAllowed || hasKeys || tls.files.clientAuthorities != nil))
        }
        if let path = settings.unixSocketPath { listeners.append(TCPServer.Listener(place: .unixSocket(path))) }
        return listeners
    }

    /// A quarter of the buffers is for bodies and answers over HTTP.
    private static func makeHTTP(
        _ settings: ServerSettings, _ shared: SharedState, onlyLoopback: Bool, bufferBytes: Int, _ log: Log
    ) throws(StartFailure) -> HTTPTransport? {
        guard let http = settings.http else { return nil }
        do {
            return try HTTPTransport(
                http, shared, onlyLoopback: onlyLoopback || http.hasDashboard && settings.keysPath == nil,
                bufferBytes: bufferBytes / 4, log: log)
        } catch {
            throw error.code == .notLoopback
                ? .notLoopback(address: error.found, keysPath: settings.keysPath) : .network(error)
        }
    }

    /// With the real port where 0 was asked for; nil where HTTP is not answered.
    package var boundHTTPAddress: SocketAddress? { http?.listener.boundAddress }

    /// With the real port where 0 was asked for.
    package var boundAddress: SocketAddress { server.boundAddress }

    /// Serves until a signal or `stop` ends it and everything that was answered is sent.
    package func run() throws(ServerError) {
        shared.attach(server)
        watcher.start { [shared, watcher] serving in
            shared.replaceIndex(by: serving) { replaced in watcher.retire(replaced) }
        }
        analyticsWatcher?.start()
        keys?.start()
        identity?.start()
        shared.onHangUp { [weak self] in self?.readAgain() }
        defer {
            watcher.stop()
            analyticsWatcher?.stop()
            keys?.stop()
            identity?.stop()
        }
        // Those who answer end before what they answer from.
        defer { closeLiveStore() }
        try startHTTP()
        defer { http?.listener.stop(graceMilliseconds: shared.graceMilliseconds) }
        if identity != nil, let address = server.boundAddresses.dropFirst().first {
            log.info("speaking TLS", ["address": "\(address)"])
        }
        sayListening()
        let summary = try server.run()
        shared.logFigures("stopped", cutConnections: summary.forcedCloses)
    }

    /// What SIGHUP asks for: settings first, since they name what is read.
    private func readAgain() {
        reloadQueue.async { [self] in
            reload.withLock { $0 }?()
            watcher.lookNow()
            analyticsWatcher?.lookNow()
            keys?.lookNow()
            identity?.lookNow()
        }
    }

    /// What SIGHUP does before index, keys and certificate are looked at again, on a queue of its own.
    package func onHangUp(_ action: @escaping @Sendable () -> Void) { reload.withLock { $0 = action } }

    /// Takes over what a running server can: how long a stop waits, from when a request is slow, pages' origins, and other files
    /// of keys and certificates where there were such files before. The rest stays as it is.
    ///
    /// All or nothing: where a file cannot be read nothing has changed.
    package func apply(_ settings: ServerSettings) throws(StartFailure) {
        var newKeys: (owner: KeyGuard, path: String, file: KeyFile)?
        if let keys, let path = settings.keysPath, path != keys.path {
            do { newKeys = (keys, path, try KeyFile.read(path)) } catch { throw .keys(error) }
        }
        var newIdentity: (source: TLSIdentitySource, files: TLSFiles, identity: TLSIdentity)?
        if let source = identity?.source, let files = settings.tls?.files, files != source.files {
            do { newIdentity = (source, files, try TLSIdentity(files)) } catch { throw .tls(error) }
        }
        if let (keys, path, file) = newKeys { keys.use(path, file) }
        if let (source, files, identity) = newIdentity { source.use(files, identity) }
        shared.apply(graceMilliseconds: settings.graceMilliseconds, slowMilliseconds: settings.slowMilliseconds)
        if let http, let origins = settings.http?.origins { http.crossOrigin.allow(origins) }
    }

    private func startHTTP() throws(ServerError) {
        guard let http else { return }
        try http.listener.start()
        log.info("answering HTTP", ["address": "\(http.listener.boundAddress)"])
        shared.attach(http)
    }

    /// From the first loop: it then answers clients and signals, so who waits for this line may send either.
    private func sayListening() {
        let index = shared.serving.index
        let keyCount = keys?.keyCount
        server.post(toLoop: 0) { [log, address = server.boundAddress, threadCount = shared.threadCount] _ in
            log.info(
                "listening",
                [
                    "address": "\(address)", "version": "\(index.version)", "items": .integer(index.itemCount),
                    "users": .integer(index.userCount), "threads": .integer(threadCount),
                    "keys": keyCount.map { .integer($0) } ?? "none",
                ])
        }
    }

    /// What was acknowledged from memory is written before the process ends.
    private func closeLiveStore() {
        guard let lost = live?.store.close(), lost > 0 else { return }
        log.error("changes that were acknowledged from memory could not be written", ["count": .integer(lost)])
    }

    /// Stops as SIGTERM does. From any thread.
    package func stop(graceMilliseconds: Int) { shared.shutDown(graceMilliseconds: graceMilliseconds) }
}
