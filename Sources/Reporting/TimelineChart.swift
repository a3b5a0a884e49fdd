import CommandLineInterface

/// One indicator over many periods, as small as `PlotCharts`: what was, what was unusual, and how it goes on.
///
///     values ────────╮  forecast ┄┄┄┄ within its interval
///     unusual        ◯
package struct TimelineChart {
    package struct Forecast {
        let place: String
        let value: Double
        let lower, upper: Double?

        package init(place: String, value: Double, lower: Double?, upper: Double?) {
            (self.place, self.value, self.lower, self.upper) = (place, value, lower, upper)
        }
    }

    private let title: String
    private let places: [String]
    private let values: [Double?]
    private let forecast: [Forecast]
    /// Places of values that are set apart.
    private let marked: Set<Int>
    private let label: (Double) -> String
    private let axis: ChartAxis

    private static let (width, height) = (330.0, 170.0)
    private static let (left, right, top, bottom) = (52.0, 10.0, 10.0, 26.0)
    /// Labels of places that stand beside one another without touching.
    private static let labelCount = 3

    /// - Parameter values: one a place; nil where nothing is known.
    package init(
        _ title: String, places: [String], values: [Double?], forecast: [Forecast] = [], marked: Set<Int> = [],
        label: @escaping (Double) -> String
    ) {
        (self.title, self.places, self.values, self.forecast) = (title, places, values, forecast)
        (self.marked, self.label) = (marked, label)
        axis = ChartAxis(
            holding: values.compactMap(\.self)
                + forecast.flatMap { [$0.value, $0.lower ?? $0.value, $0.upper ?? $0.value] },
            fromZero: true)
    }

    private var count: Int { places.count + forecast.count }

    private func x(_ place: Int) -> Double {
        guard count > 1 else { return (Self.left + Self.width - Self.right) / 2 }
        return Self.left + Double(place) * (Self.width - Self.left - Self.right) / Double(count - 1)
    }

    private func y(_ value: Double) -> Double {
        Self.top + (1 - axis.share(of: value)) * (Self.height - Self.top - Self.bottom)
    }

    private func point(_ place: Int, _ value: Double) -> String {
        "\(Chart.number(x(place))),\(Chart.number(y(value)))"
    }

    package var figure: String {
        let body = frame + band + curves + marks
        return Chart.figure(
            title, Chart.svg(Self.width, Self.height, body, title: title, description: description))
    }

    private var frame: String {
        var body = ""
        for tick in axis.ticks {
            body += Chart.rule(
                Self.left, y(tick), Self.width - Self.right, y(tick), style: tick == 0 ? "axis" : "rule")
            body += Chart.text(Self.left - 8, y(tick) + 4, axis.label(tick), anchor: "end", isSoft: true)
        }
        let names = places + forecast.map(\.place)
        for number in 0..<min(Self.labelCount, count) {
            let place = count > 1 ? number * (count - 1) / (min(Self.labelCount, count) - 1) : 0
            let anchor = number == 0 ? "start" : number == Self.labelCount - 1 ? "end" : "middle"
            body += Chart.text(x(place), Self.height - 8, names[place], anchor: anchor, isSoft: true)
        }
        return body
    }

    /// The interval of the forecast.
    private var band: String {
        let known = forecast.enumerated().filter { $1.lower != nil && $1.upper != nil }
        guard !known.isEmpty else { return "" }
        let upper = known.map { point(places.count + $0, $1.upper ?? 0) }
        let lower = known.reversed().map { point(places.count + $0, $1.lower ?? 0) }
        return "<polygon class=\"band\" points=\"\((upper + lower).joined(separator: " "))\"/>"
    }

    /// Nothing is drawn over places of which nothing is known.
    private var curves: String {
        var runs: [[String]] = [[]]
        for (place, value) in values.enumerated() {
            if let value, value.isFinite {
                runs[runs.count - 1].append(point(place, value))
            } else if !(runs.last?.isEmpty ?? true) {
                runs.append([])
            }
        }
        var body = runs.filter { !$0.isEmpty }.map { run in
            // A period between two unknown ones would be a line without length.
            run.count > 1
                ? "<polyline class=\"curve one\" points=\"\(run.joined(separator: " "))\"/>"
                : "<polyline class=\"curve one dot\" points=\"\(run[0]) \(run[0])\"/>"
        }.joined()
        if !forecast.isEmpty {
            let points = forecast.enumerated().map { point(places.count + $0, $1.value) }
            body += "<polyline class=\"curve two dashed\" points=\"\(points.joined(separator: " "))\"/>"
        }
        return body
    }

    private var marks: String {
        marked.sorted().map { place in
            guard places.indices.contains(place), let value = values[place] else { return "" }
            return
                "<circle class=\"ring\" cx=\"\(Chart.number(x(place)))\" cy=\"\(Chart.number(y(value)))\" r=\"5\"><title>"
                + "\(Markup.escaped("\(places[place]): \(label(value))"))</title></circle>"
        }.joined()
    }

    /// What a reader hears: ends, least and greatest, what is marked, how it goes on. All values stand in a table beside it.
    private var description: String {
        let known = values.enumerated().compactMap { place, value in value.map { (place: place, value: $0) } }
        guard let last = known.last, let least = known.min(by: { $0.value < $1.value }),
            let greatest = known.max(by: { $0.value < $1.value })
        else { return "No values." }
        var sentences = [
            "\(known.count) values, the last \(label(last.value)) of \(places[last.place])",
            "the least \(label(least.value)) of \(places[least.place]), the greatest \(label(greatest.value)) of \(places[greatest.place])",
        ]
        let unusual = marked.sorted().filter { places.indices.contains($0) }.map { places[$0] }
        if !unusual.isEmpty { sentences.append("unusual: " + unusual.joined(separator: ", ")) }
        if let end = forecast.last { sentences.append("forecast \(label(end.value)) for \(end.place)") }
        return sentences.joined(separator: "; ") + "."
    }
}
