internal import Segmentation

/// What visits did with each item and query, counted in one pass over the visits.
struct VisitTallies {
    struct ItemCounts {
        /// Visits that looked at it, put it into the cart, bought it.
        var viewed = 0
        var carted = 0
        var bought = 0
        /// Of those that carted it, those that bought it not.
        var abandoned = 0
        /// Of those that viewed it, those that bought it.
        var viewedAndBought = 0
        /// Visits that began with it, and of these those that were nothing else.
        var entries = 0
        var bounces = 0
        var revenue = 0.0
        var purchaseEvents = 0
        var lastDay: Int32 = .min
    }

    struct QueryCounts {
        var searches = 0
        /// After which nothing of the visit followed, nor was a result chosen.
        var unclicked = 0
    }

    private(set) var items: [ItemCounts]
    private(set) var queries: [QueryCounts]
    /// Items of each visit with a purchase, ascending, each once.
    private(set) var baskets: [[Int32]] = []
    /// Per visit: whether it bought.
    private(set) var hasPurchase: [Bool]
    /// Per visit its first event.
    private(set) var firstEvents: [Int32]
    private(set) var visitCount = 0
    private(set) var purchasingVisitCount = 0
    private(set) var revenue = 0.0

    init(_ log: ShopBehaviour) {
        items = Array(repeating: ItemCounts(), count: log.products.count)
        queries = Array(repeating: QueryCounts(), count: log.queryTexts.count)
        let (order, starts) = Self.byVisit(log)
        hasPurchase = Array(repeating: false, count: starts.count - 1)
        firstEvents = Array(repeating: -1, count: starts.count - 1)
        for visit in 0..<(starts.count - 1) where starts[visit] < starts[visit + 1] {
            add(log, visit, order[starts[visit]..<starts[visit + 1]])
        }
    }

    /// Events in the order of visits, in each by time; of equal times in that of the log.
    private static func byVisit(_ log: ShopBehaviour) -> (order: [Int32], starts: [Int]) {
        var starts = [Int](repeating: 0, count: Int(log.visits.max() ?? -1) + 2)
        for visit in log.visits where visit >= 0 { starts[Int(visit) + 1] += 1 }
        for place in starts.indices.dropFirst() { starts[place] += starts[place - 1] }
        var next = starts
        var order = [Int32](repeating: 0, count: starts[starts.count - 1])
        for (event, visit) in log.visits.enumerated() where visit >= 0 {
            order[next[Int(visit)]] = Int32(event)
            next[Int(visit)] += 1
        }
        for visit in 0..<(starts.count - 1) where starts[visit + 1] - starts[visit] > 1 {
            order[starts[visit]..<starts[visit + 1]].sort {
                (log.times[Int($0)], $0) < (log.times[Int($1)], $1)
            }
        }
        return (order, starts)
    }

    private struct Touched {
        var isViewed = false
        var isCarted = false
        var isBought = false
    }

    private mutating func add(_ log: ShopBehaviour, _ visit: Int, _ events: ArraySlice<Int32>) {
        var touched: [Int32: Touched] = [:]
        for place in events.indices {
            let event = Int(events[place])
            let item = log.items[event]
            if log.kinds[event] == .search, log.queries[event] >= 0 {
                // Alone in its visit from here on, and no result of it was chosen.
                let isUnclicked = item < 0 && Self.isFollowedByNothing(log, events[(place + 1)...])
                queries[Int(log.queries[event])].searches += 1
                if isUnclicked { queries[Int(log.queries[event])].unclicked += 1 }
            }
            guard item >= 0 else { continue }
            items[Int(item)].lastDay = max(items[Int(item)].lastDay, log.days[event])
            switch log.kinds[event] {
            case .view: touched[item, default: Touched()].isViewed = true
            case .cart: touched[item, default: Touched()].isCarted = true
            case .purchase:
                touched[item, default: Touched()].isBought = true
                items[Int(item)].purchaseEvents += 1
                if !log.amounts.isEmpty, log.amounts[event].isFinite {
                    items[Int(item)].revenue += log.amounts[event]
                    revenue += log.amounts[event]
                }
            case .search, .other: break
            }
        }
        let first = Int(events[events.startIndex])
        firstEvents[visit] = Int32(first)
        if log.items[first] >= 0, log.kinds[first] == .view {
            items[Int(log.items[first])].entries += 1
            if events.count == 1 { items[Int(log.items[first])].bounces += 1 }
        }
        visitCount += 1
        count(touched)
        hasPurchase[visit] = events.contains { log.kinds[Int($0)] == .purchase }
        if hasPurchase[visit] { purchasingVisitCount += 1 }
        let basket = touched.filter { $0.value.isBought }.keys.sorted()
        if !basket.isEmpty { baskets.append(basket) }
    }

    private mutating func count(_ touched: [Int32: Touched]) {
        for (item, what) in touched {
            let item = Int(item)
            if what.isViewed { items[item].viewed += 1 }
            if what.isBought { items[item].bought += 1 }
            if what.isViewed && what.isBought { items[item].viewedAndBought += 1 }
            guard what.isCarted else { continue }
            items[item].carted += 1
            if !what.isBought { items[item].abandoned += 1 }
        }
    }

    /// Until the visit's next search.
    private static func isFollowedByNothing(_ log: ShopBehaviour, _ rest: ArraySlice<Int32>) -> Bool {
        for event in rest {
            if log.kinds[Int(event)] == .search { return true }
            if log.items[Int(event)] >= 0 { return false }
        }
        return true
    }
}
