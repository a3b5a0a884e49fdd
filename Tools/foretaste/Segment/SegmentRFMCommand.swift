import CommandLineInterface
import Interactions
import Segmentation

/// `foretaste segment rfm`
enum SegmentRFMCommand {
    static let command = Command(
        name: "segment rfm", summary: "Segment customers by recency, frequency and monetary value.",
        discussion: """
            Rows without a customer, with a quantity of zero or less, or with a price of zero or less are left out and \
            counted; with --returns net, negative quantities are taken from what their customer spent. Recency is in days \
            to the end of the newest order's day, frequency is the number of orders, monetary is what they came to.

            Writes rfm_table.csv (a row a customer), segment_profiles.json, k_diagnostics.csv, rfm_model.json and \
            report.html into the directory, and with --as-of rfm_history.csv and rfm_migration.csv. Where it already holds a \
            model, the segments keep their numbers.
            """,
        options: [
            .required("transactions", "FILE", help: "Rows of orders: \(ReadingOptions.accepted). May be repeated.")
                .repeatable,
            .value(
                "columns", "MAP",
                help: "Which column is what: userId=CustomerID,orderId=InvoiceNo,time=InvoiceDate,"
                    + "quantity=Quantity, and price=UnitPrice (of one piece) or amount=Total (of the row)."),
            .value(
                "orders", "HOW", default: "ids",
                help:
                    "What an order is: ids (rows of one order id), rows (each row), days (what a customer buys on a day)."
            ),
            .value(
                "returns", "HOW", default: "drop",
                help:
                    "Rows with a negative quantity, as of cancelled invoices: drop, or net (taken from their customer's sum)."
            ),
            .value(
                "duplicates", "HOW", default: "keep",
                help: "Rows that repeat another exactly: keep or drop. They are counted in any case."),
            .required("out", "DIR", help: "Where the files go; made where it is missing.").asOutput(
                SegmentDirectory.fileNames),
            .value("k", "N", default: "5", help: "Clusters of k-means."),
            .value("seed", "N", default: "42", help: "Seed of everything random."),
            .value("starts", "N", default: "10", help: "Starts of k-means, of which the best is kept."),
            .value("max-k", "N", default: "10", help: "Diagnostics for 2 to N clusters."),
            .value(
                "reference", "TIME",
                help: "What recency is counted to: a date such as 2011-12-10, or milliseconds since 1970. Default: the "
                    + "midnight that ends the newest order's day."),
            .value(
                "as-of", "DATE,DATE",
                help:
                    "The customers' segments at these dates too, by the rows before each, and who moved where between them."
            ),
            .value("threads", "N", help: "Default: one per core. The result does not depend on it."),
            .flag("fresh", help: "Number the segments anew, whatever the directory holds."),
            .flag("quiet", short: "q", help: "No progress."),
            .flag("json", help: "The profiles as JSON on standard output."),
        ] + ReadingOptions.all,
        examples: [
            .init(
                "foretaste segment rfm --transactions sales.csv.gz --out segments",
                "Five segments of the customers of a file whose columns have usual names.")
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let output = SegmentDirectory(path: try parsed.string("out"))
        try OutputDirectory(path: output.path).check()
        let configuration = try configuration(parsed)
        let greatestCount = try parsed.integer("max-k", in: 2...100)
        let rules = try rules(parsed)
        let dates = try (parsed.optionalString("as-of") ?? "").split(separator: ",").map { text in
            try time(String(text), "as-of", parsed)
        }
        let previous = parsed.flag("fresh") ? nil : try output.modelIfThere()
        let (log, source) = try read(parsed)
        let table = try RFMTable(log, rules)
        let bar = ProgressBar.standardError(quiet: parsed.flag("quiet"))
        bar.begin("cluster \(ReadableNumber.count(table.count)) customers", unit: "steps")
        let segmentation = try RFMSegmentation(table, configuration, previous: previous)
        bar.begin("compare 2 to \(greatestCount) clusters", unit: "steps")
        let counts = (2...greatestCount).filter { $0 <= table.count }
        let diagnostics = try ClusterCountDiagnostics(
            rows: segmentation.scaledRows, clusterCounts: Array(counts), configuration: configuration,
            known: [segmentation.clustering])
        bar.end()
        ClusterFiles.tellFewer(segmentation.clustering.clusterCount, than: configuration.clusterCount)
        var result = SegmentResult(
            segmentation: segmentation, diagnostics: diagnostics, configuration: configuration, source: source)
        if !dates.isEmpty { result.history = try SegmentHistory(log, rules, dates: dates, segmentation) }
        try output.write(result)
        let seconds = (clock.now - start) / .seconds(1)
        if parsed.flag("json") {
            Terminal.standardOutput.write(SegmentProfilesFile.json(result).indented + "\n")
        } else {
            Terminal.standardOutput.write(SegmentSummary.text(result, seconds: seconds))
        }
    }

    private static func configuration(_ parsed: ParsedCommand) throws -> KMeansConfiguration {
        var configuration = RFMSegmentation.standardConfiguration
        configuration.clusterCount = try parsed.integer("k", in: 1...1000)
        configuration.seed = UInt64(try parsed.integer("seed", in: 0...Int.max))
        configuration.initialisationCount = try parsed.integer("starts", in: 1...1000)
        configuration.threadCount =
            try parsed.optionalInteger("threads", in: 1...1024) ?? Machine.current.coreCount
        return configuration
    }

    static func rules(_ parsed: ParsedCommand) throws -> RFMRules {
        var rules = RFMRules()
        rules.returns = try parsed.choice("returns", of: RFMRules.Returns.self)
        rules.leavesDuplicatesOut = try parsed.choice("duplicates", of: Duplicates.self) == .drop
        rules.referenceTime = try parsed.optionalString("reference").map { try time($0, "reference", parsed) }
        return rules
    }

    private enum Duplicates: String, CaseIterable {
        case keep
        case drop
    }

    /// A date, or milliseconds since 1970.
    static func time(_ text: String, _ option: String, _ parsed: ParsedCommand) throws -> Int64 {
        let form = try ReadingOptions.options(parsed, columns: nil).times.form
        if let date = GivenTime.milliseconds(text, form: form) { return date }
        let greatest = NumberLimits.greatestTimeMilliseconds
        guard let number = Int64(text), (-greatest...greatest).contains(number) else {
            throw parsed.refusal(
                option, value: text,
                expected:
                    "a date such as 2011-12-10 (31/12/2011 with a day above 12, or by --time-format day-first), or "
                    + "milliseconds since 1970, up to the year 9999")
        }
        return number
    }

    static func read(_ parsed: ParsedCommand) throws -> (TransactionLog, ReadReport) {
        let observer = ProgressObserver(quiet: parsed.flag("quiet"), verbose: parsed.flag("verbose"))
        _ = try parsed.string("transactions")
        let options = try ReadingOptions.options(parsed, columns: "columns")
        let orders = try parsed.choice("orders", of: OrderRule.self)
        var (rows, reports) = (TransactionLog(), [ReadReport]())
        for path in try InputPaths.expanded(parsed, "transactions") {
            observer.reading(path)
            let (log, report) = try ReadingOptions.telling(observer) {
                try TransactionReader.read(path: path, options: options, orders: orders) {
                    observer.progress(done: $0, total: $1)
                }
            }
            observer.read(report)
            if let times = report.times, times.isCounter {
                throw RunFailure(
                    description:
                        "\(path): recency needs days, and the column \(times.column) has numbers that are no times. Say by "
                        + "--time-format what they are: days, excel ...")
            }
            if reports.isEmpty { rows = log } else { rows.append(log, orders: orders) }
            reports.append(report)
        }
        return (rows, ReadReport.together(reports))
    }
}

/// A finished segmentation with where it came from.
struct SegmentResult {
    let segmentation: RFMSegmentation
    let diagnostics: ClusterCountDiagnostics
    let configuration: KMeansConfiguration
    let source: ReadReport
    var history: SegmentHistory?
}
