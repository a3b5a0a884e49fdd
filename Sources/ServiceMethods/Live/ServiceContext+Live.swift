import LiveStore
import WireProtocol

extension WireError {
    init(_ error: LiveStoreError) {
        let reason: ErrorReason =
            switch error.code {
            case .diskFull: .diskFull
            case .queueFull: .rateLimit
            case .closed: .draining
            case .refused: .badField
            case .damaged: .checksum
            case .unavailable, .format, .locked, .notAStore, .permissionDenied, .foreign: .storeUnavailable
            }
        let message =
            switch error.code {
            // What names files is for the log.
            case .diskFull:
                "The server's disk is full: nothing was stored. Free some space; the same request can be sent again."
            case .damaged: "A row of the live store is damaged. The server's log says which; restore a backup."
            case .unavailable, .format, .locked, .notAStore, .permissionDenied, .foreign:
                "The server cannot write or read its live data now: nothing was stored. The same request can be sent again."
            case .queueFull, .closed, .refused: error.text
            }
        self.init(reason, message)
    }
}

extension ServiceContext {
    func liveStore() throws(WireError) -> LiveDataStore {
        guard let live else {
            throw WireError(
                .noLiveStore, "This server takes no live data: start it with --live DIR, a directory that it may write."
            )
        }
        return live
    }

    /// Reads from the live store.
    func reading<Result>(
        _ body: (LiveStoreReader) throws(LiveStoreError) -> Result
    ) throws(WireError) -> Result {
        let store = try liveStore()
        do throws(LiveStoreError) { return try body(store.reader) } catch { throw WireError(error) }
    }

    /// Asks for a change; the answer comes once it is on the disk.
    ///
    /// - Parameter result: writes the value of `result`, on the thread that owns the connection.
    func changing(
        _ change: LiveChange, _ result: @escaping @Sendable (LiveOutcome, inout JSONWriter) -> Void
    ) throws(WireError) {
        let store = try liveStore()
        let ticket = try putOff()
        let version = indexSummary.version
        do throws(LiveStoreError) {
            try store.submit(change) { outcome in
                switch outcome {
                case .success(let outcome):
                    _ = ticket.answer(indexVersion: version) { writer in result(outcome, &writer) }
                case .failure(let error): _ = ticket.fail(WireError(error))
                }
            }
        } catch {
            throw WireError(error)
        }
    }
}
