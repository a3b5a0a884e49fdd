internal import StoredFiles

/// Writes the four files and counts what it writes.
struct ShopWriter: ~Copyable {
    private let itemIdentifier: ShopIdentifier
    private let userIdentifier: ShopIdentifier
    private let items: RowFile
    private let users: RowFile
    private let interactions: RowFile
    private let planted: RowFile
    /// Nil where nothing was planted.
    private let truth: RowFile?
    /// Of the items, in cents; empty where no amounts are written.
    private var cents: [Int] = []
    private var summary = ShopSummary()

    init(_ configuration: ShopConfiguration, directory: String) throws(ShopError) {
        func path(_ file: ShopFile) -> String { "\(directory)/\(file.rawValue)" }
        itemIdentifier = ShopIdentifier(prefix: "i", count: configuration.itemCount)
        userIdentifier = ShopIdentifier(prefix: "u", count: configuration.userCount)
        let items = try RowFile(path: path(.items))
        let users = try RowFile(path: path(.users))
        let interactions = try RowFile(path: path(.interactions))
        let planted = try RowFile(path: path(.planted))
        let truth = configuration.isPlanted ? try RowFile(path: "\(directory)/\(ShopGenerator.truthFile)") : nil
        try users.append { $0.append("userId,city,cityTier,gender\n") }
        let more = configuration.isPlanted ? ",channel,amount" : ""
        try interactions.append { $0.append("userId,itemId,type,time,value,sessionId,query\(more)\n") }
        try planted.append { row in
            row.append("{")
            row.append(member: "kind", "shop")
            row.append(member: "seed")
            row.append(String(configuration.seed))
            row.append(member: "userCount", configuration.userCount)
            row.append(member: "itemCount", configuration.itemCount)
            row.append(member: "dayCount", ShopCalendar.dayCount)
            row.append(member: "circleCount", Catalogue.circleCount)
            row.append(member: "clusters", StyleCluster.all.map(\.name))
            row.append("}\n")
        }
        self.items = items
        self.users = users
        self.interactions = interactions
        self.planted = planted
        self.truth = truth
    }

    /// The right answers that are no user's.
    func write(_ planting: Planting) throws(ShopError) {
        for answer in planting.truths({ itemIdentifier.text($0) }) { try write(answer) }
    }

    private func write(_ answer: [(String, String)]) throws(ShopError) {
        try truth?.append { row in
            row.append("{")
            for (name, value) in answer { row.append(member: name, value) }
            row.append("}\n")
        }
    }

    /// A user with what was planted.
    mutating func write(
        _ shopper: Shopper, index: Int, planting: Planting, events: [ShopEvent]
    ) throws(ShopError) {
        let changed = planting.events(events, of: index)
        let name = userIdentifier.text(index)
        if let day = changed.leavingDay {
            try write([("kind", "churn"), ("userId", name), ("day", Planting.date(ofDay: day))])
        }
        if changed.isProgram { try write([("kind", "visitor"), ("userId", name)]) }
        try write(
            shopper, index: index, events: changed.events, channel: Planting.channels[planting.channel(of: index)])
    }

    mutating func write(_ catalogue: Catalogue) throws(ShopError) {
        if truth != nil { cents = catalogue.items.map(\.cents) }
        for (index, item) in catalogue.items.enumerated() {
            let name = itemIdentifier.text(index)
            try items.append { Self.append(item, name, to: &$0) }
            try planted.append { row in
                row.append("{")
                row.append(member: "kind", "item")
                row.append(member: "itemId", name)
                row.append(member: "cluster", item.style.name)
                row.append(member: "circle", item.circle)
                row.append(member: "priceLevel", item.priceLevel)
                row.append(member: "brandNew", item.isBrandNew)
                row.append(member: "found", item.popularity > 0)
                row.append("}\n")
            }
            summary.itemCount += 1
            summary.brandNewItemCount += item.isBrandNew ? 1 : 0
        }
    }

