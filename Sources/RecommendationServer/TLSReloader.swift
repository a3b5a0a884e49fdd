import Dispatch
import Telemetry
import TransportSecurity

/// Looks whether certificate or key have changed, and gives new connections the new ones. What cannot be read is told, and what was read before
/// stays in use.
// SAFETY: `timer` is only touched by `start` and `stop`, which the thread in `RecommendationServer.run` calls.
final class TLSReloader: @unchecked Sendable {
    /// Certificates are renewed days before they expire.
    private static let seconds = 2

    let source: TLSIdentitySource
    private let log: Log
    private let queue = DispatchQueue(label: "foretaste.tls-reloader", qos: .utility)
    private var timer: (any DispatchSourceTimer)?

    init(_ source: TLSIdentitySource, log: Log) {
        self.source = source
        self.log = log
    }

    func start() {
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(
            deadline: .now() + .seconds(Self.seconds), repeating: .seconds(Self.seconds), leeway: .milliseconds(200))
        timer.setEventHandler { [self] in look(evenIfUnchanged: false) }
        timer.resume()
        self.timer = timer
    }

    func lookNow() {
        queue.async { [self] in look(evenIfUnchanged: true) }
    }

    func stop() {
        timer?.cancel()
        timer = nil
    }

    private func look(evenIfUnchanged: Bool) {
        do throws(TLSError) {
            if try source.reload(evenIfUnchanged: evenIfUnchanged) { log.info("certificate read again") }
        } catch {
            log.error("certificate not read again", ["error": "\(error)"])
        }
    }
}
