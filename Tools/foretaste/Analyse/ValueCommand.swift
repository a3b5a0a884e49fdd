import CommandLineInterface
import Interactions
import Prediction
import Segmentation

/// `foretaste analyse value`
enum ValueCommand {
    private static let table = "customer_value.csv"
    private static let model = "value_model.json"
    private static let dayMilliseconds: Int64 = PurchaseHistories.dayMilliseconds

    static let command = Command(
        name: "analyse value", summary: "Say which customers still buy, how often, and what they will be worth.",
        discussion: """
            Reads transactions as 'segment rfm' does, and fits two models by maximum likelihood: BG/NBD, of when customers \
            buy and whether they have left, and Gamma-Gamma, of what a purchase comes to. Orders of one day are one purchase. \
            With --holdout the models are fitted to what was before the last days, and judged by these.

            Writes customer_value.csv (a row a customer) and value_model.json into the directory.
            """,
        options: [
            .required("transactions", "FILE", help: "Rows of orders: \(ReadingOptions.accepted)."),
            .value(
                "columns", "MAP",
                help: "Which column is what: userId=CustomerID,orderId=InvoiceNo,time=InvoiceDate,"
                    + "quantity=Quantity, and price=UnitPrice (of one piece) or amount=Total (of the row)."),
            .value(
                "orders", "HOW", default: "days",
                help: "ids, rows or days; orders of one day are one purchase in any case."),
            .value(
                "returns", "HOW", default: "drop",
                help: "Rows with a negative quantity: drop. (net is for 'segment rfm'.)"),
            .value("duplicates", "HOW", default: "keep", help: "Rows that repeat another exactly: keep or drop."),
            .value(
                "reference", "TIME",
                help:
                    "The end of the observation: a date or milliseconds since 1970. Rows of this time or later are left out. "
                    + "Default: the midnight that ends the newest order's day."),
            .value("days", "N", default: "365", help: "How far to look ahead."),
            .value("discount", "SHARE", default: "10%", help: "By which later money is worth less, for a year."),
            .value("holdout", "DAYS", help: "Judge the models by the last days first."),
            .required("out", "DIR", help: "Where the files go; made where it is missing.").asOutput([table, model]),
            .flag("quiet", short: "q", help: "No progress."),
            .flag("json", help: "The model as JSON on standard output."),
        ] + ReadingOptions.all,
        examples: [
            .init(
                "foretaste analyse value --transactions sales.csv.gz --holdout 90 --out value",
                "What each customer will be worth in a year, and how well the last 90 days were foretold.")
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let out = try parsed.string("out")
        try OutputDirectory(path: out).check()
        let horizon = Double(try parsed.integer("days", in: 1...3650))
        let discount = try parsed.share("discount")
        let holdout = try parsed.optionalInteger("holdout", in: 1...3650)
        let rules = try SegmentRFMCommand.rules(parsed)
        guard rules.returns == .drop else {
            throw parsed.refusal("returns", value: "net", expected: "drop: a purchase model has no negative purchases")
        }
        let (log, report) = try SegmentRFMCommand.read(parsed)
        let bar = ProgressBar.standardError(quiet: parsed.flag("quiet"))
        bar.begin("fit", unit: "models")
        let result = try ValueResult(
            log, rules, path: report.path, horizon: horizon, discount: discount,
            holdoutDays: holdout,
            warn: { line in
                bar.end()
                Terminal.standardError.write("warning: \(line)\n")
            })
        bar.end()
        try OutputDirectory(path: out).write([(table, result.csv), (model, result.json.indented + "\n")])
        Terminal.standardOutput.write(parsed.flag("json") ? result.json.indented + "\n" : result.summary)
    }
}

/// What the models say of each customer.
struct ValueResult {
    let histories: PurchaseHistories
    let purchases: PurchaseModel.Fit
    /// Nil where too few customers have bought again for something.
    let spend: SpendModel.Fit?
    let values: [LifetimeValue]
    let horizon: Double
    let discount: Double
    let holdout: ValueHoldout?

