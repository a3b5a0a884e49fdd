import AccessKeys
import Dispatch
import ServiceMethods
import StoredFiles
import Synchronization
import Telemetry

/// The keys of a running server: read from their file, read again when it changes or SIGHUP comes, checked on a queue of their own.
// SAFETY: `timer` is only touched by `start` and `stop`, which the thread in `RecommendationServer.run` calls; the rest is
// constant, or behind a mutex.
final class KeyGuard: @unchecked Sendable {
    /// How often the file is looked at.
    private static let milliseconds = 1000
    /// Wrong keys are told at most so often, whatever a client does.
    private static let tellNanoseconds: UInt64 = 1_000_000_000

    private struct State {
        var path: String
        var change: FileChange?
        var toldFailure: String?
        var toldAt: UInt64 = 0
        var untold = 0
    }

    private let ring: KeyRing
    private let delayMilliseconds: Int
    private let log: Log
    private let fileQueue = DispatchQueue(label: "foretaste.key-file", qos: .utility)
    private let checkQueue = DispatchQueue(label: "foretaste.key-check", qos: .userInitiated)
    private let state: Mutex<State>
    private var timer: (any DispatchSourceTimer)?

    /// - Parameter delayMilliseconds: what a wrong key waits for its answer.
    init(path: String, delayMilliseconds: Int, log: Log) throws(KeyFileError) {
        self.delayMilliseconds = delayMilliseconds
        self.log = log
        state = Mutex(State(path: path, change: FileChange(of: path)))
        ring = KeyRing(try KeyFile.read(path))
    }

    var keyCount: Int { ring.count }
    var wrongCount: Int { ring.wrongCount }

    /// Where they are read.
    var path: String { state.withLock { $0.path } }

    /// Reads another file from now on, with what was read of it.
    func use(_ path: String, _ keys: KeyFile) {
        let change = FileChange(of: path)
        state.withLock { $0 = State(path: path, change: change) }
        ring.replace(by: keys)
        log.info("keys read", ["count": .integer(ring.count)])
    }

    func makeDesk() -> KeyDesk {
        KeyDesk(
            ring, work: { [checkQueue] work in checkQueue.async(execute: work) },
            afterDelay: { [checkQueue, delayMilliseconds] work in
                checkQueue.asyncAfter(deadline: .now() + .milliseconds(delayMilliseconds), execute: work)
            }, reportWrongKey: { [self] id in tellWrongKey(id) })
    }

    func start() {
        let source = DispatchSource.makeTimerSource(queue: fileQueue)
        source.schedule(
            deadline: .now() + .milliseconds(Self.milliseconds), repeating: .milliseconds(Self.milliseconds),
            leeway: .milliseconds(Self.milliseconds / 10))
        source.setEventHandler { [self] in look(isAsked: false) }
        source.resume()
        timer = source
    }

    func stop() {
        timer?.cancel()
        timer = nil
    }

    func lookNow() {
        fileQueue.async { [self] in look(isAsked: true) }
    }

    /// What cannot be read is told once, and leaves the keys as they are.
    private func look(isAsked: Bool) {
        let path = self.path
        let change = FileChange(of: path)
        guard isAsked || state.withLock({ $0.change != change }) else { return }
        do {
            let keys = try KeyFile.read(path)
            guard path == self.path else { return }
            ring.replace(by: keys)
            state.withLock { state in
                state.change = change
                state.toldFailure = nil
            }
            log.info("keys read", ["count": .integer(ring.count)])
        } catch {
            let text = "\(error)"
            let isNew = state.withLock { state in
                defer { state.toldFailure = text }
                return state.toldFailure != text
            }
            if isNew { log.error("keys not read: those before stay", ["error": "\(text)"]) }
        }
    }

    private func tellWrongKey(_ id: String?) {
        let now = MonotonicClock.nanoseconds()
        let count = state.withLock { state in
            state.untold += 1
            guard state.toldAt == 0 || now - state.toldAt >= Self.tellNanoseconds else { return 0 }
            state.toldAt = now
            defer { state.untold = 0 }
            return state.untold
        }
        if count > 0 { log.warning("a wrong key", ["id": "\(id ?? "none")", "count": .integer(count)]) }
    }
}
