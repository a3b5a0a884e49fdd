import CommandLineInterface
import IndexBuilding
import Interactions
import Segmentation

/// Where an index's segments come from, as `build` and `evaluate` are told.
enum SegmentSource {
    static let options: [CommandOption] = [
        .value(
            "segments", "HOW",
            help:
                "Segments of users: rfm (by recency, frequency and value of these interactions), or the directory that "
                + "'foretaste segment rfm' wrote. Default: none."),
        .value("users", "FILE", help: "Users, a row each, for --segment-by."),
        .value(
            "user-columns", "MAP", help: "Which column of --users is what: userId=CustomerID. Default: userId."),
        .value(
            "segment-share", "SHARE", default: "auto",
            help: "What a segment's favourites count in its members' fallback, 0 to 1; auto: measured in training."),
        .value("segment-by", "COLUMN", help: "The column of --users whose values are the segments: country, tier ..."),
    ]

    /// Says in the configuration what segments there are; returns those that come from files.
    static func assignment(
        _ parsed: ParsedCommand, of log: InteractionLog, _ configuration: inout BuildConfiguration,
        _ observer: ProgressObserver
    ) throws -> SegmentAssignment? {
        let found = try assignment(parsed, &configuration, observer)
        if configuration.segments == .rfm { try checkMoney(log, observer) }
        if let found {
            var members = IdentifierTable()
            for id in found.memberIds { members.intern(id) }
            try JoinCheck.check(
                KeyJoin("users of the interactions", log.users, "members of segments", members), parsed, observer)
        }
        return found
    }

    /// A number of pieces is no money: what customers are worth must be named, or is told to be a guess.
    private static func checkMoney(_ log: InteractionLog, _ observer: ProgressObserver) throws {
        guard !log.hasAmounts, log.values.contains(where: { !$0.isNaN }), let column = log.valueColumn else { return }
        guard !ColumnNames.isQuantity(column), !ColumnNames.isRating(column) else {
            throw RunFailure(
                description:
                    "'--segments rfm' needs what a row came to, and the column \(column) is no money. Name it by "
                    + "--columns amount=COLUMN, or the price of one piece by --columns price=COLUMN.")
        }
        observer.warn(
            "--segments rfm takes the column \(column) for what a row came to. Where it is a number of pieces, name the money "
                + "by --columns amount=COLUMN, or the price of one piece by --columns price=COLUMN.")
    }

    private static func assignment(
        _ parsed: ParsedCommand, _ configuration: inout BuildConfiguration, _ observer: ProgressObserver
    ) throws -> SegmentAssignment? {
        let how = parsed.optionalString("segments")
        let users = parsed.optionalString("users")
        if try parsed.string("segment-share") != "auto" {
            guard how != nil || users != nil else {
                throw UsageError(
                    code: .missingOption, operation: parsed.operation,
                    text: "'--segment-share' needs segments: --segments, or --users and --segment-by.")
            }
            configuration.segmentShare = try parsed.number("segment-share", in: 0...1)
        }
        for (option, partner) in [("users", "segment-by"), ("segment-by", "users"), ("user-columns", "users")]
        where parsed.isGiven(option) && !parsed.isGiven(partner) {
            throw UsageError(
                code: .missingOption, operation: parsed.operation, text: "'--\(option)' needs '--\(partner)' too.")
        }
        guard how == nil || users == nil else {
            throw UsageError(
                code: .badValue, operation: parsed.operation,
                text: "'--segments' and '--users' both say who is in which segment: leave one out.")
        }
        if let users {
            configuration.segments = .given
            return try labels(users, try parsed.string("segment-by"), parsed, observer)
        }
        guard let how else { return nil }
        guard how != SegmentChoice.rfm.rawValue else {
            configuration.segments = .rfm
            return nil
        }
        configuration.segments = .given
        do {
            return try SegmentDirectory(path: how).assignment()
        } catch {
            throw RunFailure(
                description:
                    "'--segments \(how)' is neither rfm nor a directory of 'foretaste segment rfm' that can be read: "
                    + "\(error)")
        }
    }

    private static func labels(
        _ path: String, _ column: String, _ parsed: ParsedCommand, _ observer: ProgressObserver
    ) throws -> SegmentAssignment {
        var options = try ReadingOptions.options(parsed, columns: "user-columns")
        // Users are read as items are: by an id, with properties.
        options.columns = ColumnMapping([
            .init(name: "itemId", column: options.columns["userId"] ?? "userId"),
            .init(name: "segment", column: column),
        ])
        observer.reading(path)
        let (rows, report) = try ReadingOptions.telling(observer) {
            try ItemReader.read(path: path, options: options, progress: { observer.progress(done: $0, total: $1) })
        }
        observer.read(report.naming("itemId", as: "userId"))
        let assignment = SegmentAssignment(
            labels: rows.map { row in
                (memberId: row.id, label: row["segment"].map { text($0) } ?? "")
            })
        guard !assignment.names.isEmpty else {
            throw RunFailure(description: "\(path): the column \(column) names no segment of anybody.")
        }
        if let wrong = assignment.names.first(where: {
            $0.unicodeScalars.contains { $0.properties.generalCategory == .control }
        }) {
            throw RunFailure(
                description: "\(path): the column \(column) holds \(String(reflecting: wrong)), which has a control "
                    + "character: no request could name that segment. Clean the column.")
        }
        if let long = assignment.names.first(where: { $0.utf8.count > 256 }) {
            throw RunFailure(
                description:
                    "\(path): the column \(column) holds '\(long.prefix(40))...', which is longer than the 256 "
                    + "bytes of a segment's name. Name a column of labels.")
        }
        return assignment
    }

    private static func text(_ value: PropertyValue) -> String {
        switch value {
        case .string(let text): text
        case .strings(let texts): texts.joined(separator: "|")
        case .boolean(let boolean): "\(boolean)"
        case .time(let milliseconds): "\(milliseconds)"
        case .number(let number):
            number == number.rounded() && number.magnitude < 1e15 ? "\(Int(number))" : "\(number)"
        }
    }
}