    init(
        _ log: TransactionLog, _ rules: RFMRules, path: String, horizon: Double, discount: Double, holdoutDays: Int?,
        warn: (String) -> Void
    ) throws {
        let histories = try PurchaseHistories(log, rules)
        self.histories = histories
        let (fitted, spent) = try Self.fits(histories)
        (purchases, spend) = (fitted, spent)
        self.horizon = horizon
        self.discount = discount
        values = (0..<histories.count).map { customer in
            LifetimeValue(
                fitted.model, spent?.model, repeatCount: histories.repeatCounts[customer],
                recency: histories.recencies[customer], age: histories.ages[customer],
                meanValue: histories.meanValues[customer], days: horizon, yearlyDiscount: discount)
        }
        holdout = try holdoutDays.map { try ValueHoldout(log, rules, end: histories.endTime, days: $0) }
        if fitted.parameters == nil {
            warn(
                "\(path): the likelihood is flat in a direction: these customers do not tell all four parameters of BG/NBD."
            )
        }
        guard let spent else {
            warn(
                "\(path): fewer than \(PurchaseModel.leastCustomerCount) customers bought again for something: what a purchase comes to "
                    + "is not known, and values are empty.")
            return
        }
        if spent.correlation.magnitude > SpendModel.greatestCorrelation {
            warn(
                "\(path): what customers spend goes with how often they buy (correlation \(ReadableNumber.fixed(spent.correlation, 2))), "
                    + "which Gamma-Gamma takes not to be so: values of frequent customers are biased.")
        }
    }

    fileprivate static func fits(_ histories: PurchaseHistories) throws -> (PurchaseModel.Fit, SpendModel.Fit?) {
        let purchases = try PurchaseModel.fit(histories)
        do {
            return (purchases, try SpendModel.fit(histories))
        } catch {
            guard error.code == .tooFewRows else { throw error }
            return (purchases, nil)
        }
    }

    var csv: String {
        func text(_ number: Double) -> String { number.isFinite ? "\(number)" : "" }
        var lines =
            "customer_id,repeat_purchases,recency_days,age_days,mean_value,alive_probability,expected_purchases,"
        lines += "expected_spend,lifetime_value\n"
        for (customer, value) in values.enumerated() {
            lines += CSVField.text(histories.customerIds[customer]) + ",\(histories.repeatCounts[customer])"
            lines += ",\(Int(histories.recencies[customer])),\(Int(histories.ages[customer]))"
            lines += ",\(text(histories.meanValues[customer])),\(value.aliveProbability),\(value.expectedPurchases)"
            lines += ",\(text(value.expectedSpend)),\(text(value.value))\n"
        }
        return lines
    }

    var json: JSONText {
        let model = purchases.model
        let values = [model.r, model.alpha, model.a, model.b]
        return [
            "format": "foretaste-value-model", "version": 1, "customers": .integer(histories.count),
            "end_time": .integer(Int(histories.endTime)), "days": .number(horizon),
            "yearly_discount": .number(discount),
            "bg_nbd": .object(
                PurchaseModel.parameterNames.enumerated().map { place, name in
                    let interval = purchases.parameters?[place]
                    return .init(
                        name,
                        [
                            "value": .number(values[place]), "lower": interval.map { .number($0.lower) } ?? .null,
                            "upper": interval.map { .number($0.upper) } ?? .null,
                        ])
                } + [.init("log_likelihood", .number(purchases.logLikelihood))]),
            "gamma_gamma": spend.map { spend in
                [
                    "p": .number(spend.model.p), "q": .number(spend.model.q), "gamma": .number(spend.model.gamma),
                    "log_likelihood": .number(spend.logLikelihood), "customers": .integer(spend.customerCount),
                    "correlation": .number(spend.correlation),
                ]
            } ?? .null,
            "holdout": holdout?.json ?? .null,
        ]
    }

