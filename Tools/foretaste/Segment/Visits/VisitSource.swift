import CommandLineInterface
import Interactions
import Segmentation

/// Where visits come from: a table with a row per visit, or events that are put together.
struct VisitSource {
    let table: VisitTable
    let report: ReadReport

    /// A row per visit. Features are the columns named, else all columns of numbers and truth values but the outcome and
    /// the period; columns of words that are named become one feature per word.
    static func visits(
        _ parsed: ParsedCommand, path: String, _ options: SourceOptions, _ observer: ProgressObserver
    ) throws -> VisitSource {
        let outcome = parsed.optionalString("conversion")
        let period = parsed.optionalString("period")
        let id = parsed.optionalString("id")
        var types = try VisitColumns.types(parsed)
        // An id is what is written, zeros in front included.
        if let id { types[id] = .text }
        observer.reading(path)
        let (columns, report) = try ReadingOptions.telling(observer) {
            try TableReader.read(path: path, types: types, options: options) { observer.progress(done: $0, total: $1) }
        }
        observer.read(report)
        let taken = Set([outcome, period, id].compactMap { $0 })
        let left = parsed.list("without")
        let wanted = parsed.list("features")
        for name in wanted + taken.sorted() + left where !columns.contains(where: { $0.name == name }) {
            throw RunFailure(
                description: "\(path) has no column \"\(name)\"; it has \(columns.map(\.name).joined(separator: ", "))."
            )
        }
        let chosen = try VisitColumns(
            columns, path: path, wanted: wanted, except: taken.union(left), declared: types)
        for line in chosen.notes { observer.say("  " + line) }
        for line in chosen.warnings { observer.warn("\(path): \(line)") }
        let (periods, periodNames) = try Self.periods(columns.first { $0.name == period })
        let rowCount = report.goodRowCount
        let table = try VisitTable(
            ids: columns.first { $0.name == id }?.texts ?? (0..<rowCount).map { "\($0 + 1)" },
            features: chosen.features,
            isConverted: try columns.first { $0.name == outcome }.map { try Self.outcome($0) }, periods: periods,
            periodNames: periodNames)
        return VisitSource(table: table, report: report)
    }

    /// An event per row.
    static func events(
        _ parsed: ParsedCommand, paths: [String], _ options: SourceOptions, _ observer: ProgressObserver
    ) throws -> VisitSource {
        let gap = try parsed.number("gap", in: 0.1...1440)
        let (log, report) = try BehaviourFiles.read(paths, observer) { path in
            try BehaviourReader.readForVisits(
                path: path, options: options, eventType: parsed.optionalString("event-type"),
                progress: { observer.progress(done: $0, total: $1) })
        }
        let events = visitEvents(log)
        let (wanted, unwanted) = (parsed.list("features"), parsed.list("without"))
        let known =
            VisitMeasures([], of: events).features.map(\.name) + (events.channelNames.isEmpty ? [] : ["channel"])
        for name in wanted + unwanted where !known.contains(name) {
            throw RunFailure(
                description: "visits have no feature \"\(name)\"; there are \(known.joined(separator: ", ")).")
        }
        let isShared = sharedSessions(log)
        let table = try VisitTable(
            events, gap: SessionGap(minutes: gap),
            isFeature: { name in
                wanted.isEmpty
                    ? !VisitTable.circumstances.contains(name) && !unwanted.contains(name) : wanted.contains(name)
            },
            name: { event, _ in
                let user = log.users.id(at: Int(log.userIndexes[event]))
                guard log.sessionIndexes[event] >= 0 else { return "\(user)@\(log.times[event])" }
                let session = Int(log.sessionIndexes[event])
                return isShared[session] ? "\(user)@\(log.sessions.id(at: session))" : log.sessions.id(at: session)
            })
        return VisitSource(table: table, report: report)
    }

    static func visitEvents(_ log: BehaviourLog) -> VisitEvents {
        let kinds = log.eventTypes.map { VisitEvents.Kind(named: $0) }
        return VisitEvents(
            users: log.userIndexes, items: log.itemIndexes, times: log.times,
            kinds: log.eventTypeIndexes.map { kinds[Int($0)] }, sessions: log.sessionIndexes,
            channels: log.channelIndexes, channelNames: (0..<log.channels.count).map { log.channels.id(at: $0) })
    }

    /// Per session id, whether several users have it, so that it names no visit by itself.
    private static func sharedSessions(_ log: BehaviourLog) -> [Bool] {
        var owners = [Int32](repeating: -1, count: log.sessions.count)
        var isShared = [Bool](repeating: false, count: log.sessions.count)
        for (session, user) in zip(log.sessionIndexes, log.userIndexes) where session >= 0 {
            if owners[Int(session)] < 0 { owners[Int(session)] = user }
            if owners[Int(session)] != user { isShared[Int(session)] = true }
        }
        return isShared
    }

    private static func outcome(_ column: TableColumn) throws -> [Bool] {
        guard let numbers = column.numbers, numbers.allSatisfy({ $0 == 0 || $0 == 1 }) else {
            let cell = column.misfit.map { " Line \($0.lineNumber) has \"\($0.text)\"." }
            let gaps = column.missingCount > 0 ? " \(column.missingCount) rows say nothing." : ""
            throw RunFailure(
                description:
                    "the column \"\(column.name)\" is no outcome: it needs true or false, or 1 or 0, in every row."
                    + (cell ?? gaps))
        }
        return numbers.map { $0 == 1 }
    }

    /// Numbers ascend, months follow the calendar, other names their bytes.
    static func periods(_ column: TableColumn?) throws -> ([Int32], [String]) {
        guard let column else { return ([], []) }
        let (indexes, names): ([Int32], [String])
        switch column.values {
        case .categories(let given, let words): (indexes, names) = (given, words)
        case .numbers(let numbers):
            let distinct = Set(numbers.filter(\.isFinite)).sorted()
            let places = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($0.element, Int32($0.offset)) })
            indexes = numbers.map { places[$0] ?? -1 }
            names = distinct.map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" }
            return (try complete(indexes, column.name), names)
        }
        let order = names.indices.sorted { (month(names[$0]), names[$0]) < (month(names[$1]), names[$1]) }
        var places = [Int32](repeating: 0, count: names.count)
        for (place, index) in order.enumerated() { places[index] = Int32(place) }
        return (try complete(indexes, column.name).map { places[Int($0)] }, order.map { names[$0] })
    }

    private static func complete(_ indexes: [Int32], _ name: String) throws -> [Int32] {
        guard let row = indexes.firstIndex(of: -1) else { return indexes }
        throw RunFailure(description: "the column \"\(name)\" says nothing of the period in row \(row + 1).")
    }

    /// From 0; 12 for what is no month.
    private static func month(_ name: String) -> Int {
        let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        return months.firstIndex { name.lowercased().hasPrefix($0) } ?? 12
    }
}

extension ParsedCommand {
    /// `A,B` as its parts; empty where the option was not given.
    func list(_ name: String) -> [String] {
        (optionalString(name) ?? "").split(separator: ",").map(String.init)
    }
}
