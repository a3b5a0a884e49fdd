import CommandLineInterface

/// Small charts with a row a system: a name to the left, a bar or an interval to the right. Where a name is longer than the
/// room to the left, all names stand above their bars.
package enum RowCharts {
    package struct Bar {
        let name: String
        /// Nil: there is nothing to show.
        let value: Double?
        let label: String
        /// Decides the colour.
        let series: Int

        package init(name: String, value: Double?, label: String, series: Int) {
            self.name = name
            self.value = value
            self.label = label
            self.series = series
        }
    }

    package struct Interval {
        let name: String
        let mean, lower, upper: Double
        let label: String
        let series: Int

        package init(name: String, mean: Double, lower: Double, upper: Double, label: String, series: Int) {
            self.name = name
            self.mean = mean
            self.lower = lower
            self.upper = upper
            self.label = label
            self.series = series
        }
    }

    // A third of the page's width, as `PlotCharts`.
    private static let width = 330.0

    /// Where the names and the plot of a chart lie.
    private struct Layout {
        private static let nameWidth = 104.0
        /// What a letter takes at most on the average, in the widest of the page's fonts.
        private static let columnWidth = 7.2

        let isStacked: Bool
        /// Where the plot begins.
        var left: Double { isStacked ? 12 : Self.nameWidth }
        var rowHeight: Double { isStacked ? 40 : 24 }
        /// From the top of a row to that of its bar.
        var plotTop: Double { isStacked ? 16 : 0 }

        init(names: [String]) {
            isStacked = names.contains {
                Self.columnWidth * Double(DisplayWidth.columns(of: $0)) > Self.nameWidth - 8
            }
        }

        func name(_ text: String, _ y: Double) -> String {
            guard isStacked else { return Chart.text(left - 8, y + 16, text, anchor: "end") }
            let columns = Int((RowCharts.width - left) / Self.columnWidth)
            return Chart.text(left, y + 14, DisplayWidth.cut(text, toColumns: columns), style: "over")
        }
    }

    /// `greatest` sets the scale, for charts that are compared; else the greatest value does.
    package static func bars(_ title: String, _ bars: [Bar], greatest: Double? = nil) -> String {
        let top = max(greatest ?? bars.reduce(0) { max($0, $1.value ?? 0) }, 1e-12)
        let labelWidth = 8 + 6.4 * Double(bars.reduce(0) { max($0, $1.label.count) })
        let layout = Layout(names: bars.map(\.name))
        let scale = (width - layout.left - labelWidth) / top
        var body = ""
        for (row, bar) in bars.enumerated() {
            body += layout.name(bar.name, Double(row) * layout.rowHeight)
            let y = Double(row) * layout.rowHeight + layout.plotTop
            let length = max(bar.value ?? 0, 0) * scale
            if bar.value != nil {
                body += Chart.bar(
                    layout.left, y + 5, length, 14, Chart.style(bar.series), title: "\(bar.name): \(bar.label)")
            }
            body += Chart.text(layout.left + length + 6, y + 16, bar.label, isSoft: true)
        }
        let height = Double(bars.count) * layout.rowHeight
        // Above it only where no name stands there.
        if !layout.isStacked { body += Chart.rule(layout.left, 0, layout.left, height, style: "axis") }
        let description = bars.map { "\($0.name): \($0.label)" }.joined(separator: ", ")
        return Chart.figure(title, Chart.svg(width, height, body, title: title, description: description))
    }

    /// Means with their intervals around a line at zero, a word to the right of each.
    package static func intervals(_ title: String, _ rows: [Interval]) -> String {
        let axis = ChartAxis(holding: rows.flatMap { [$0.lower, $0.upper] }, fromZero: true)
        let labelWidth = 12 + 6 * Double(rows.reduce(0) { max($0, $1.label.count) })
        let layout = Layout(names: rows.map(\.name))
        let plotWidth = width - layout.left - labelWidth
        func x(_ value: Double) -> Double { layout.left + axis.share(of: value) * plotWidth }
        let bottom = Double(rows.count) * layout.rowHeight + 4
        var body = ""
        for (position, tick) in axis.ticks.enumerated() {
            body += Chart.rule(x(tick), 0, x(tick), bottom, style: tick == 0 ? "axis" : "rule")
            // Zero is always named; an end only where its label does not touch zero's.
            let isEnd = position == 0 || position == axis.ticks.count - 1
            if tick == 0 || isEnd && (x(tick) - x(0)).magnitude >= 34 {
                body += Chart.text(x(tick), bottom + 14, axis.label(tick), anchor: "middle", isSoft: true)
            }
        }
        for (number, row) in rows.enumerated() {
            body += layout.name(row.name, Double(number) * layout.rowHeight)
            let y = Double(number) * layout.rowHeight + layout.plotTop
            body += Chart.rule(
                x(row.lower), y + 12, x(row.upper), y + 12, style: "whisker \(Chart.style(row.series))")
            for end in [row.lower, row.upper] {
                body += Chart.rule(x(end), y + 8, x(end), y + 16, style: "whisker \(Chart.style(row.series))")
            }
            body += Chart.mark(x(row.mean), y + 12, series: row.series, size: 4, title: "\(row.name): \(row.label)")
            body += Chart.text(width, y + 16, row.label, anchor: "end", isSoft: true)
        }
        let description = rows.map { row in
            let values = [row.mean, row.lower, row.upper].map { ReadableNumber.fixed($0, 4) }
            return "\(row.name): \(values[0]), from \(values[1]) to \(values[2]), \(row.label)"
        }
        return Chart.figure(
            title, Chart.svg(width, bottom + 20, body, title: title, description: description.joined(separator: ". ")))
    }
}
