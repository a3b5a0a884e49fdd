import Dispatch
import RecommendationIndex
import RecommendationService
import Synchronization
import Telemetry

/// Looks whether another version of the index is current and opens it, on a queue of its own: opening reads the disk, which
/// no loop may do. What cannot be opened is told once and leaves the version in use in place.
// SAFETY: `timer` is only touched by `start` and `stop`, which the thread in `RecommendationServer.run` calls; the rest is
// constant, or behind a mutex.
final class IndexWatcher: @unchecked Sendable {
    private struct State {
        var version: String
        var toldFailure: String?
    }

    private let directory: IndexDirectory
    private let milliseconds: Int
    private let log: Log
    private let queue = DispatchQueue(label: "foretaste.index-watcher", qos: .utility)
    private let state: Mutex<State>
    private var timer: (any DispatchSourceTimer)?
    private let open: @Sendable (RecommendationIndex) throws -> ServingIndex
    private let action: Mutex<(@Sendable (ServingIndex) -> Void)?> = Mutex(nil)

    /// - Parameter open: what is served of an index that became current; throws where it cannot be.
    init(
        path: String, version: String, milliseconds: Int, log: Log,
        open: @escaping @Sendable (RecommendationIndex) throws -> ServingIndex
    ) {
        self.open = open
        directory = IndexDirectory(path: path)
        self.milliseconds = milliseconds
        self.log = log
        state = Mutex(State(version: version))
    }

    /// Calls `onChange` on the watcher's queue for every new current version, until `stop`.
    func start(onChange: @escaping @Sendable (ServingIndex) -> Void) {
        action.withLock { $0 = onChange }
        let source = DispatchSource.makeTimerSource(queue: queue)
        source.schedule(
            deadline: .now() + .milliseconds(milliseconds), repeating: .milliseconds(milliseconds),
            leeway: .milliseconds(milliseconds / 10))
        source.setEventHandler { [self] in look() }
        source.resume()
        timer = source
    }

    func lookNow() {
        queue.async { [self] in look() }
    }

    /// Releases what a loop has put aside, off the loop.
    func retire(_ replaced: RecommenderHandover) {
        queue.async { replaced.release() }
    }

    func stop() {
        timer?.cancel()
        timer = nil
        action.withLock { $0 = nil }
    }

    private func look() {
        do {
            let version = try directory.currentVersion()
            guard version != state.withLock({ $0.version }) else { return }
            let serving = try open(try RecommendationIndex.open(directory.path))
            state.withLock { $0 = State(version: serving.index.version) }
            action.withLock { $0 }?(serving)
            log.info(
                "index replaced", ["version": "\(serving.index.version)", "items": .integer(serving.index.itemCount)])
        } catch {
            let text = "\(error)"
            let isNew = state.withLock { state in
                defer { state.toldFailure = text }
                return state.toldFailure != text
            }
            if isNew { log.error("index not replaced", ["error": "\(text)"]) }
        }
    }
}
