package import AnalyticsArtefacts
internal import Insights
internal import Interactions
internal import Prediction
internal import Segmentation
package import Summaries
package import Trends

// Design note. One reading of the events, and all that is told of them:
//
//     events ─▶ amounts (of rows, or prices) ─▶ users: totals, values, segments, models ─▶ trends by group and segment
//            ─▶ anomalies, unusual users and visits ─▶ insights ─▶ the week's summary

/// An analysis of behaviour: all documents of a bundle.
package struct BehaviourAnalysis: Sendable {
    package struct Settings: Sendable {
        /// How far `purchase` and `churn` look ahead.
        package var days = 30
        package var valueDays = 365
        package var yearlyDiscount = 0.1
        package var retention = TrendPeriod.week
        package var seed: UInt64 = 42
        package var threadCount = 1

        package init() {}
    }

    /// What is done, in this order.
    package enum Stage: String, Sendable, CaseIterable {
        case count = "count"
        case users = "measure users"
        case predictions = "foretell"
        case trends = "follow trends"
        case unusual = "look for the unusual"
        case insights = "look for insights"
    }

    package let trends: TrendsDocument
    package let anomalies: AnomaliesDocument
    package let users: UsersDocument
    package let segments: SegmentsDocument
    package let insights: InsightsDocument
    /// Nil where there is no whole week.
    package let facts: SummaryFacts?
    /// The first and the last day.
    package let span: ClosedRange<Int32>
    package let eventCount: Int
    /// What a reader must know before trusting the figures.
    package let warnings: [String]

    package var summary: SummaryDocument? { facts?.document }

    /// Nil where there is no event.
    /// - Parameter progress: told each stage as it begins.
    package init?(_ input: AnalysisInput, _ settings: Settings, progress: (Stage) -> Void = { _ in }) {
        progress(.count)
        let products = CatalogueTable(input.log, catalogue: input.catalogue)
        let amounts = input.amounts(products)
        let events = TrendEvents(
            input.log, zone: input.zone, gap: input.gap, by: input.dimension, amounts: amounts.values)
        guard let counter = TrendCounter(events) else { return nil }
        progress(.users)
        let categories = Self.productCategories(input.log, products)
        let analysis = UserAnalysis(
            input, events, categories: categories,
            .init(
                days: settings.days, valueDays: settings.valueDays, yearlyDiscount: settings.yearlyDiscount,
                seed: settings.seed, threadCount: settings.threadCount))
        let features = FeatureColumns(analysis.features, moment: analysis.moment)
        let transactions = analysis.transactions
        let segments = analysis.segments(transactions)
        progress(.predictions)
        let users = Self.users(input, analysis, features, transactions, segments, settings)
        self.users = users
        self.segments = SegmentDocuments(segments: segments, users: users).document
        progress(.trends)
        let bySegment = Self.grouped(counter, analysis, segments)
        let documents = TrendDocuments(
            analysis: TrendAnalysis(counter, indicators: Indicator.allCases, retention: settings.retention),
            dimension: input.dimension?.rawValue, segments: bySegment, retention: settings.retention)
        trends = documents.trends
        progress(.unusual)
        anomalies = AnomaliesDocument(
            anomalies: documents.anomalies,
            visitors: UnusualVisitors(input, analysis, features, seed: settings.seed).documents)
        progress(.insights)
        insights =
            InsightSearch(Self.behaviour(input, events, products, categories))?.document()
            ?? InsightsDocument(insights: [], rules: [])
        facts = SummaryFacts(trends: trends, anomalies: anomalies, insights: insights, users: users)
        span = counter.days
        eventCount = events.count
        warnings = Self.warnings(amounts.areOfPrices, events, users)
    }

    private static func warnings(_ areOfPrices: Bool, _ events: TrendEvents, _ users: UsersDocument) -> [String] {
        var warnings: [String] = []
        if areOfPrices {
            warnings.append(
                "no row says what it came to: revenue is the items' prices, a piece a purchase. Name the column by "
                    + "--columns amount=COLUMN.")
        } else if events.amounts.isEmpty {
            warnings.append("nothing says what purchases came to: what things are worth is told in orders.")
        }
        for model in users.models {
            if let refusal = model.refusal { warnings.append("no model of \(model.name): \(refusal)") }
        }
        if users.alive.isEmpty {
            warnings.append("too few customers bought, or bought again, to say what they will be worth.")
        }
        return warnings
    }

    private static func users(
        _ input: AnalysisInput, _ analysis: UserAnalysis, _ features: FeatureColumns, _ transactions: TransactionLog,
        _ segments: UserAnalysis.Segments, _ settings: Settings
    ) -> UsersDocument {
        let questions = analysis.userQuestions(asked: features) + analysis.visitQuestions()
        let models = questions.map { question in
            OutcomeModel(
                question, userCount: analysis.users.count, seed: settings.seed, threadCount: settings.threadCount
            ).document
        }
        let (totals, values) = (analysis.totals, analysis.values(transactions))
        return UsersDocument(
            moment: analysis.moment, days: settings.days, valueDays: settings.valueDays,
            ids: analysis.users.map { input.log.users.id(at: Int($0)) }, segmentPlaces: segments.places,
            segments: segments.names, events: totals.events, purchases: totals.purchases,
            lastTimes: totals.lastTimes, revenue: totals.revenue, alive: values.alive,
            expectedPurchases: values.expectedPurchases, value: values.value, models: models)
    }

    /// Events in the segments of their users, those segments that have any.
    private static func grouped(
        _ counter: TrendCounter, _ analysis: UserAnalysis, _ segments: UserAnalysis.Segments
    ) -> (counter: TrendCounter, names: [String]) {
        let present = segments.names.indices.filter { segments.places.contains($0) }
        var places = [Int32](repeating: -1, count: segments.names.count)
        for (place, segment) in present.enumerated() { places[segment] = Int32(place) }
        let groups = counter.events.users.map { user -> Int32 in
            user < 0 ? -1 : places[segments.places[Int(analysis.places[Int(user)])]]
        }
        let names = present.map { segments.names[$0] }
        return (counter.grouped(by: groups, names: names), names)
    }

    private static func behaviour(
        _ input: AnalysisInput, _ events: TrendEvents, _ products: CatalogueTable,
        _ categories: (places: [Int32], names: [String])
    ) -> ShopBehaviour {
        let log = input.log
        func day(_ time: Int64) -> Int32 { input.zone.day(ofMilliseconds: time) }
        // Categories are of items, and compared by the rules about items.
        let groupings = TrendEvents.Dimension.allCases.filter { $0 != .category }.compactMap { dimension in
            let (places, names) = TrendEvents.groups(of: log, by: dimension)
            return names.count > 1
                ? ShopBehaviour.Grouping(dimension: dimension.rawValue, names: names, places: places) : nil
        }
        return ShopBehaviour(
            items: log.itemIndexes, queries: log.queryIndexes, kinds: events.kinds, visits: events.visits,
            times: log.times, days: events.days, amounts: events.amounts,
            queryTexts: (0..<log.queries.count).map { log.queries.id(at: $0) },
            products: products.ids.indices.map { item in
                ShopBehaviour.Product(
                    id: products.ids[item], title: products.titles[item], category: categories.places[item],
                    price: products.prices[item], launchDay: products.launchTimes[item].map(day),
                    isInCatalogue: products.isInCatalogue[item])
            },
            categories: categories.names, groupings: groupings)
    }

    /// Of the catalogue, and where it tells none, those that the events of an item first name.
    private static func productCategories(
        _ log: BehaviourLog, _ products: CatalogueTable
    ) -> (places: [Int32], names: [String]) {
        guard products.categories.allSatisfy({ $0 < 0 }) else { return (products.categories, products.categoryNames) }
        let (places, names) = TrendEvents.groups(of: log, by: .category)
        var categories = products.categories
        for (event, item) in log.itemIndexes.enumerated() where item >= 0 && categories[Int(item)] < 0 {
            categories[Int(item)] = places[event]
        }
        return (categories, names)
    }
}
