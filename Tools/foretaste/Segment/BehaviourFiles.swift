import Interactions

/// Files of events that are read one after the other.
enum BehaviourFiles {
    static func read(
        _ paths: [String], _ observer: ProgressObserver,
        by read: (_ path: String) throws -> (log: BehaviourLog, report: ReadReport)
    ) throws -> (log: BehaviourLog, report: ReadReport) {
        var (rows, reports) = (BehaviourLog(eventTypes: []), [ReadReport]())
        for path in paths {
            observer.reading(path)
            let (log, report) = try ReadingOptions.telling(observer) { try read(path) }
            observer.read(report)
            if reports.isEmpty { rows = log } else { try rows.append(log, path: path) }
            reports.append(report)
        }
        return (rows, ReadReport.together(reports))
    }
}
