/// What is wrong in the shop, and who in it is unusual: changes to what users did, each with its right answer. For trying analyses.
///
/// Items are told by their rank of popularity, so that something can be found of each; days are counted from the first.
struct Planting {
    private static let seldomBoughtRanks = [4, 9, 14]
    private static let abandonedRanks = [5, 10, 15]
    private static let losingRanks = [6, 11]
    private static let outRanks = [(rank: 7, days: 40..<56), (rank: 12, days: 100..<118)]
    private static let pairRanks = [(8, 13), (16, 21), (17, 22)]
    static let emptyQueries = ["gift voucher", "repair service"]
    static let channels = ["web", "app", "store"]
    private static let fallenChannel = 1
    private static let fallDay = ShopCalendar.dayCount - 28
    private static let outageDay = 66
    private static let brokenDay = 122
    private static let busyDay = 94
    private static let programCount = 3
    /// Every so many items, one is met by nobody after the first months.
    private static let deadStep = 50
    private static let deadDay = 60

    private let catalogue: Catalogue
    private let configuration: ShopConfiguration
    private let seldomBought: Set<Int>
    private let abandoned: Set<Int>
    private let losing: Set<Int>
    private let out: [Int: Range<Int>]
    private let partners: [Int: Int]
    private let dead: Set<Int>

    init(_ catalogue: Catalogue, _ configuration: ShopConfiguration) {
        self.catalogue = catalogue
        self.configuration = configuration
        let order = catalogue.items.indices.filter { catalogue.items[$0].launchTime <= ShopCalendar.start }.sorted {
            (catalogue.items[$1].popularity, $0) < (catalogue.items[$0].popularity, $1)
        }
        func item(_ rank: Int) -> Int? { rank < order.count ? order[rank] : nil }
        seldomBought = Set(Self.seldomBoughtRanks.compactMap(item))
        abandoned = Set(Self.abandonedRanks.compactMap(item))
        losing = Set(Self.losingRanks.compactMap(item))
        var (out, partners): ([Int: Range<Int>], [Int: Int]) = ([:], [:])
        for (rank, days) in Self.outRanks { if let item = item(rank) { out[item] = days } }
        for (first, second) in Self.pairRanks {
            if let first = item(first), let second = item(second) { partners[first] = second }
        }
        (self.out, self.partners) = (out, partners)
        let popular = Set(order.prefix(30))
        dead = Set(
            stride(from: 17, to: catalogue.items.count, by: Self.deadStep).filter { !popular.contains($0) })
    }

    static func day(_ time: Int) -> Int { (time - ShopCalendar.start) / ShopCalendar.secondsPerDay }

    private func isProgram(_ user: Int) -> Bool {
        (1...Self.programCount).contains { configuration.userCount * $0 / (Self.programCount + 1) == user }
    }

    /// The user's channel: web for half of them.
    func channel(of user: Int) -> Int {
        var random = ShopRandom(seed: configuration.seed, .planting, 2 * user)
        return random.index(cumulative: [50, 80, 100])
    }

    /// The day on which the user leaves for good; nil for those who stay.
    private func leavingDay(_ user: Int, _ random: inout ShopRandom) -> Int? {
        random.chance(percent: 15) ? random.integer(in: 60...150) : nil
    }

    /// What the user did with all this, in the order of time; and the right answers about the user.
    func events(_ given: [ShopEvent], of user: Int) -> (events: [ShopEvent], leavingDay: Int?, isProgram: Bool) {
        var random = ShopRandom(seed: configuration.seed, .planting, 2 * user + 1)
        if isProgram(user) { return (program(&random), nil, true) }
        let leaving = leavingDay(user, &random)
        let channel = channel(of: user)
        var visits: [[ShopEvent]] = []
        for event in given where !(dead.contains(event.item) && Self.day(event.time) >= Self.deadDay) {
            if visits.last?.last?.session != event.session { visits.append([]) }
            visits[visits.count - 1].append(event)
        }
        if random.chance(percent: 25), let copied = visits.first {
            visits.append(Self.moved(copied, to: Self.busyDay, session: given.last.map { $0.session + 1 } ?? 1))
        }
        var events: [ShopEvent] = []
        for visit in visits {
            let day = Self.day(visit[0].time)
            // Somebody without any row would not be in the files.
            if !events.isEmpty, let leaving, day >= leaving { continue }
            if !events.isEmpty, day == Self.outageDay, random.chance(percent: 60) { continue }
            events += changed(visit, day: day, channel: channel, leaving: leaving, &random)
        }
        events.sort { ($0.time, $0.session) < ($1.time, $1.session) }
        let hasLeft = leaving.map { Self.day(events.last?.time ?? 0) < $0 } ?? false
        return (events, hasLeft ? leaving : nil, false)
    }

    private static func moved(_ visit: [ShopEvent], to day: Int, session: Int) -> [ShopEvent] {
        let shift = (day - Self.day(visit[0].time)) * ShopCalendar.secondsPerDay
        return visit.filter { $0.kind != .purchase }.map { $0.with(time: $0.time + shift, session: session) }
    }

