/// All sessions of one user after another. It keeps its buffers, so make one and use it for all users.
struct Visits {
    /// Per cent of the sessions that begin with a search.
    private static let searchPercent = 40
    /// Per cent of the steps that leave the taste for what is popular anywhere.
    private static let strayPercent = 12
    /// Per cent of the repeated items that are looked at again; the others are passed over for something new.
    private static let againPercent = 25
    /// How often a pick that is not yet launched, or was seen, is replaced before the step is given up.
    private static let pickLimit = 8
    /// Per cent of the views that lead to the cart, for an item of the own circle and for others.
    private static let cartPercents = (own: 22, other: 10)
    private static let purchasePercent = 45
    /// Two visits lie further apart than this, so that a shop counts them as two sessions.
    private static let sessionGapSeconds = 1800

    private let catalogue: Catalogue
    private let seed: UInt64
    /// For each item the last user, by index, who saw it.
    private var lastSeenBy: [Int]
    /// For each taste of the current user, the weights of its cluster's shelves.
    private var weighed: [ClusterShelves.Weighed] = []

    init(_ catalogue: Catalogue, seed: UInt64) {
        self.catalogue = catalogue
        self.seed = seed
        lastSeenBy = [Int](repeating: -1, count: catalogue.items.count)
    }

    /// The user's rows in the order of time; at least one.
    ///
    /// O(items of the user's clusters + rows), with a hundredth of a weight's cost for an item: see `ClusterShelves`.
    mutating func events(of shopper: Shopper, index: Int) -> [ShopEvent] {
        var random = ShopRandom(seed: seed, .sessions, index)
        weighed = shopper.tastes.map { catalogue.clusters[$0.cluster].weighed(shopper.factors(of: $0)) }
        var starts = (0..<shopper.sessionCount).map { _ in start(from: shopper.joinDay, &random) }
        starts.sort()
        var events: [ShopEvent] = []
        var session = 0
        for start in starts {
            // Of two visits at one time the second is not made.
            if let last = events.last, start <= last.time + Self.sessionGapSeconds { continue }
            let count = events.count
            append(session: session + 1, of: shopper, index: index, start: start, to: &events, &random)
            // A session in which nothing was found left no row.
            if events.count > count { session += 1 }
        }
        return events
    }

    private func start(from joinDay: Int, _ random: inout ShopRandom) -> Int {
        var day = random.index(cumulative: ShopCalendar.days)
        // Days before the joining are folded onto those after it, which keeps the shape of the week.
        if day < joinDay { day = joinDay + day % (ShopCalendar.dayCount - joinDay) }
        let hour = random.index(cumulative: ShopCalendar.hours)
        return ShopCalendar.start + day * ShopCalendar.secondsPerDay + hour * 3600 + random.index(below: 3600)
    }

    private mutating func append(
        session: Int, of shopper: Shopper, index: Int, start: Int, to events: inout [ShopEvent],
        _ random: inout ShopRandom
    ) {
        let taste = self.taste(of: shopper, at: start, &random)
        var time = start
        let isSearch = random.chance(percent: Self.searchPercent)
        let stepCount = 1 + min(random.index(below: 10), random.index(below: 12))
        for step in 0..<stepCount {
            guard let item = pick(for: shopper, taste, index: index, time: time, &random) else { continue }
            lastSeenBy[item] = index
            func add(_ kind: ShopEvent.Kind, quantity: Int = 0, query: String = "") {
                events.append(
                    ShopEvent(
                        kind: kind, item: item, time: time, quantity: quantity, session: session, query: query))
            }
            if step == 0, isSearch {
                add(.search, query: query(for: catalogue.items[item], &random))
                time += random.integer(in: 2...9)
            }
            add(.view)
            let isOwn = shopper.tastes.contains {
                $0.cluster == catalogue.items[item].cluster && $0.circle == catalogue.items[item].circle
            }
            if random.chance(percent: isOwn ? Self.cartPercents.own : Self.cartPercents.other) {
                time += random.integer(in: 15...90)
                let quantity = random.chance(percent: 85) ? 1 : random.integer(in: 2...4)
                add(.cart, quantity: quantity)
                if random.chance(percent: Self.purchasePercent) {
                    time += random.integer(in: 40...240)
                    add(.purchase, quantity: quantity)
                }
            }
            time += random.integer(in: 10...150)
        }
    }

    /// An index into the shopper's tastes, by the share of that day and the seasons of the clusters.
    private func taste(of shopper: Shopper, at time: Int, _ random: inout ShopRandom) -> Int {
        guard shopper.tastes.count == 2 else { return 0 }
        let day = (time - ShopCalendar.start) / ShopCalendar.secondsPerDay
        let share = shopper.firstTasteShare(on: day)
        let weights = zip(shopper.tastes, [share, 100 - share]).map { taste, share in
            share * ShopCalendar.seasonPercent(peakDay: StyleCluster.all[taste.cluster].peakDay, day: day)
        }
        return random.index(cumulative: cumulated(weights))
    }

    /// Nil where nothing was found; never for the first row of a user, which falls back to the cluster's oldest item.
    private func pick(
        for shopper: Shopper, _ taste: Int, index: Int, time: Int, _ random: inout ShopRandom
    ) -> Int? {
        let cluster = catalogue.clusters[shopper.tastes[taste].cluster]
        let isStray = random.chance(percent: Self.strayPercent)
        for _ in 0..<Self.pickLimit {
            let item =
                isStray
                ? random.index(cumulative: catalogue.cumulativePopularity)
                : cluster.draw(weighed[taste], &random)
            guard catalogue.items[item].launchTime <= time else { continue }
            if lastSeenBy[item] == index, !random.chance(percent: Self.againPercent) { continue }
            return item
        }
        // The first of a cluster is old: see Catalogue.
        return lastSeenBy[cluster.items[0]] == index ? nil : cluster.items[0]
    }

    /// What a person types who then clicks that item.
    private func query(for item: CatalogueItem, _ random: inout ShopRandom) -> String {
        let words = item.style
        let noun = words.products[item.product].noun.lowercased()
        return switch random.index(below: 6) {
        case 0: noun
        case 1: "\(words.materials[item.material].lowercased()) \(noun)"
        case 2: "\(words.colours[item.colour]) \(noun)"
        case 3: "\(words.brands[item.brand].lowercased()) \(noun)"
        case 4: "\(noun) for \(words.occasions[item.occasion])"
        default: "\(noun), \(words.colours[item.colour])"
        }
    }
}
