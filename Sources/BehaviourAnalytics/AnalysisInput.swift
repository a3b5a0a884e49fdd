package import Interactions
package import Trends
internal import Segmentation

/// What an analysis is made of: events as they were read, and the catalogue where it is known.
package struct AnalysisInput: Sendable {
    package let log: BehaviourLog
    package let zone: TimeZoneRules
    package let gap: SessionGap
    /// Read by `ItemReader`; empty where there is none.
    package let catalogue: [Item]
    /// By what trends are broken down; nil: by what most events have, if there is anything.
    package let dimension: TrendEvents.Dimension?

    package init(
        log: BehaviourLog, zone: TimeZoneRules, gap: SessionGap = .standard, catalogue: [Item] = [],
        dimension: TrendEvents.Dimension? = nil
    ) {
        (self.log, self.zone, self.gap, self.catalogue) = (log, zone, gap, catalogue)
        self.dimension = dimension ?? Self.dimension(of: log)
    }

    /// The first of these that half of the events have.
    private static func dimension(of log: BehaviourLog) -> TrendEvents.Dimension? {
        [TrendEvents.Dimension.channel, .category, .cityTier, .gender].first { dimension in
            let (places, names) = TrendEvents.groups(of: log, by: dimension)
            return names.count > 1 && 2 * places.count { $0 >= 0 } >= log.count
        }
    }

    /// What each event came to: as its row says, else for purchases the price of the item; NaN where neither is known.
    package func amounts(_ products: CatalogueTable) -> (values: [Double], areOfPrices: Bool) {
        if log.amounts.contains(where: { !$0.isNaN }) { return (log.amounts, false) }
        guard products.prices.contains(where: { $0 > 0 }) else {
            return (Array(repeating: .nan, count: log.count), false)
        }
        let isPurchase = log.eventTypes.map { VisitEvents.Kind(named: $0) == .purchase }
        return (
            (0..<log.count).map { event in
                let item = Int(log.itemIndexes[event])
                return item >= 0 && isPurchase[Int(log.eventTypeIndexes[event])] ? products.prices[item] : .nan
            }, true
        )
    }
}

/// Items of the events first, by their numbers, then those that the catalogue alone has.
package struct CatalogueTable: Sendable {
    package let ids: [String]
    package let titles: [String]
    /// An index of `categoryNames`; -1 for none.
    package let categories: [Int32]
    package let categoryNames: [String]
    /// NaN where it is not known.
    package let prices: [Double]
    /// Milliseconds since 1970; nil where it is not known.
    package let launchTimes: [Int64?]
    package let isInCatalogue: [Bool]

    // Names of columns as shops have them, in lower case without anything but letters.
    private static let titleNames = ["title", "name", "description"]
    private static let categoryNamesOfColumns = ["category", "categoryone", "department", "genre", "genres"]
    private static let priceNames = ["price", "unitprice", "listprice"]
    private static let launchNames = ["launchtime", "launchdate", "launched", "created", "createdat", "releasedate"]

    package init(_ log: BehaviourLog, catalogue: [Item]) {
        var rows: [String: Int] = [:]
        for (row, item) in catalogue.enumerated() { rows[item.id] = row }
        var ids = (0..<log.items.count).map { log.items.id(at: $0) }
        let known = Set(ids)
        ids += catalogue.map(\.id).filter { !known.contains($0) }
        let items = ids.map { rows[$0].map { catalogue[$0] } }
        func values(_ names: [String]) -> [PropertyValue?] {
            items.map { item in item.flatMap { item in Self.value(item, names) } }
        }
        self.ids = ids
        titles = zip(ids, values(Self.titleNames)).map { id, value in value.flatMap(Self.text) ?? id }
        var (categoryNames, places): ([String], [String: Int32]) = ([], [:])
        categories = values(Self.categoryNamesOfColumns).map { value in
            guard let name = value.flatMap(Self.text) else { return -1 }
            if let place = places[name] { return place }
            places[name] = Int32(categoryNames.count)
            categoryNames.append(name)
            return Int32(categoryNames.count - 1)
        }
        self.categoryNames = categoryNames
        prices = values(Self.priceNames).map { value in
            if case .number(let price)? = value, price > 0 { return price }
            return .nan
        }
        launchTimes = values(Self.launchNames).map { value in
            if case .time(let time)? = value { return time }
            return nil
        }
        isInCatalogue = items.map { $0 != nil }
    }

    private static func value(_ item: Item, _ names: [String]) -> PropertyValue? {
        for name in names {
            if let found = item.properties.first(where: { letters($0.name) == name }) { return found.value }
        }
        return nil
    }

    private static func letters(_ name: String) -> String {
        // category1 is the first of several levels.
        String((name.hasSuffix("1") ? name.dropLast() + "one" : name[...]).lowercased().filter(\.isLetter))
    }

    private static func text(_ value: PropertyValue) -> String? {
        switch value {
        case .string(let text): text.isEmpty ? nil : text
        case .strings(let texts): texts.first
        case .number(let number): number == number.rounded() && number.magnitude < 1e15 ? "\(Int(number))" : "\(number)"
        case .boolean, .time: nil
        }
    }
}
