import AnalyticsArtefacts
import AnalyticsService
import Dispatch
import Telemetry

/// Has the desk look for another analysis again and again, and tells what came of it.
// SAFETY: `timer` is only touched by `start` and `stop`, which the thread in `RecommendationServer.run` calls; the rest is
// constant.
final class AnalyticsWatcher: @unchecked Sendable {
    private let desk: AnalyticsDesk
    private let milliseconds: Int
    private let log: Log
    private var timer: (any DispatchSourceTimer)?

    init(_ desk: AnalyticsDesk, milliseconds: Int, log: Log) {
        self.desk = desk
        self.milliseconds = milliseconds
        self.log = log
    }

    func start() {
        let source = DispatchSource.makeTimerSource(queue: DispatchQueue.global(qos: .utility))
        source.schedule(
            deadline: .now() + .milliseconds(milliseconds), repeating: .milliseconds(milliseconds),
            leeway: .milliseconds(milliseconds / 10))
        source.setEventHandler { [self] in look(isForced: false) }
        source.resume()
        timer = source
    }

    func lookNow() { look(isForced: true) }

    func stop() {
        timer?.cancel()
        timer = nil
    }

    private func look(isForced: Bool) {
        desk.look(isForced: isForced) { [log] change in
            switch change {
            case .replaced(let facts):
                log.info("analysis replaced", ["from": .text(facts.from), "to": .text(facts.to)])
            case .failed(let error): log.error("analysis not replaced", ["error": .text("\(error)")])
            }
        }
    }
}
