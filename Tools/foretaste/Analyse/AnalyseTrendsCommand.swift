import CommandLineInterface
import Interactions
import Trends

/// `foretaste analyse trends`
enum AnalyseTrendsCommand {
    static let command = Command(
        name: "analyse trends", summary: "Count users, visits and sales by day and week, and carry them on.",
        discussion: """
            Takes events, order rows, or both: then orders, revenue and the average order are of the order rows. Of each \
            indicator it tells the value, the change from the period before and from the same weekday, the value without the \
            week's pattern (STL), what was unusual, and a forecast with intervals (seasonal naive or exponential smoothing, by \
            rolling origin). Days without any event are unknown, not zero. Days and weeks (from Monday on) are those of --time-zone.

            Writes trends.json, daily.csv, weekly.csv, forecast.csv, anomalies.csv, cohorts.csv, lifecycle.csv and funnel.csv \
            into the directory.
            """,
        options: [
            .value("events", "FILE", help: "A row per event: \(ReadingOptions.accepted)."),
            .value(
                "columns", "MAP",
                help:
                    "Which column of the events is what: userId=visitor,sessionId=visit,itemId=page,time=at,type=event,"
                    + "channel=app,category=department, and amount=Total (of the row) or price=UnitPrice (of one piece)."
            ),
            .value("event-type", "NAME", help: "The type of events that have none: view, purchase ..."),
            .value(
                "gap", "MINUTES", default: "\(SessionGap.standardMinutes)",
                help: "A longer pause of a user ends a visit, where the rows have no session ids."),
            .value("by", "WHAT", help: "Break events down by channel, category, gender or cityTier."),
            .value("transactions", "FILE", help: "Rows of orders."),
            .value(
                "transaction-columns", "MAP",
                help: "Which column of the orders is what: userId=CustomerID,orderId=InvoiceNo,time=InvoiceDate,"
                    + "quantity=Quantity,price=UnitPrice."),
            .value(
                "orders", "HOW", default: "ids",
                help:
                    "What an order is: ids (rows of one order id), rows (each row), days (what a customer buys on a day)."
            ),
            .value("retention", "PERIOD", default: "week", help: "Of cohorts: week or month."),
            .required("out", "DIR", help: "Where the files go; made where it is missing.").asOutput(TrendFiles.names),
            .flag("quiet", short: "q", help: "No progress."),
            .flag("json", help: "What trends.json has on standard output."),
        ] + ReadingOptions.all,
        examples: [
            .init(
                "foretaste analyse trends --events events.csv --by channel --time-zone Europe/Stockholm --out trends",
                "Days by Swedish clocks, broken down by channel."),
            .init(
                "foretaste analyse trends --transactions online_retail.csv.gz --transaction-columns userId=CustomerID,"
                    + "orderId=InvoiceNo,time=InvoiceDate,quantity=Quantity,price=UnitPrice --retention month --out trends",
                "Orders and revenue of a gift shop."),
        ])

    private enum Retention: String, CaseIterable {
        case week
        case month
    }

    static func run(_ parsed: ParsedCommand) throws {
        let output = OutputDirectory(path: try parsed.string("out"))
        try output.check()
        let retention: TrendPeriod = try parsed.choice("retention", of: Retention.self) == .week ? .week : .month
        let observer = ProgressObserver(quiet: parsed.flag("quiet"))
        let sources = try TrendSource.read(parsed, observer)
        let bar = ProgressBar.standardError(quiet: parsed.flag("quiet"))
        bar.begin("count and carry on", unit: "steps")
        let analyses = sources.map { source in
            TrendAnalysis(source.counter, indicators: source.indicators, retention: retention)
        }
        bar.end()
        for source in sources where source.counter.events.leftOutCount > 0 {
            observer.say("  \(source.counter.events.leftOutCount) rows without a positive quantity and price left out")
        }
        let report = TrendReport(analyses: analyses, zone: try TrendSource.zoneName(parsed), retention: retention)
        try output.write(TrendFiles.all(report))
        Terminal.standardOutput.write(parsed.flag("json") ? report.json.indented + "\n" : report.text)
    }
}
