package import AnalyticsArtefacts
import Dispatch
import StoredFiles
import Synchronization

// Where the analysis that is served comes from:
//
//     manifest.json changed ─▶ queue: open, check, rank ─▶ view, by one exchange of references ─▶ requests
//     states.json changed, or an acknowledgement ─▶ queue: read or write ─▶ states
//
// Opening takes seconds where there are a million users, and so does releasing: both are done on the queue.

/// The current analysis of a directory, and the states of its anomalies; shared by all threads.
package final class AnalyticsDesk: Sendable {
    package enum Change: Sendable {
        case replaced(AnalyticsManifest.Facts)
        /// What is served stays. Told once for as long as it is the same.
        case failed(ArtefactError)
    }

    private struct State {
        var view: AnalyticsView
        var states: AnomalyStates
        /// Those that requests may still read.
        var retired: [AnalyticsView] = []
        var manifestChange: FileChange?
        var statesChange: FileChange?
        var toldFailure: ArtefactError?
    }

    package let directory: String
    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "foretaste.analytics", qos: .utility)

    package init(directory: String) throws(ArtefactError) {
        self.directory = directory
        // Looked at before they are read: what changes meanwhile is read again.
        let changes = (Self.manifestChange(directory), Self.statesChange(directory))
        let view = AnalyticsView(try AnalyticsBundle(directory: directory))
        let states = try AnomalyStates(directory: directory)
        state = Mutex(
            State(view: view, states: states, manifestChange: changes.0, statesChange: changes.1))
    }

    private static func manifestChange(_ directory: String) -> FileChange? {
        FileChange(of: "\(directory)/\(AnalyticsManifest.fileName)")
    }

    private static func statesChange(_ directory: String) -> FileChange? {
        FileChange(of: "\(directory)/\(AnomalyStates.fileName)")
    }

    /// What requests answer from.
    package var view: AnalyticsView { state.withLock { $0.view } }
    package var states: AnomalyStates { state.withLock { $0.states } }

    /// Looks for another analysis and for other states, on the desk's queue.
    /// - Parameter isForced: reads again what could not be read, though its manifest is the same.
    package func look(isForced: Bool = false, _ tell: @escaping @Sendable (Change) -> Void) {
        queue.async { [self] in
            if let change = look(isForced: isForced) { tell(change) }
        }
    }

    /// - Returns: nil where nothing is new.
    func look(isForced: Bool = false) -> Change? {
        releaseRetired()
        let change = Self.manifestChange(directory)
        do throws(ArtefactError) {
            try lookAtStates()
            let (known, failure) = state.withLock { ($0.manifestChange, $0.toldFailure) }
            guard change != known || isForced && failure != nil else { return nil }
            // What cannot be read is not read again and again: it may be a gigabyte.
            state.withLock { $0.manifestChange = change }
            let isSame = try AnalyticsBundle.manifest(directory) == view.bundle.manifest
            var next: AnalyticsView?
            if !isSame { next = AnalyticsView(try AnalyticsBundle(directory: directory)) }
            state.withLock { [next] state in
                state.toldFailure = nil
                guard let next else { return }
                state.retired.append(state.view)
                state.view = next
            }
            return next.map { .replaced($0.bundle.manifest.facts) }
        } catch {
            let isNew = state.withLock { state in
                defer { state.toldFailure = error }
                return state.toldFailure != error
            }
            return isNew ? .failed(error) : nil
        }
    }

    private func lookAtStates() throws(ArtefactError) {
        let change = Self.statesChange(directory)
        guard change != state.withLock({ $0.statesChange }) else { return }
        let states = try AnomalyStates(directory: directory)
        state.withLock { state in
            state.statesChange = change
            state.states = states
        }
    }

    /// Those that no request reads any more; on the queue, outside of the lock.
    private func releaseRetired() {
        var retired = state.withLock { state in
            defer { state.retired = [] }
            return state.retired
        }
        var read: [AnalyticsView] = []
        for place in retired.indices.reversed() where !isKnownUniquelyReferenced(&retired[place]) {
            read.append(retired[place])
        }
        state.withLock { $0.retired += read }
    }

    /// Acknowledges an anomaly, or with nil opens it again; `done` is called on the desk's queue once that is on the disk.
    package func set(
        _ id: String, _ acknowledgement: (time: Int64, note: String?)?,
        done: @escaping @Sendable (Result<AnomalyStates.Acknowledgement?, ArtefactError>) -> Void
    ) {
        queue.async { [self] in
            do throws(ArtefactError) {
                let states = try AnomalyStates.set(id, acknowledgement, in: directory)
                state.withLock { $0.states = states }
                done(.success(states.acknowledgement(of: id)))
            } catch {
                done(.failure(error))
            }
        }
    }
}