    private static func append(_ item: CatalogueItem, _ name: String, to row: inout [UInt8]) {
        let words = item.style
        row.append("{")
        row.append(member: "itemId", name)
        row.append(member: "title", item.title)
        row.append(member: "description", item.description)
        row.append(member: "brand", words.brands[item.brand])
        row.append(member: "category1", words.department)
        row.append(member: "category2", words.products[item.product].aisle)
        row.append(member: "category3", words.products[item.product].shelf)
        row.append(member: "price")
        row.append(cents: item.cents)
        row.append(member: "tags", item.tags)
        row.append(member: "launchTime")
        row.append("\"")
        ShopCalendar.append(time: item.launchTime, to: &row)
        row.append("\"}\n")
    }

    mutating func write(
        _ shopper: Shopper, index: Int, events: [ShopEvent], channel: String? = nil
    ) throws(ShopError) {
        let (userIdentifier, itemIdentifier, cents) = (userIdentifier, itemIdentifier, cents)
        try users.append { row in
            userIdentifier.append(index, to: &row)
            row.append(",")
            row.append(field: shopper.city)
            row.append(",")
            row.append(number: shopper.cityTier)
            row.append(",\(shopper.gender)\n")
        }
        try planted.append { Self.append(shopper, userIdentifier.text(index), to: &$0) }
        for event in events {
            try interactions.append { row in
                userIdentifier.append(index, to: &row)
                row.append(",")
                if event.item >= 0 { itemIdentifier.append(event.item, to: &row) }
                row.append(",\(event.kind.rawValue),")
                ShopCalendar.append(time: event.time, to: &row)
                row.append(",")
                if event.quantity > 0 { row.append(number: event.quantity) }
                row.append(",")
                userIdentifier.append(index, to: &row)
                row.append("-")
                row.append(number: event.session)
                row.append(",")
                row.append(field: event.query)
                if let channel {
                    row.append(",\(channel),")
                    if event.kind == .purchase { row.append(cents: cents[event.item] * event.quantity) }
                }
                row.append("\n")
            }
            count(event.kind)
        }
        summary.userCount += 1
        summary.oneVisitUserCount += shopper.isOneVisit ? 1 : 0
        summary.sessionCount += Set(events.map(\.session)).count
    }

    private mutating func count(_ kind: ShopEvent.Kind) {
        switch kind {
        case .search: summary.searchCount += 1
        case .view: summary.viewCount += 1
        case .cart: summary.cartCount += 1
        case .purchase: summary.purchaseCount += 1
        }
    }

    private static func append(_ shopper: Shopper, _ name: String, to row: inout [UInt8]) {
        row.append("{")
        row.append(member: "kind", "user")
        row.append(member: "userId", name)
        row.append(member: "oneVisit", shopper.isOneVisit)
        row.append(member: "priceLevel", shopper.priceLevel)
        row.append(member: "firstTasteShareAtStart", shopper.startShare)
        row.append(member: "firstTasteShareAtEnd", shopper.endShare)
        row.append(member: "tastes")
        row.append("[")
        for (index, taste) in shopper.tastes.enumerated() {
            let words = StyleCluster.all[taste.cluster]
            row.append(index > 0 ? ",{" : "{")
            row.append(member: "cluster", words.name)
            row.append(member: "circle", taste.circle)
            row.append(member: "brands", taste.brands.map { words.brands[$0] })
            row.append(member: "category3", taste.products.map { words.products[$0].shelf })
            row.append("}")
        }
        row.append("]}\n")
    }

    consuming func finish() throws(ShopError) -> ShopSummary {
        do throws(FileError) {
            var files = OutputFiles()
            for part in [items, users, interactions, planted, truth].compactMap(\.self) { files.add(part.file) }
            try files.publish()
        } catch {
            throw ShopError(error, code: .fileNotWritten)
        }
        return summary
    }
}
