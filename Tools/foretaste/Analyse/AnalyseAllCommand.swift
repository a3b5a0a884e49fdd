import AnalyticsArtefacts
import BehaviourAnalytics
import CommandLineInterface
import IndexBuilding
import Interactions
import Summaries
import Trends

/// `foretaste analyse all`
enum AnalyseAllCommand {
    private static let report = "report.html"

    static let command = Command(
        name: "analyse all", summary: "Tell all that events say of users and a shop, for people and for the server.",
        discussion: """
            In one go: trends by day and week with forecasts, anomalies and what explains them, unusual users and visits, \
            what each user will do (purchase, churn, and whether the latest visit would convert or bounce) and be worth, segments, \
            what the shop could mend, and the last whole week in words.

            Writes report.html for people, and documents with a manifest for the server. An earlier analysis in the \
            directory is replaced as a whole; states of anomalies stay.
            """,
        options: [
            .required("events", "FILE", help: "A row per event: \(ReadingOptions.accepted)."),
            .value(
                "columns", "MAP",
                help:
                    "Which column of the events is what: userId=visitor,sessionId=visit,itemId=page,query=search,time=at,type=event,"
                    + "channel=app,category=department, and amount=Total (of the row) or price=UnitPrice (of one piece)."
            ),
            .value("event-type", "NAME", help: "The type of events that have none: view, purchase ..."),
            .value(
                "gap", "MINUTES", default: "\(SessionGap.standardMinutes)",
                help: "A longer pause of a user ends a visit, where the rows have no session ids."),
            .value(
                "by", "WHAT",
                help: "Break trends down by channel, category, gender or cityTier. Default: what most events have."),
            .value("items", "FILE", help: "The catalogue, a row per item: title, category, price, launchTime."),
            .value(
                "item-columns", "MAP", help: "Which column of the items is what: itemId=StockCode,title=Description."),
            .value("days", "N", default: "30", help: "How far ahead purchases and churn are foretold."),
            .value("value-days", "N", default: "365", help: "How far ahead customers are valued."),
            .value("discount", "SHARE", default: "10%", help: "By which later money is worth less, for a year."),
            .value("retention", "PERIOD", default: "week", help: "Of cohorts: week or month."),
            .value("threads", "N", help: "Default: one per core. What is told does not depend on it."),
            .value("seed", "N", default: "42", help: "The same seed tells the same."),
            .required("out", "DIR", help: "Where the files go; made where it is missing.").asOutput([
                report, AnalyticsManifest.fileName,
            ]),
            .flag("quiet", short: "q", help: "No progress."),
            .flag("json", help: "The summary's facts as JSON on standard output."),
            JoinCheck.option,
        ] + WrittenSummary.options + ReadingOptions.all,
        examples: [
            .init(
                "foretaste analyse all --events events.csv.gz --items items.jsonl --out analytics",
                "Everything, with worth by the items' prices.")
        ])

    private enum Retention: String, CaseIterable {
        case week
        case month
    }

    static func run(_ parsed: ParsedCommand) throws {
        let out = try parsed.string("out")
        try OutputDirectory(path: out).check()
        var settings = BehaviourAnalysis.Settings()
        settings.days = try parsed.integer("days", in: 1...365)
        settings.valueDays = try parsed.integer("value-days", in: 1...3650)
        settings.yearlyDiscount = try parsed.share("discount")
        settings.retention = try parsed.choice("retention", of: Retention.self) == .week ? .week : .month
        settings.threadCount = try PredictCommand.threadCount(parsed)
        settings.seed = UInt64(try parsed.integer("seed", in: 0...Int.max))
        let model = try WrittenSummary.model(parsed)
        let created = try CreationTime.milliseconds(operation: parsed.operation)
        let observer = ProgressObserver(quiet: parsed.flag("quiet"))
        let (input, files) = try read(parsed, observer)
        guard let analysis = BehaviourAnalysis(input, settings, progress: { observer.stage($0.rawValue) }) else {
            throw RunFailure(description: "\(files[0]): there is no event to analyse.")
        }
        observer.end()
        for warning in analysis.warnings { observer.warn(warning) }
        let facts = AnalyticsManifest.Facts(
            created: created, tool: "foretaste \(IndexBuilder.toolVersion)", timeZone: input.zone.name,
            from: TrendPeriod.day.name(of: Int(analysis.span.lowerBound)),
            to: TrendPeriod.day.name(of: Int(analysis.span.upperBound)), events: analysis.eventCount,
            users: analysis.users.ids.count, sources: files.map(Self.name))
        let summary = analysis.facts.map {
            WrittenSummary.adding(model, name: parsed.optionalString("llm-model"), to: $0)
        }
        if let refusal = summary?.refusal { observer.warn("the summary is by rules: \(refusal).") }
        try write(analysis, summary, facts, to: out)
        let page = AnalysisText(analysis: analysis, facts: facts, summary: summary)
        Terminal.standardOutput.write(parsed.flag("json") ? page.json.indented + "\n" : page.text)
    }

    private static func write(
        _ analysis: BehaviourAnalysis, _ summary: SummaryDocument?, _ facts: AnalyticsManifest.Facts, to out: String
    ) throws {
        var writer = AnalyticsWriter(directory: out)
        try writer.add(analysis.trends)
        try writer.add(analysis.anomalies)
        try writer.add(analysis.users)
        try writer.add(analysis.segments)
        try writer.add(analysis.insights)
        if let summary { try writer.add(summary) }
        let page = AnalysisPage(analysis: analysis, facts: facts, summary: summary)
        try writer.publish(facts, others: [(report, page.html)])
    }

    private static func name(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    private static func read(
        _ parsed: ParsedCommand, _ observer: ProgressObserver
    ) throws -> (AnalysisInput, files: [String]) {
        let options = try ReadingOptions.options(parsed, columns: "columns")
        let dimension = parsed.isGiven("by") ? try parsed.choice("by", of: TrendEvents.Dimension.self) : nil
        let gap = SessionGap(minutes: try parsed.number("gap", in: 0.1...1440))
        var files = [try parsed.string("events")]
        observer.reading(files[0])
        let (log, report) = try ReadingOptions.telling(observer) {
            try BehaviourReader.readForTrends(
                path: files[0], options: options, eventType: parsed.optionalString("event-type"),
                progress: { observer.progress(done: $0, total: $1) })
        }
        observer.read(report)
        try TrendSource.check(report, files[0])
        if let dimension, TrendEvents.groups(of: log, by: dimension).1.isEmpty {
            throw RunFailure(
                description: "\(files[0]): no event has a \(dimension.rawValue). Say by --columns "
                    + "\(dimension.rawValue)=COLUMN where it is.")
        }
        var catalogue: [Item] = []
        if let path = parsed.optionalString("items") {
            files.append(path)
            catalogue = try items(path, parsed, observer)
            var ids = IdentifierTable()
            for item in catalogue { ids.intern(item.id) }
            try JoinCheck.check(
                KeyJoin("items of the events", log.items, "items of the catalogue", ids), parsed, observer)
        }
        return (
            AnalysisInput(log: log, zone: options.times.zone, gap: gap, catalogue: catalogue, dimension: dimension),
            files
        )
    }

    private static func items(_ path: String, _ parsed: ParsedCommand, _ observer: ProgressObserver) throws -> [Item] {
        let options = try ReadingOptions.options(parsed, columns: "item-columns")
        observer.reading(path)
        let (items, report) = try ReadingOptions.telling(observer) {
            try ItemReader.read(path: path, options: options, progress: { observer.progress(done: $0, total: $1) })
        }
        observer.read(report)
        return items
    }
}
