import CommandLineInterface
import Interactions
import Prediction
import Segmentation

/// `foretaste analyse features`
enum FeaturesCommand {
    private static let users = "user_features.csv"
    private static let visits = "visit_features.csv"
    private static let dictionary = "dictionary.csv"

    static let command = Command(
        name: "analyse features",
        summary: "Measure users and visits as they were at a moment, to predict what came after.",
        discussion: """
            A row a user and moment, from the events before that moment only, with what came within --days after it: \
            purchases_within and churns, empty where the events end before. And a row a visit, as it was after its first \
            --after events, with what followed: converts (a purchase) and ends (nothing; with --after 1 a bounce). Visits \
            are those of 'segment visits'. Outcomes are no features: give one to 'analyse predict --outcome', and the others \
            to --without.

            Writes user_features.csv, visit_features.csv and dictionary.csv, which says what each column is.
            """,
        options: [
            .required("events", "FILE", help: "A row per event: \(ReadingOptions.accepted)."),
            .value(
                "columns", "MAP",
                help: "Which column of the events is what: userId=visitor,sessionId=visit,itemId=page,query=search,"
                    + "time=at,channel=app,category=department, and amount=Total (of the row) or price=UnitPrice (of one piece)."
            ),
            .value("event-type", "NAME", help: "The type of events that have none: view, purchase ..."),
            .value("gap", "MINUTES", default: "30", help: "Silence that ends a visit of events without a session."),
            .value(
                "reference", "TIME,TIME",
                help:
                    "The moments: dates such as 2024-06-01, or milliseconds since 1970. Default: just after the last event, "
                    + "when nothing is known of what comes."),
            .value("days", "N", default: "30", help: "How long after the moment outcomes are counted."),
            .value("after", "N", default: "1", help: "Events of a visit that are seen before the rest is foretold."),
            .required("out", "DIR", help: "Where the files go; made where it is missing.").asOutput([
                users, visits, dictionary,
            ]),
            .flag("quiet", short: "q", help: "No progress."),
        ] + ReadingOptions.all,
        examples: [
            .init(
                "foretaste analyse features --events events.csv.gz --reference 2024-05-01,2024-06-01 --out features",
                "Users as they were at two moments, and what they did in the 30 days after each."),
            .init(
                "foretaste analyse predict --table features/user_features.csv --outcome churns --id user_id --user user_id "
                    + "--time moment --without purchases_within --out churn",
                "Who leaves, by users of earlier moments."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let out = try parsed.string("out")
        try OutputDirectory(path: out).check()
        let days = try parsed.integer("days", in: 1...3650)
        let after = try parsed.integer("after", in: 1...1000)
        let gap = try parsed.number("gap", in: 0.1...1440)
        let moments = try (parsed.optionalString("reference") ?? "").split(separator: ",").map { text in
            try SegmentRFMCommand.time(String(text), "reference", parsed)
        }
        let observer = ProgressObserver(quiet: parsed.flag("quiet"))
        let path = try parsed.string("events")
        let options = try ReadingOptions.options(parsed, columns: "columns")
        observer.reading(path)
        let (log, report) = try ReadingOptions.telling(observer) {
            try BehaviourReader.readForTrends(
                path: path, options: options, eventType: parsed.optionalString("event-type"),
                progress: { observer.progress(done: $0, total: $1) })
        }
        observer.read(report)
        let zone = options.times.zone
        let tables = FeatureTables(
            VisitSource.visitEvents(log), gap: SessionGap(minutes: gap), amounts: log.amounts,
            categories: log.categoryIndexes,
            categoryNames: (0..<log.categories.count).map { log.categories.id(at: $0) },
            offset: { time in zone.offset(atSeconds: time >= 0 ? time / 1000 : (time - 999) / 1000) * 1000 })
        guard let first = tables.firstTime, let last = tables.lastTime else {
            throw RunFailure(description: "\(path) has no events.")
        }
        for (moment, text) in zip(moments, (parsed.optionalString("reference") ?? "").split(separator: ","))
        where moment <= first {
            throw parsed.refusal(
                "reference", value: String(text), expected: "a moment after the first event: nothing is known before it"
            )
        }
        observer.stage("measure")
        let rows = (moments.isEmpty ? [last + 1] : Array(Set(moments)).sorted()).flatMap {
            tables.userRows(moment: $0, days: days)
        }
        let visitRows = tables.visitRows(afterEvents: after)
        observer.end()
        try OutputDirectory(path: out).write([
            (users, userText(rows, log, days: days)), (visits, visitText(visitRows, log)),
            (dictionary, FeatureDictionary.text(days: days, after: after)),
        ])
        Terminal.standardOutput.write(
            "\(ReadableNumber.count(rows.count)) rows of users with \(UserFeatures.definitions.count) features, "
                + "\(ReadableNumber.count(visitRows.count)) rows of visits with \(VisitFeatures.definitions.count) features, "
                + "in \(out)\n")
        if rows.contains(where: { $0.purchases == nil }) {
            observer.warn(
                "\(path): the events end less than \(days) days after a moment, so that its outcomes are not known and left empty."
            )
        }
    }

    private static func userText(_ rows: [FeatureTables.UserRow], _ log: BehaviourLog, days: Int) -> String {
        var text = (["user_id", "moment"] + UserFeatures.definitions.map(\.name)).joined(separator: ",")
        text += ",purchases_within,churns\n"
        for row in rows {
            text += CSVField.text(log.users.id(at: Int(row.user))) + "," + "\(row.moment)"
            for definition in UserFeatures.definitions { text += "," + cell(definition.value(row.history)) }
            text += ",\(row.purchases.map { $0 ? "1" : "0" } ?? ""),\(row.churns.map { $0 ? "1" : "0" } ?? "")\n"
        }
        return text
    }

    private static func visitText(_ rows: [FeatureTables.VisitRow], _ log: BehaviourLog) -> String {
        var text = (["visit_id", "user_id", "moment"] + VisitFeatures.definitions.map(\.name)).joined(separator: ",")
        text += ",converts,ends\n"
        for row in rows {
            let user = log.users.id(at: Int(row.user))
            text += CSVField.text("\(user)@\(row.start)") + "," + CSVField.text(user) + "," + "\(row.moment)"
            for definition in VisitFeatures.definitions { text += "," + cell(definition.value(row.soFar)) }
            text += ",\(row.converts ? 1 : 0),\(row.ends ? 1 : 0)\n"
        }
        return text
    }

    private static func cell<Subject>(_ value: FeatureDefinition<Subject>.Value) -> String {
        switch value {
        case .number(let number):
            number.isFinite
                ? (number == number.rounded() && number.magnitude < 1e15 ? "\(Int(number))" : "\(number)") : ""
        case .word(let word): CSVField.text(word)
        }
    }
}

/// `dictionary.csv`: what each column is.
enum FeatureDictionary {
    static func text(days: Int, after: Int) -> String {
        var text = "table,column,role,unit,meaning\n"
        func add(_ table: String, _ column: String, _ role: String, _ unit: String, _ meaning: String) {
            text += [table, column, role, unit, meaning].map { CSVField.text($0) }.joined(separator: ",") + "\n"
        }
        add("user", "user_id", "id", "word", "The user.")
        add(
            "user", "moment", "time", "milliseconds since 1970",
            "Features are from events before it, outcomes from events at and after it.")
        for feature in UserFeatures.definitions { add("user", feature.name, "feature", feature.unit, feature.meaning) }
        add(
            "user", "purchases_within", "outcome", "truth",
            "A purchase within \(days) days; empty where the events end before.")
        add("user", "churns", "outcome", "truth", "No event within \(days) days; empty where the events end before.")
        add("visit", "visit_id", "id", "word", "The user and the visit's begin in milliseconds since 1970.")
        add("visit", "user_id", "id", "word", "The user.")
        add(
            "visit", "moment", "time", "milliseconds since 1970",
            "Of the visit's event number \(after), the last that features are from.")
        for feature in VisitFeatures.definitions {
            add("visit", feature.name, "feature", feature.unit, feature.meaning)
        }
        add("visit", "converts", "outcome", "truth", "A purchase later in the visit.")
        add("visit", "ends", "outcome", "truth", "No event later in the visit; after its first event a bounce.")
        return text
    }
}
