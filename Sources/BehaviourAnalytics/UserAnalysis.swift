internal import AnalyticsArtefacts
internal import Interactions
internal import KeyValueStore
internal import Prediction
internal import Segmentation
internal import Trends

/// What is known and foretold of each user.
struct UserAnalysis {
    struct Settings {
        let days: Int
        let valueDays: Int
        let yearlyDiscount: Double
        let seed: UInt64
        let threadCount: Int
    }

    private let input: AnalysisInput
    private let events: TrendEvents
    private let settings: Settings
    let features: FeatureTables
    /// Numbers of the log's users with an event, ascending by their ids' bytes; the document's order.
    let users: [Int32]
    /// Per number of the log the place in `users`; -1 for none.
    let places: [Int32]
    /// Just after the last event.
    let moment: Int64

    /// More rows teach little and cost much.
    private static let greatestTrainingCount = 100_000
    /// Moments before the end at which users are learned from.
    private static let momentCount = 3

    /// - Parameter events: of the same log, with the amounts that are to count.
    init(
        _ input: AnalysisInput, _ events: TrendEvents, categories: (places: [Int32], names: [String]),
        _ settings: Settings
    ) {
        self.input = input
        self.events = events
        self.settings = settings
        let (log, zone) = (input.log, input.zone)
        let kinds = log.eventTypes.map { VisitEvents.Kind(named: $0) }
        features = FeatureTables(
            VisitEvents(
                users: log.userIndexes, items: log.itemIndexes, times: log.times,
                kinds: log.eventTypeIndexes.map { kinds[Int($0)] }, sessions: log.sessionIndexes,
                channels: log.channelIndexes, channelNames: (0..<log.channels.count).map { log.channels.id(at: $0) }),
            gap: input.gap, amounts: events.amounts,
            categories: log.itemIndexes.map { $0 < 0 ? -1 : categories.places[Int($0)] },
            categoryNames: categories.names,
            offset: { time in zone.offset(atSeconds: time >= 0 ? time / 1000 : (time - 999) / 1000) * 1000 })
        moment = (features.lastTime ?? 0) + 1
        var isSeen = [Bool](repeating: false, count: log.users.count)
        for user in log.userIndexes where user >= 0 { isSeen[Int(user)] = true }
        users = log.users.ascendingOrder().filter { isSeen[Int($0)] }
        var places = [Int32](repeating: -1, count: log.users.count)
        for (place, user) in users.enumerated() { places[Int(user)] = Int32(place) }
        self.places = places
    }

    /// The same for an id in every file.
    private func hash(_ user: Int32) -> UInt64 {
        let bytes = Array(input.log.users.bytes(at: Int(user)))
        return unsafe bytes.withUnsafeBytes { unsafe Checksum.of($0, seed: settings.seed) }
    }

    private static let day: Int64 = 86_400_000

    /// Of users: each is learned from at one of the moments, so that nobody is on both sides of the split by time.
    func userQuestions(asked: FeatureColumns) -> [OutcomeQuestion] {
        guard let first = features.firstTime else { return [] }
        let step = Int64(settings.days) * Self.day
        let moments = (1...Self.momentCount).map { moment - Int64($0) * step }.filter { $0 > first + step / 2 }.sorted()
        guard !moments.isEmpty else { return [] }
        let share = Double(Self.greatestTrainingCount) / Double(max(1, users.count))
        let limit = share >= 1 ? UInt64.max : UInt64(share * Double(UInt64.max) * 0.999)
        let hashes = users.map { hash($0) }
        var (parts, times, of): ([FeatureColumns], [Int64], [Int32]) = ([], [], [])
        var (purchases, churns): ([Bool], [Bool]) = ([], [])
        for (number, at) in moments.enumerated() {
            let rows = FeatureColumns(features, moment: at) { user in
                let hash = hashes[Int(places[Int(user)])]
                return SplitHash.part(hash, of: moments.count) == number && hash <= limit
            }
            parts.append(rows)
            for user in rows.users {
                guard let outcome = features.outcomes(of: user, moment: at, days: settings.days) else {
                    preconditionFailure("the events go on for the days after an earlier moment")
                }
                purchases.append(outcome.purchases)
                churns.append(outcome.churns)
                times.append(at)
                of.append(user)
            }
        }
        let columns = Self.joined(parts.map(\.columns))
        let askedPlaces = asked.users.map { Int(places[Int($0)]) }
        return [
            ("purchase", "buys within \(settings.days) days", purchases),
            ("churn", "does nothing for \(settings.days) days", churns),
        ].map {
            name, outcome, outcomes in
            OutcomeQuestion(
                name: name, outcome: outcome, columns: columns, outcomes: outcomes, times: times, users: of,
                asked: asked.columns, places: askedPlaces)
        }
    }

    /// Of visits, after their first event; asked of each user's latest.
    func visitQuestions() -> [OutcomeQuestion] {
        let share = Double(Self.greatestTrainingCount) / Double(max(1, input.log.count / 4))
        let limit = share >= 1 ? UInt64.max : UInt64(share * Double(UInt64.max) * 0.999)
        let rows = features.visitRows(afterEvents: 1) { hash($0) <= limit }
        let latest = features.visitRows(afterEvents: 1, latestOnly: true)
        let (columns, asked) = (FeatureColumns(rows), FeatureColumns(latest))
        let askedPlaces = latest.map { Int(places[Int($0.user)]) }
        return [
            ("conversion", "the latest visit buys after its first event", rows.map(\.converts)),
            ("bounce", "the latest visit ends after its first event", rows.map(\.ends)),
        ].map { name, outcome, outcomes in
            OutcomeQuestion(
                name: name, outcome: outcome, columns: columns.columns, outcomes: outcomes, times: rows.map(\.moment),
                users: rows.map(\.user), asked: asked.columns, places: askedPlaces)
        }
    }

