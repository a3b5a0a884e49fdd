import CommandLineInterface
import Interactions
import Segmentation

/// `foretaste segment rfm`
enum SegmentRFMCommand {
    static let command = Command(
        name: "segment rfm", summary: "Segment customers by recency, frequency and monetary value.",
        discussion: """
            Rows without a customer, with a quantity of zero or less, or with a price of zero or less are left out and \
            counted. Recency is in days to the end of the newest order's day, frequency is the number of orders, \
            monetary is what they came to.

            Writes rfm_table.csv (a row a customer), segment_profiles.json, k_diagnostics.csv, rfm_model.json and \
            report.html into the directory. Where it already holds a model, the segments keep their numbers.
            """,
        options: [
            .required("transactions", "FILE", help: "Rows of orders: CSV, TSV or JSON Lines, plain or gzip."),
            .value(
                "columns", "MAP",
                help: "Which column is what: userId=CustomerID,orderId=InvoiceNo,time=InvoiceDate,"
                    + "quantity=Quantity,price=UnitPrice."),
            .required("out", "DIR", help: "Where the files go; made where it is missing.").asOutput(
                SegmentDirectory.fileNames),
            .value("k", "N", default: "5", help: "Clusters of k-means."),
            .value("seed", "N", default: "42", help: "Seed of everything random."),
            .value("starts", "N", default: "10", help: "Starts of k-means, of which the best is kept."),
            .value("max-k", "N", default: "10", help: "Diagnostics for 2 to N clusters."),
            .value("reference", "TIME", help: "Milliseconds since 1970 that recency is counted to."),
            .value("max-bad-rows", "SHARE", default: "0.1%", help: "Stop when more rows cannot be read."),
            .value("threads", "N", help: "Default: one per core. The result does not depend on it."),
            .flag("fresh", help: "Number the segments anew, whatever the directory holds."),
            .flag("quiet", short: "q", help: "No progress."),
            .flag("json", help: "The profiles as JSON on standard output."),
        ],
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
        let greatestTime = Int(NumberLimits.greatestTimeMilliseconds)
        let reference = try parsed.optionalInteger(
            "reference", in: -greatestTime...greatestTime)
        let previous = parsed.flag("fresh") ? nil : try output.modelIfThere()
        let (table, source) = try table(parsed, reference: reference.map { Int64($0) })
        let bar = ProgressBar.standardError(quiet: parsed.flag("quiet"))
        bar.begin("cluster \(ReadableNumber.count(table.count)) customers", unit: "steps")
        let segmentation = try RFMSegmentation(table, configuration, previous: previous)
        bar.begin("compare 2 to \(greatestCount) clusters", unit: "steps")
        let counts = (2...greatestCount).filter { $0 <= table.count }
        let diagnostics = try ClusterCountDiagnostics(
            rows: segmentation.scaledRows, clusterCounts: Array(counts), configuration: configuration,
            known: [segmentation.clustering])
        bar.end()
        let result = SegmentResult(
            segmentation: segmentation, diagnostics: diagnostics, configuration: configuration, source: source)
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

    private static func table(_ parsed: ParsedCommand, reference: Int64?) throws -> (RFMTable, ReadReport) {
        let path = try parsed.string("transactions")
        var options = SourceOptions()
        do {
            if let columns = parsed.optionalString("columns") {
                options.columns = try ColumnMapping(parsing: columns)
            }
            options.maxBadRows = try MaxBadRows(parsing: try parsed.string("max-bad-rows"))
        } catch let error as ReadError {
            let option = error.operation.hasSuffix("mapping") ? "columns" : "max-bad-rows"
            throw parsed.refusal(option, value: error.found, expected: "\(error.expected). \(error.remedy)")
        }
        let bar = ProgressBar.standardError(quiet: parsed.flag("quiet"))
        bar.begin("read \(path)", unit: "bytes")
        let (log, report) = try TransactionReader.read(path: path, options: options) { done, _ in
            bar.advance(to: done)
        }
        bar.end("\(ReadableNumber.count(report.rowCount)) rows, columns \(report.columns)")
        if report.badRows.total > 0 {
            for line in ProgressObserver.lines(report) { Terminal.standardError.write(line + "\n") }
        }
        return (try RFMTable(log, referenceTime: reference), report)
    }
}

/// A finished segmentation with where it came from.
struct SegmentResult {
    let segmentation: RFMSegmentation
    let diagnostics: ClusterCountDiagnostics
    let configuration: KMeansConfiguration
    let source: ReadReport
}
