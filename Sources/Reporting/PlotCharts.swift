import CommandLineInterface

/// A series of a chart: a name and a value, if any, at each place of the x axis.
package struct ChartSeries {
    package let name: String
    package let values: [Double?]

    package init(name: String, values: [Double?]) {
        self.name = name
        self.values = values
    }
}

/// Small charts with a y axis, made to stand three in a row or alone on a phone.
package enum PlotCharts {
    // A third of the page's width, so that the text is as large as it is set.
    private static let (width, height) = (330.0, 200.0)
    private static let (left, right, top, bottom) = (52.0, 10.0, 10.0, 26.0)
    private static let plotWidth = width - left - right

    /// Curves over evenly spaced places; `marked` is one place that is set apart.
    package static func lines(
        _ title: String, places: [String], series: [ChartSeries], fromZero: Bool = true, marked: Int? = nil
    ) -> String {
        let axis = ChartAxis(holding: series.flatMap { $0.values.compactMap(\.self) }, fromZero: fromZero)
        let step = places.count > 1 ? (plotWidth - 16) / Double(places.count - 1) : 0
        func x(_ place: Int) -> Double {
            places.count > 1 ? left + 8 + Double(place) * step : left + plotWidth / 2
        }
        var body = frame(axis, places: places, x: x)
        for (number, line) in series.enumerated() {
            let points = line.values.enumerated().compactMap { place, value in
                value.flatMap { $0.isFinite ? (place: place, value: $0) : nil }
            }
            let path = points.map { "\(Chart.number(x($0.place))),\(Chart.number(y($0.value, axis)))" }
            body += "<polyline class=\"curve \(Chart.style(number))\" points=\"\(path.joined(separator: " "))\"/>"
            for point in points {
                let hover = "\(line.name), \(places[point.place]): \(precise(point.value))"
                let (centre, level) = (x(point.place), y(point.value, axis))
                if point.place == marked { body += ring(centre, level) }
                body += Chart.mark(centre, level, series: number, title: hover)
            }
        }
        return Chart.figure(
            title, Chart.svg(width, height, body, title: title, description: summary(places, series)))
    }

    /// Columns side by side at each place, a column a series.
    package static func columns(_ title: String, places: [String], series: [ChartSeries]) -> String {
        let axis = ChartAxis(holding: series.flatMap { $0.values.compactMap(\.self) }, fromZero: true)
        let step = plotWidth / Double(max(places.count, 1))
        let columnWidth = min(step * 0.8 / Double(max(series.count, 1)), 24)
        func x(_ place: Int) -> Double { left + (Double(place) + 0.5) * step }
        var body = frame(axis, places: places, x: x)
        for (number, row) in series.enumerated() {
            for (place, value) in row.values.enumerated() {
                guard let value, value.isFinite else { continue }
                let start = x(place) + (Double(number) - Double(series.count) / 2) * columnWidth
                body += Chart.bar(
                    start, y(value, axis), columnWidth - 1, y(0, axis) - y(value, axis), Chart.style(number),
                    title: "\(row.name), \(places[place]): \(precise(value))")
            }
        }
        return Chart.figure(
            title, Chart.svg(width, height, body, title: title, description: summary(places, series)))
    }

    private static func frame(_ axis: ChartAxis, places: [String], x: (Int) -> Double) -> String {
        var body = ""
        for tick in axis.ticks {
            body += Chart.rule(left, y(tick, axis), width - right, y(tick, axis), style: tick == 0 ? "axis" : "rule")
            body += Chart.text(left - 8, y(tick, axis) + 4, axis.label(tick), anchor: "end", isSoft: true)
        }
        let room = Int(plotWidth / Double(max(places.count, 1)) / 6)
        for (place, name) in places.enumerated() {
            let label = Chart.shortened(name, to: max(room, 2))
            body += Chart.text(x(place), height - 8, label, anchor: "middle", isSoft: true)
        }
        return body
    }

    private static func ring(_ x: Double, _ y: Double) -> String {
        "<circle class=\"mark\" cx=\"\(Chart.number(x))\" cy=\"\(Chart.number(y))\" r=\"6\"/>"
    }

    private static func y(_ value: Double, _ axis: ChartAxis) -> Double {
        top + (1 - axis.share(of: value)) * (height - top - bottom)
    }

    private static func summary(_ places: [String], _ series: [ChartSeries]) -> String {
        series.map { row in
            let values = zip(places, row.values).map { "\($0) \($1.map(precise) ?? "none")" }
            return "\(row.name): " + values.joined(separator: ", ")
        }.joined(separator: ". ")
    }

    private static func precise(_ value: Double) -> String {
        ReadableNumber.fixed(value, value.magnitude >= 100 ? 1 : 4)
    }
}
