import CommandLineInterface
import Segmentation

/// Charts as inline SVG; their colours are the page's.
enum SegmentCharts {
    /// Two bars a segment: its share of customers and of value.
    static func shares(_ profiles: [SegmentProfile]) -> String {
        let (left, width, rowHeight) = (170.0, 1000.0, 40.0)
        let greatest = profiles.reduce(0.01) { max($0, $1.share, $1.revenueShare) }
        let scale = (width - left - 130) / greatest
        var body = legend([("one", "share of customers"), ("two", "share of value")], x: left)
        for (index, profile) in profiles.enumerated() {
            let y = 30 + Double(index) * rowHeight
            body += text(left - 12, y + 20, profile.title, anchor: "end")
            for (offset, name, share) in [(2.0, "one", profile.share), (18.0, "two", profile.revenueShare)] {
                body += bar(left, y + offset, share * scale, 14, name)
                let label = "\(ReadableNumber.fixed(100 * share, 1)) %"
                let count = name == "one" ? " (\(ReadableNumber.count(profile.customerCount)))" : ""
                body += text(left + share * scale + 8, y + offset + 11, label + count, isSoft: true)
            }
        }
        return svg(width, 36 + Double(profiles.count) * rowHeight, body, "Share of customers and value by segment")
    }

    /// Three bars a segment around 0: recency, frequency, monetary.
    static func profiles(_ titles: [String], _ centres: [[Double]]) -> String {
        let (left, width, rowHeight) = (170.0, 1000.0, 58.0)
        let greatest = centres.joined().reduce(0.5) { max($0, $1.magnitude) }
        let middle = left + (width - left) / 2
        let scale = ((width - left) / 2 - 50) / greatest
        let names = [("one", "recency"), ("two", "frequency"), ("three", "monetary")]
        var body = legend(names, x: left)
        let bottom = 34 + Double(titles.count) * rowHeight
        body += rule(middle, 30, middle, bottom)
        for (index, title) in titles.enumerated() {
            let y = 34 + Double(index) * rowHeight
            body += text(left - 12, y + 28, title, anchor: "end")
            for (feature, value) in centres[index].enumerated() {
                let top = y + 4 + Double(feature) * 16
                let end = middle + value * scale
                body += bar(min(middle, end), top, (value * scale).magnitude, 13, names[feature].0)
                let sign = value < 0 ? "" : "+"
                body += text(
                    end + (value < 0 ? -6 : 6), top + 11, sign + ReadableNumber.fixed(value, 2),
                    anchor: value < 0 ? "end" : "start", isSoft: true)
            }
        }
        return svg(width, bottom + 4, body, "Centres of the segments by recency, frequency and monetary value")
    }

    /// A curve over cluster counts, the chosen count marked. Values that are not finite are left out.
    static func line(_ title: String, counts: [Int], values: [Double], chosen: Int) -> String {
        let (width, height, left, right, top, bottom) = (340.0, 190.0, 58.0, 14.0, 14.0, 28.0)
        let points = zip(counts, values).filter { $0.1.isFinite }
        let least = points.map(\.1).min() ?? 0
        let greatest = points.map(\.1).max() ?? 1
        let span = greatest > least ? greatest - least : 1
        let steps = Double(max((counts.last ?? 0) - (counts.first ?? 0), 1))
        func x(_ count: Int) -> Double {
            left + Double(count - (counts.first ?? 0)) / steps * (width - left - right)
        }
        func y(_ value: Double) -> Double { top + (greatest - value) / span * (height - top - bottom) }
        var body = ""
        for share in [0, 0.5, 1] {
            let value = least + share * span
            body += rule(left, y(value), width - right, y(value))
            body += text(left - 8, y(value) + 4, tick(value, span: span), anchor: "end", isSoft: true)
        }
        for count in counts { body += text(x(count), height - 8, "\(count)", anchor: "middle", isSoft: true) }
        let path = points.map { "\(number(x($0.0))),\(number(y($0.1)))" }.joined(separator: " ")
        body += "<polyline class=\"curve\" points=\"\(path)\"/>"
        for (count, value) in points {
            let isChosen = count == chosen
            body += "<circle class=\"\(isChosen ? "mark" : "one")\" cx=\"\(number(x(count)))\" "
            body +=
                "cy=\"\(number(y(value)))\" r=\"\(isChosen ? 5 : 3)\"><title>k = \(count): \(value)</title></circle>"
        }
        return "<figure><figcaption>\(Markup.escaped(title))</figcaption>"
            + svg(width, height, body, title) + "</figure>"
    }

    private static func tick(_ value: Double, span: Double) -> String {
        span >= 20 ? ReadableNumber.count(Int(value.rounded())) : ReadableNumber.fixed(value, span >= 2 ? 1 : 3)
    }

    private static func svg(_ width: Double, _ height: Double, _ body: String, _ label: String) -> String {
        "<svg viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\" aria-label=\"\(Markup.escaped(label))\">"
            + body + "</svg>"
    }

    private static func legend(_ entries: [(style: String, title: String)], x: Double) -> String {
        entries.enumerated().map { index, entry in
            let start = x + Double(index) * 170
            return bar(start, 4, 12, 12, entry.style) + text(start + 18, 15, entry.title, isSoft: true)
        }.joined()
    }

    private static func bar(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String) -> String {
        "<rect class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(max(width, 0)))\" "
            + "height=\"\(number(height))\" rx=\"2\"/>"
    }

    private static func rule(_ x: Double, _ y: Double, _ toX: Double, _ toY: Double) -> String {
        "<line class=\"rule\" x1=\"\(number(x))\" y1=\"\(number(y))\" x2=\"\(number(toX))\" y2=\"\(number(toY))\"/>"
    }

    private static func text(
        _ x: Double, _ y: Double, _ content: String, anchor: String = "start", isSoft: Bool = false
    ) -> String {
        "<text\(isSoft ? " class=\"soft\"" : "") x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">"
            + "\(Markup.escaped(content))</text>"
    }

    private static func number(_ value: Double) -> String { ReadableNumber.fixed(value, 1) }
}