    /// Columns of the same names one under the other.
    private static func joined(_ parts: [[PredictionColumn]]) -> [PredictionColumn] {
        (parts.first ?? []).indices.map { place in
            let name = parts[0][place].name
            if case .numbers = parts[0][place].values {
                return PredictionColumn(
                    name,
                    numbers: parts.flatMap { part -> [Double] in
                        guard case .numbers(let numbers) = part[place].values else { return [] }
                        return numbers
                    })
            }
            return PredictionColumn(
                name,
                words: parts.flatMap { part -> [String] in
                    guard case .words(let indexes, let names) = part[place].values else { return [] }
                    return indexes.map { $0 < 0 ? "" : names[Int($0)] }
                })
        }
    }

    struct Totals {
        var events: [Int]
        var purchases: [Int]
        var lastTimes: [Int64]
        var revenue: [Double?]
    }

    /// In the document's order.
    var totals: Totals {
        let count = users.count
        var totals = Totals(
            events: Array(repeating: 0, count: count), purchases: Array(repeating: 0, count: count),
            lastTimes: Array(repeating: .min, count: count), revenue: [])
        var revenue = [Double](repeating: 0, count: count)
        for event in 0..<events.count where events.users[event] >= 0 {
            let place = Int(places[Int(events.users[event])])
            totals.events[place] += 1
            totals.lastTimes[place] = max(totals.lastTimes[place], events.times[event])
            guard events.kinds[event] == .purchase else { continue }
            totals.purchases[place] += 1
            if !events.amounts.isEmpty, events.amounts[event].isFinite { revenue[place] += events.amounts[event] }
        }
        if !events.amounts.isEmpty { totals.revenue = revenue.map { Rounded.value($0) } }
        return totals
    }

    /// Purchases as orders: a visit is one; without money each is worth 1.
    var transactions: TransactionLog {
        var log = TransactionLog()
        for event in 0..<events.count where events.kinds[event] == .purchase && events.users[event] >= 0 {
            let amount = events.amounts.isEmpty ? 1 : events.amounts[event]
            guard amount > 0 else { continue }
            log.append(
                customer: input.log.users.bytes(at: Int(events.users[event])).span,
                order: Array("\(events.visits[event])".utf8).span, time: events.times[event], quantity: 1, price: amount
            )
        }
        return log
    }

    struct Values {
        var alive: [Double?] = []
        var expectedPurchases: [Double?] = []
        var value: [Double?] = []
    }

    /// Empty where too few bought for a model.
    func values(_ log: TransactionLog) -> Values {
        let fitted = Result { () throws -> (PurchaseHistories, PurchaseModel) in
            let histories = try PurchaseHistories(log, RFMRules())
            return (histories, try PurchaseModel.fit(histories).model)
        }
        guard case .success(let (histories, purchases)) = fitted else { return Values() }
        let spend = events.amounts.isEmpty ? nil : Self.spend(histories)
        let none = [Double?](repeating: nil, count: users.count)
        var values = Values(alive: none, expectedPurchases: none, value: none)
        for customer in 0..<histories.count {
            guard let user = input.log.users.index(of: histories.customerIds[customer]) else { continue }
            let place = Int(places[Int(user)])
            let told = LifetimeValue(
                purchases, spend, repeatCount: histories.repeatCounts[customer], recency: histories.recencies[customer],
                age: histories.ages[customer], meanValue: histories.meanValues[customer],
                days: Double(settings.valueDays), yearlyDiscount: settings.yearlyDiscount)
            values.alive[place] = Rounded.share(told.aliveProbability)
            values.expectedPurchases[place] = Rounded.value(told.expectedPurchases)
            let worth = spend == nil ? told.expectedPurchases : told.value
            if worth.isFinite { values.value[place] = Rounded.value(worth) }
        }
        // Who never bought is no customer yet, and has no value that a purchase model could tell.
        return values
    }

    /// Nil where too few bought again for something.
    private static func spend(_ histories: PurchaseHistories) -> SpendModel? {
        let fitted = Result { () throws(PredictionError) in try SpendModel.fit(histories).model }
        guard case .success(let model) = fitted else { return nil }
        return model
    }

    struct Segments {
        let names: [String]
        let titles: [String]
        /// In the document's order.
        let places: [Int]
    }

    static let prospectName = "not_yet_bought"

    /// The ten segments by rule of those who bought, and one of all others.
    func segments(_ log: TransactionLog) -> Segments {
        let names = RFMSegment.allCases.map(\.rawValue) + [Self.prospectName]
        let titles = RFMSegment.allCases.map(\.title) + ["Not yet bought"]
        var found = [Int](repeating: names.count - 1, count: users.count)
        let table = Result { () throws(SegmentationError) in try RFMTable(log, RFMRules()) }
        if case .success(let table) = table {
            let scores = RFMScores(table)
            for customer in 0..<table.count {
                guard let user = input.log.users.index(of: table.customerIds[customer]),
                    let place = RFMSegment.allCases.firstIndex(of: scores.segment(table[customer]))
                else { continue }
                found[Int(places[Int(user)])] = place
            }
        }
        return Segments(names: names, titles: titles, places: found)
    }
}

/// Parts of equal size by a hash's high half; the low half stays for samples.
enum SplitHash {
    static func part(_ hash: UInt64, of count: Int) -> Int { Int((hash & 0xffff_ffff) % UInt64(count)) }
}
