import Segmentation

/// Each visit in a row, put together once for all that is counted of it.
struct VisitSummaries: Sendable {
    /// By visit: the events of its first and of its last time; of equal times the first in the log.
    let firstEvents: [Int]
    let seconds: [Double]
    let eventCounts: [Int32]
    let hasPurchase: [Bool]
    /// How far it came: 0, 1 a view, 2 then a cart, 3 then a purchase.
    let stages: [UInt8]

    init(_ events: TrendEvents) {
        let count = Int(events.visits.max() ?? -1) + 1
        var first = [Int](repeating: -1, count: count)
        var last = first
        var eventCounts = [Int32](repeating: 0, count: count)
        var hasPurchase = [Bool](repeating: false, count: count)
        for event in 0..<events.count {
            let visit = Int(events.visits[event])
            eventCounts[visit] += 1
            if events.kinds[event] == .purchase { hasPurchase[visit] = true }
            if first[visit] < 0 || events.times[event] < events.times[first[visit]] { first[visit] = event }
            if last[visit] < 0 || events.times[event] > events.times[last[visit]] { last[visit] = event }
        }
        firstEvents = first
        seconds = zip(first, last).map { $0 < 0 ? 0 : Double(events.times[$1] - events.times[$0]) / 1000 }
        self.eventCounts = eventCounts
        self.hasPurchase = hasPurchase
        stages = Self.stages(events, visitCount: count)
    }

    private static func stages(_ events: TrendEvents, visitCount: Int) -> [UInt8] {
        guard events.hasVisits else { return [] }
        var stages = [UInt8](repeating: 0, count: visitCount)
        // Of one time, a view comes before a cart and a cart before a purchase.
        let order = events.times.indices.sorted {
            (events.times[$0], events.kinds[$0].rawValue, $0) < (events.times[$1], events.kinds[$1].rawValue, $1)
        }
        for event in order {
            let visit = Int(events.visits[event])
            switch (events.kinds[event], stages[visit]) {
            case (.view, 0): stages[visit] = 1
            case (.cart, 1): stages[visit] = 2
            case (.purchase, 2): stages[visit] = 3
            default: break
            }
        }
        return stages
    }
}
