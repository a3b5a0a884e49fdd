internal import CMicroHTTPD
internal import Synchronization

/// Ends the wait of one request, from any thread and as often as one likes.
///
///     running ──suspend──▶ suspended ──wake──▶ running        wake while it runs: the next suspend ends at once
///        └──────────── end (by its thread) ─────────▶ ended: nothing more is done to the connection
package final class HTTPWaker: Sendable {
    private enum State {
        case running(isWoken: Bool)
        case suspended(HTTPSuspension)
        case ended
    }

    private let state = Mutex(State.running(isWoken: false))

    init() {}

    package func wake() {
        state.withLock { state in
            switch state {
            case .running: state = .running(isWoken: true)
            case .suspended(let suspension):
                suspension.resume()
                state = .running(isWoken: false)
            case .ended: break
            }
        }
    }

    /// By the thread of the connection, inside the library's call for it: that call comes again after `wake`. Others have their turns
    /// before, even where it was woken already.
    func suspend(_ suspension: HTTPSuspension) {
        state.withLock { state in
            guard case .running(let isWoken) = state else { return }
            suspension.begin()
            if isWoken {
                suspension.resume()
                state = .running(isWoken: false)
            } else {
                state = .suspended(suspension)
            }
        }
    }

    /// By the thread of the connection, before the connection goes.
    func end() {
        state.withLock { state in
            if case .suspended(let suspension) = state { suspension.resume() }
            state = .ended
        }
    }
}

/// A connection that waits.
// SAFETY: libmicrohttpd resumes from any thread. It keeps a suspended connection until then, and `HTTPWaker`, whose lock is held
// around each call here, resumes each once.
@safe
struct HTTPSuspension: @unchecked Sendable {
    private let connection: OpaquePointer
    /// Of its thread, which the library does not wake where it has no thread of its own.
    private let alarm: ThreadAlarm

    init(_ connection: OpaquePointer, _ alarm: ThreadAlarm) {
        unsafe self.connection = connection
        self.alarm = alarm
    }

    fileprivate func begin() { unsafe MHD_suspend_connection(connection) }

    fileprivate func resume() {
        unsafe MHD_resume_connection(connection)
        alarm.ring()
    }
}
