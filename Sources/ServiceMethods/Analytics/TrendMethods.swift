import AnalyticsArtefacts
import AnalyticsService
import WireProtocol

/// `trends.list`: indicators over time. Borrowed: valid while the request is lent.
struct TrendsListParameters: MethodParameters {
    /// Nil: all.
    var indicators: [WireString] = []
    var unit = TrendUnit.day
    /// Nil: the series of all.
    var dimension: WireString?
    /// Of the dimension; nil: all of them.
    var group: WireString?
    var count = AnalyticsLimits.defaultPeriods

    static let declared = ParameterSet<Self>([
        .names(
            "indicator", maximumCount: AnalyticsLimits.indicators, maximumBytes: AnalyticsLimits.nameBytes
        ) { $0.indicators = $1 },
        .choice("unit", of: TrendUnit.self, default: .day) { $0.unit = $1 },
        .name("dimension", maximumBytes: AnalyticsLimits.nameBytes) { $0.dimension = $1 },
        .name("group", maximumBytes: AnalyticsLimits.nameBytes) { $0.group = $1 },
        .count(in: AnalyticsLimits.periods, default: AnalyticsLimits.defaultPeriods) { $0.count = $1 },
    ])

    func check() throws(WireError) {
        if group != nil && dimension == nil {
            throw WireError(
                .badField, "A group is one of a dimension: send dimension too.", field: "params.dimension")
        }
    }
}

extension TrendsListParameters {
    /// Those that are asked for; a name that none has is refused with those that there are.
    fileprivate func series(_ trends: TrendsDocument) throws(WireError) -> [TrendsDocument.Series] {
        let unit = self.unit.rawValue
        var found = trends.series.filter { $0.period == unit }
        let dimension = dimension?.string
        try Self.look(dimension, among: found.compactMap(\.dimension), "dimension")
        found = found.filter { $0.dimension == dimension }
        if let group = group?.string {
            try Self.look(group, among: found.compactMap(\.group), "group")
            found = found.filter { $0.group == group }
        }
        guard !indicators.isEmpty else { return found }
        let names = indicators.map(\.string)
        for name in names { try Self.look(name, among: found.map(\.indicator), "indicator") }
        return found.filter { names.contains($0.indicator) }
    }

    private static func look(_ name: String?, among names: [String], _ parameter: String) throws(WireError) {
        guard let name, !names.contains(name) else { return }
        let known = Set(names).sorted().prefix(AnalyticsLimits.namesInErrors).joined(separator: ", ")
        throw WireError(
            .badField,
            known.isEmpty
                ? "The analysis has no such \(parameter), and none at all here."
                : "The analysis has no such \(parameter); there are: \(known).", field: "params.\(parameter)")
    }
}

extension ServiceMethod {
    static let trendsList = ServiceMethod(
        "trends.list", cost: .scan, "Users, visits, sales and the like by day or week, and how they go on."
    ) { (parameters: TrendsListParameters, context, writer) throws(WireError) in
        let view = try context.analysis()
        let trends = try context.document(\.trends, "no trends", of: view)
        let series = try parameters.series(trends)
        let calendar = trends.calendar(parameters.unit.rawValue)
        let names = calendar?.names ?? []
        let shown = max(names.count - parameters.count, 0)..<names.count
        writer.beginObject()
        writer.analysisMember(view)
        writer.member("unit", parameters.unit.rawValue)
        writer.strings("periods", names[shown])
        writer.key("partial")
        writer.beginArray()
        for place in shown { writer.boolean(calendar?.isPartial[place] ?? false) }
        writer.endArray()
        writer.list("series", series) { writer, one in writer.series(one, shown) }
        writer.endObject()
    }

    static let trendsFunnels = ServiceMethod(
        "trends.funnels", cost: .list, "How far visits come: view, cart, purchase; of all and by group."
    ) { (_: NoParameters, context, writer) throws(WireError) in
        let view = try context.analysis()
        let trends = try context.document(\.trends, "no trends", of: view)
        writer.beginObject()
        writer.analysisMember(view)
        writer.list("funnels", trends.funnels) { writer, one in
            writer.member("dimension", one.dimension)
            writer.member("group", one.group)
            writer.member("visits", one.visits)
            writer.member("views", one.views)
            writer.member("carts", one.carts)
            writer.member("purchases", one.purchases)
            writer.member("anyPurchases", one.anyPurchases)
        }
        writer.endObject()
    }

    static let trendsCohorts = ServiceMethod(
        "trends.cohorts", cost: .list, "Who comes back, by when they came first; new, current, lost and won again."
    ) { (_: NoParameters, context, writer) throws(WireError) in
        let view = try context.analysis()
        let trends = try context.document(\.trends, "no trends", of: view)
        writer.beginObject()
        writer.analysisMember(view)
        writer.member("retention", trends.retention)
        writer.list("cohorts", trends.cohorts) { writer, one in
            writer.member("cohort", one.name)
            writer.member("users", one.users)
            writer.key("active")
            writer.beginArray()
            for count in one.active { writer.integer(count) }
            writer.endArray()
        }
        writer.list("lifecycle", trends.lifecycle) { writer, one in
            writer.member("week", one.week)
            writer.member("new", one.new)
            writer.member("current", one.current)
            writer.member("resurrected", one.resurrected)
            writer.member("dormant", one.dormant)
        }
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func series(_ one: TrendsDocument.Series, _ shown: Range<Int>) {
        member("indicator", one.indicator)
        member("dimension", one.dimension)
        member("group", one.group)
        numbers("values", one.values[shown])
        if !one.adjusted.isEmpty { numbers("adjusted", one.adjusted[shown]) }
        if !one.trend.isEmpty { numbers("trend", one.trend[shown]) }
        guard let forecast = one.forecast else { return }
        key("forecast")
        beginObject()
        member("method", forecast.method)
        member("intervalShare", Double?(forecast.intervalShare))
        member("coverage", forecast.coverage)
        list("points", forecast.points) { writer, point in
            writer.member("period", point.period)
            writer.member("value", Double?(point.value))
            writer.member("lower", point.lower)
            writer.member("upper", point.upper)
        }
        endObject()
    }
}