    var summary: String {
        let model = purchases.model
        let alive = values.reduce(0) { $0 + $1.aliveProbability }
        let expected = values.reduce(0) { $0 + $1.expectedPurchases }
        var text = "\(ReadableNumber.count(histories.count)) customers, "
        text += "\(ReadableNumber.count(histories.repeatCounts.count { $0 > 0 })) bought again; "
        text += "\(ReadableNumber.whole(alive)) expected to be alive\n"
        text += "BG/NBD: r \(ReadableNumber.fixed(model.r, 3)), alpha \(ReadableNumber.fixed(model.alpha, 2)) days, "
        text += "a \(ReadableNumber.fixed(model.a, 3)), b \(ReadableNumber.fixed(model.b, 3)), "
        text += "log-likelihood \(ReadableNumber.fixed(purchases.logLikelihood, 1))\n"
        if let spend {
            text +=
                "Gamma-Gamma: p \(ReadableNumber.fixed(spend.model.p, 3)), q \(ReadableNumber.fixed(spend.model.q, 3)), "
            text += "gamma \(ReadableNumber.fixed(spend.model.gamma, 2)); correlation of purchases and value "
            text += "\(ReadableNumber.fixed(spend.correlation, 2))\n"
        }
        text += "within \(ReadableNumber.whole(horizon)) days: \(ReadableNumber.whole(expected)) purchases"
        if spend != nil { text += " worth \(ReadableNumber.whole(values.reduce(0) { $0 + $1.value }))" }
        text += "\n" + (holdout?.summary ?? "")
        var table = TextTable([
            .left("customer"), .right("repeat purchases"), .right("alive"), .right("expected"), .right("value"),
        ])
        let order = values.indices.sorted { a, b in
            let (x, y) = (rank(a), rank(b))
            return x == y ? a < b : x > y
        }
        for customer in order.prefix(10) {
            let value = values[customer]
            table.add([
                histories.customerIds[customer], ReadableNumber.count(histories.repeatCounts[customer]),
                ReadableNumber.fixed(value.aliveProbability, 3), ReadableNumber.fixed(value.expectedPurchases, 2),
                ReadableNumber.fixed(value.value, 2),
            ])
        }
        return text + "\n" + table.text
    }

    private func rank(_ customer: Int) -> Double {
        values[customer].value.isFinite ? values[customer].value : values[customer].expectedPurchases
    }
}

/// How well what was before the last days told them.
struct ValueHoldout {
    let days: Int
    let customerCount: Int
    let expected: Double
    let actual: Double
    /// Mean of the differences, without their signs.
    let meanError: Double
    /// The same where every customer is foretold the mean.
    let meanErrorOfMean: Double

    fileprivate init(_ log: TransactionLog, _ rules: RFMRules, end: Int64, days: Int) throws {
        var before = rules
        before.referenceTime = end - Int64(days) * PurchaseHistories.dayMilliseconds
        let (past, whole) = (try PurchaseHistories(log, before), try PurchaseHistories(log, rules))
        let model = try PurchaseModel.fit(past).model
        let places = Dictionary(uniqueKeysWithValues: whole.customerIds.enumerated().map { ($0.element, $0.offset) })
        var (told, came): ([Double], [Double]) = ([], [])
        for customer in 0..<past.count {
            guard let place = places[past.customerIds[customer]] else { continue }
            told.append(
                model.expectedPurchases(
                    days: Double(days), repeatCount: past.repeatCounts[customer], recency: past.recencies[customer],
                    age: past.ages[customer]))
            came.append(Double(whole.repeatCounts[place] - past.repeatCounts[customer]))
        }
        self.days = days
        customerCount = told.count
        expected = told.reduce(0, +)
        actual = came.reduce(0, +)
        let count = Double(max(1, told.count))
        let mean = actual / count
        meanError = zip(told, came).reduce(0) { $0 + ($1.0 - $1.1).magnitude } / count
        meanErrorOfMean = came.reduce(0) { $0 + ($1 - mean).magnitude } / count
    }

    var json: JSONText {
        [
            "days": .integer(days), "customers": .integer(customerCount), "expected_purchases": .number(expected),
            "actual_purchases": .number(actual), "mean_absolute_error": .number(meanError),
            "mean_absolute_error_of_mean": .number(meanErrorOfMean),
        ]
    }

    var summary: String {
        "held out, the last \(days) days of \(ReadableNumber.count(customerCount)) customers: "
            + "\(ReadableNumber.whole(expected)) purchases foretold, \(ReadableNumber.whole(actual)) made; mean error "
            + "\(ReadableNumber.fixed(meanError, 3)) a customer, \(ReadableNumber.fixed(meanErrorOfMean, 3)) if all were foretold the mean\n"
    }
}