    private func changed(
        _ visit: [ShopEvent], day: Int, channel: Int, leaving: Int?, _ random: inout ShopRandom
    ) -> [ShopEvent] {
        let first = visit[0]
        if first.kind == .view, losing.contains(first.item), random.chance(percent: 75) { return [first] }
        let isSearch = first.kind == .search
        let isLeaving = leaving.map { day >= $0 - 21 } ?? false
        let hasFallen = channel == Self.fallenChannel && day >= Self.fallDay
        var kept: [ShopEvent] = []
        for event in visit {
            let isOut = out[event.item]?.contains(day) ?? false
            let percent =
                switch event.kind {
                case .cart where isOut: 0
                case .cart where seldomBought.contains(event.item): 10
                case .purchase where isOut || isLeaving: 0
                case .purchase where seldomBought.contains(event.item) || abandoned.contains(event.item): 10
                case .purchase where day == Self.brokenDay: 10
                case .purchase where hasFallen: 40
                // Who searches means to buy: what a model of conversion can learn.
                case .purchase where !isSearch: 60
                default: 100
                }
            guard percent == 100 || random.chance(percent: percent) else { continue }
            kept.append(event)
            if event.kind == .purchase, let partner = partners[event.item], random.chance(percent: 50) {
                for kind in [ShopEvent.Kind.view, .cart, .purchase] {
                    kept.append(event.with(kind: kind, item: partner, quantity: kind == .view ? 0 : 1))
                }
            }
        }
        if let last = kept.last, random.chance(percent: 9) {
            let query =
                random.chance(percent: 30)
                ? Self.emptyQueries[random.index(below: Self.emptyQueries.count)]
                : catalogue.items[last.item].style.products[catalogue.items[last.item].product].noun.lowercased()
            kept.append(last.with(kind: .search, item: -1, time: last.time + 20, quantity: 0, query: query))
        }
        return kept
    }

    /// Ten visits of a program that looks at everything, evenly and without pause.
    private func program(_ random: inout ShopRandom) -> [ShopEvent] {
        var events: [ShopEvent] = []
        for session in 1...10 {
            var time = ShopCalendar.start + (session * 16) * ShopCalendar.secondsPerDay + random.index(below: 3600)
            for _ in 0..<150 {
                events.append(
                    ShopEvent(
                        kind: .view, item: random.index(below: catalogue.items.count), time: time, quantity: 0,
                        session: session, query: ""))
                time += random.integer(in: 1...3)
            }
        }
        return events
    }

    /// The right answers that are no user's.
    func truths(_ itemName: (Int) -> String) -> [[(String, String)]] {
        func items(_ rule: String, _ items: some Sequence<Int>) -> [[(String, String)]] {
            items.sorted().map { [("kind", rule), ("itemId", itemName($0))] }
        }
        var truths = items("seldomBought", seldomBought) + items("abandonedCarts", abandoned)
        truths += items("losesVisitors", losing) + items("deadCatalogue", dead)
        truths += out.keys.sorted().map { item in
            let days = out[item] ?? 0..<0
            return [
                ("kind", "stockOut"), ("itemId", itemName(item)), ("from", Self.date(ofDay: days.lowerBound)),
                ("to", Self.date(ofDay: days.upperBound - 1)),
            ]
        }
        truths += partners.keys.sorted().map { item in
            [("kind", "boughtTogether"), ("itemId", itemName(item)), ("otherId", itemName(partners[item] ?? 0))]
        }
        truths += Self.emptyQueries.map { [("kind", "searchWithoutClicks"), ("query", $0)] }
        truths.append([
            ("kind", "conversionFell"), ("dimension", "channel"), ("group", Self.channels[Self.fallenChannel]),
            ("from", Self.date(ofDay: Self.fallDay)),
        ])
        for (day, indicator, direction) in [
            (Self.outageDay, "visits", "below"), (Self.brokenDay, "purchases", "below"),
            (Self.busyDay, "visits", "above"),
        ] {
            truths.append([
                ("kind", "anomaly"), ("day", Self.date(ofDay: day)), ("indicator", indicator), ("direction", direction),
            ])
        }
        return truths
    }

    static func date(ofDay day: Int) -> String {
        var bytes: [UInt8] = []
        ShopCalendar.append(time: ShopCalendar.start + day * ShopCalendar.secondsPerDay, to: &bytes)
        return String(decoding: bytes.prefix(10), as: UTF8.self)
    }
}

extension ShopEvent {
    fileprivate func with(
        kind: Kind? = nil, item: Int? = nil, time: Int? = nil, quantity: Int? = nil, session: Int? = nil,
        query: String? = nil
    ) -> ShopEvent {
        ShopEvent(
            kind: kind ?? self.kind, item: item ?? self.item, time: time ?? self.time,
            quantity: quantity ?? self.quantity, session: session ?? self.session, query: query ?? self.query)
    }
}
