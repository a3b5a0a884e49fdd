import CommandLineInterface
import Interactions
import Trends

/// A log to count, and what is told of it.
struct TrendSource {
    let counter: TrendCounter
    let indicators: [Indicator]

    /// Of what an order file knows better than events do.
    private static let ofOrders: Set<Indicator> = [.orders, .revenue, .averageOrder]
    /// A table by day has a place for each day between the first event and the last.
    private static let greatestDayCount = 36_600

    static func zoneName(_ parsed: ParsedCommand) throws -> String {
        try ReadingOptions.options(parsed, columns: nil).times.zone.name
    }

    /// The events first.
    static func read(_ parsed: ParsedCommand, _ observer: ProgressObserver) throws -> [TrendSource] {
        let (events, orders) = (parsed.optionalString("events"), parsed.optionalString("transactions"))
        guard events != nil || orders != nil else {
            throw UsageError(
                code: .missingOption, operation: parsed.operation,
                text: "give '--events FILE', '--transactions FILE', or both.")
        }
        if let dimension = parsed.optionalString("by"), events == nil {
            throw parsed.refusal(
                "by", value: dimension, expected: "'--events FILE' beside it: order rows have no groups")
        }
        var sources: [TrendSource] = []
        if let events {
            let wanted = Indicator.allCases.filter { orders == nil || !ofOrders.contains($0) }
            sources.append(try source(try readEvents(parsed, events, observer), events, wanted))
        }
        if let orders {
            let wanted = Indicator.allCases.filter { events == nil || ofOrders.contains($0) }
            sources.append(try source(try readOrders(parsed, orders, observer), orders, wanted))
        }
        return sources
    }

    private static func source(_ events: TrendEvents, _ path: String, _ wanted: [Indicator]) throws -> TrendSource {
        guard let counter = TrendCounter(events) else {
            throw RunFailure(description: "\(path): no row is left that could be counted.")
        }
        guard Int(counter.days.upperBound) - Int(counter.days.lowerBound) < greatestDayCount else {
            throw RunFailure(
                description:
                    "\(path): its days span more than a century: one of its times is no time, or --time-format is "
                    + "another. Correct it.")
        }
        return TrendSource(counter: counter, indicators: wanted)
    }

    private static func readEvents(
        _ parsed: ParsedCommand, _ path: String, _ observer: ProgressObserver
    ) throws -> TrendEvents {
        let options = try ReadingOptions.options(parsed, columns: "columns")
        let gap = SessionGap(minutes: try parsed.number("gap", in: 0.1...1440))
        let dimension = parsed.isGiven("by") ? try parsed.choice("by", of: TrendEvents.Dimension.self) : nil
        observer.reading(path)
        let (log, report) = try ReadingOptions.telling(observer) {
            try BehaviourReader.readForTrends(
                path: path, options: options, eventType: parsed.optionalString("event-type"),
                progress: { observer.progress(done: $0, total: $1) })
        }
        observer.read(report)
        try check(report, path)
        let events = TrendEvents(log, zone: options.times.zone, gap: gap, by: dimension)
        if let dimension, events.groupNames.isEmpty {
            throw RunFailure(
                description:
                    "\(path): no event has a \(dimension.rawValue). Say by --columns \(dimension.rawValue)=COLUMN where it is."
            )
        }
        return events
    }

    private static func readOrders(
        _ parsed: ParsedCommand, _ path: String, _ observer: ProgressObserver
    ) throws -> TrendEvents {
        let options = try ReadingOptions.options(parsed, columns: "transaction-columns")
        let orders = try parsed.choice("orders", of: OrderRule.self)
        observer.reading(path)
        let (log, report) = try ReadingOptions.telling(observer) {
            try TransactionReader.read(path: path, options: options, orders: orders) {
                observer.progress(done: $0, total: $1)
            }
        }
        observer.read(report)
        try check(report, path)
        return TrendEvents(log, zone: options.times.zone)
    }

    static func check(_ report: ReadReport, _ path: String) throws {
        guard let times = report.times, times.isCounter else { return }
        throw RunFailure(
            description:
                "\(path): trends need days, and the column \(times.column) has numbers that are no times. Say by "
                + "--time-format what they are: days, excel ...")
    }
}
