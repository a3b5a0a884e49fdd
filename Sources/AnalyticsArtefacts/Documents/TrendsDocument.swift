/// Indicators by day and week, of all and by group, with forecasts, funnels and cohorts.
package struct TrendsDocument: ArtefactDocument {
    package static let name = ArtefactName.trends

    /// The periods that the values of each series of that kind stand for.
    package struct Calendar: Codable, Sendable, Equatable {
        /// `day` or `week`.
        package let period: String
        /// `2011-12-09`, of a week its Monday; without gaps.
        package let names: [String]
        /// Whether the log begins or ends inside of it.
        package let isPartial: [Bool]

        package init(period: String, names: [String], isPartial: [Bool]) {
            (self.period, self.names, self.isPartial) = (period, names, isPartial)
        }
    }

    package struct Series: Codable, Sendable, Equatable {
        /// `users`, `visits`, `revenue` ...: `Trends.Indicator`.
        package let indicator: String
        package let period: String
        /// By what, `channel`, `category`, `segment` ..., and which: nil in the series of all.
        package let dimension: String?
        package let group: String?
        /// One a period of the calendar; nil where the log has nothing of it.
        package let values: [Double?]
        /// Without the week's pattern, and the trend alone; empty where they are not known.
        package let adjusted: [Double?]
        package let trend: [Double?]
        package let forecast: Forecast?

        package init(
            indicator: String, period: String, dimension: String? = nil, group: String? = nil, values: [Double?],
            adjusted: [Double?] = [], trend: [Double?] = [], forecast: Forecast? = nil
        ) {
            (self.indicator, self.period, self.dimension, self.group) = (indicator, period, dimension, group)
            (self.values, self.adjusted, self.trend, self.forecast) = (values, adjusted, trend, forecast)
        }
    }

    package struct Forecast: Codable, Sendable, Equatable {
        package struct Point: Codable, Sendable, Equatable {
            package let period: String
            package let value: Double
            package let lower: Double?
            package let upper: Double?

            package init(period: String, value: Double, lower: Double?, upper: Double?) {
                (self.period, self.value, self.lower, self.upper) = (period, value, lower, upper)
            }
        }

        package let method: String
        /// How much the intervals are meant to hold, and what they held at earlier origins.
        package let intervalShare: Double
        package let coverage: Double?
        package let points: [Point]

        package init(method: String, intervalShare: Double, coverage: Double?, points: [Point]) {
            (self.method, self.intervalShare, self.coverage, self.points) = (method, intervalShare, coverage, points)
        }
    }

    package struct FunnelSteps: Codable, Sendable, Equatable {
        package let dimension: String?
        package let group: String?
        package let visits: Int
        package let views: Int
        package let carts: Int
        package let purchases: Int
        /// Visits with a purchase, whatever came before it.
        package let anyPurchases: Int

        package init(
            dimension: String?, group: String?, visits: Int, views: Int, carts: Int, purchases: Int, anyPurchases: Int
        ) {
            (self.dimension, self.group, self.visits, self.views) = (dimension, group, visits, views)
            (self.carts, self.purchases, self.anyPurchases) = (carts, purchases, anyPurchases)
        }
    }

    package struct Cohort: Codable, Sendable, Equatable {
        package let name: String
        package let users: Int
        /// Those active so many periods later; the first is all of them.
        package let active: [Int]

        package init(name: String, users: Int, active: [Int]) {
            (self.name, self.users, self.active) = (name, users, active)
        }
    }

    package struct LifecycleStep: Codable, Sendable, Equatable {
        package let week: String
        package let new: Int
        package let current: Int
        package let resurrected: Int
        package let dormant: Int

        package init(week: String, new: Int, current: Int, resurrected: Int, dormant: Int) {
            (self.week, self.new, self.current) = (week, new, current)
            (self.resurrected, self.dormant) = (resurrected, dormant)
        }
    }

    package let calendars: [Calendar]
    package let series: [Series]
    package let funnels: [FunnelSteps]
    /// `week` or `month`.
    package let retention: String
    package let cohorts: [Cohort]
    package let lifecycle: [LifecycleStep]

    package init(
        calendars: [Calendar], series: [Series], funnels: [FunnelSteps], retention: String, cohorts: [Cohort],
        lifecycle: [LifecycleStep]
    ) {
        (self.calendars, self.series, self.funnels) = (calendars, series, funnels)
        (self.retention, self.cohorts, self.lifecycle) = (retention, cohorts, lifecycle)
    }

    package func calendar(_ period: String) -> Calendar? { calendars.first { $0.period == period } }

    package var fault: String? {
        var check = DocumentCheck()
        for calendar in calendars {
            check.count(calendar.names.count, of: "periods", atMost: DocumentLimits.periods)
            check.holds(calendar.isPartial.count == calendar.names.count, "a calendar whose lists differ in length")
            for name in calendar.names { check.name(name, "a calendar") }
        }
        check.holds(Set(calendars.map(\.period)).count == calendars.count, "two calendars of one period")
        check.count(series.count, of: "series")
        for one in series { Self.look(at: one, periods: calendar(one.period)?.names.count, &check) }
        check.count(funnels.count, of: "funnels")
        for funnel in funnels {
            check.name(funnel.group, "a funnel")
            check.name(funnel.dimension, "a funnel")
        }
        check.count(cohorts.count, of: "cohorts", atMost: DocumentLimits.periods)
        for cohort in cohorts {
            check.name(cohort.name, "a cohort")
            check.holds(cohort.users > 0, "a cohort of nobody")
            check.count(cohort.active.count, of: "periods of a cohort", atMost: DocumentLimits.periods)
        }
        check.count(lifecycle.count, of: "weeks", atMost: DocumentLimits.periods)
        return check.fault
    }

    private static func look(at one: Series, periods: Int?, _ check: inout DocumentCheck) {
        let what = "the series \(one.indicator.prefix(40))"
        for name in [one.indicator, one.dimension, one.group] { check.name(name, what) }
        check.holds(
            one.values.count == periods && [one.adjusted, one.trend].allSatisfy { $0.isEmpty || $0.count == periods },
            "\(what), which has not a value a period")
        for values in [one.values, one.adjusted, one.trend] { check.numbers(values, what) }
        guard let forecast = one.forecast else { return }
        check.share(forecast.intervalShare, what)
        check.share(forecast.coverage, what)
        check.count(forecast.points.count, of: "points of a forecast", atMost: DocumentLimits.periods)
        for point in forecast.points {
            check.name(point.period, what)
            check.numbers([point.value, point.lower, point.upper], what)
        }
    }
}
