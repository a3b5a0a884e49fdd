import CommandLineInterface
import Segmentation
import Reporting

/// The charts that only segments have.
enum SegmentCharts {
    /// Two bars a segment: its share of customers and of value.
    static func shares(_ profiles: [SegmentProfile]) -> String {
        let (left, width, rowHeight) = (170.0, 1000.0, 40.0)
        let greatest = profiles.reduce(0.01) { max($0, $1.share, $1.revenueShare) }
        let scale = (width - left - 130) / greatest
        var body = legend([("one", "share of customers"), ("two", "share of value")], x: left)
        for (index, profile) in profiles.enumerated() {
            let y = 30 + Double(index) * rowHeight
            body += Chart.text(left - 12, y + 20, profile.title, anchor: "end")
            for (offset, name, share) in [(2.0, "one", profile.share), (18.0, "two", profile.revenueShare)] {
                body += Chart.bar(left, y + offset, share * scale, 14, name)
                let label = "\(ReadableNumber.fixed(100 * share, 1)) %"
                let count = name == "one" ? " (\(ReadableNumber.count(profile.customerCount)))" : ""
                body += Chart.text(left + share * scale + 8, y + offset + 11, label + count, isSoft: true)
            }
        }
        return "<div class=\"wide\">"
            + Chart.svg(
                width, 36 + Double(profiles.count) * rowHeight, body, title: "Share of customers and value by segment",
                isBroad: true) + "</div>"
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
        body += Chart.rule(middle, 30, middle, bottom)
        for (index, title) in titles.enumerated() {
            let y = 34 + Double(index) * rowHeight
            body += Chart.text(left - 12, y + 28, title, anchor: "end")
            for (feature, value) in centres[index].enumerated() {
                let top = y + 4 + Double(feature) * 16
                let end = middle + value * scale
                body += Chart.bar(min(middle, end), top, (value * scale).magnitude, 13, names[feature].0)
                let sign = value < 0 ? "" : "+"
                body += Chart.text(
                    end + (value < 0 ? -6 : 6), top + 11, sign + ReadableNumber.fixed(value, 2),
                    anchor: value < 0 ? "end" : "start", isSoft: true)
            }
        }
        return "<div class=\"wide\">"
            + Chart.svg(
                width, bottom + 4, body, title: "Centres of the segments by recency, frequency and monetary value",
                isBroad: true) + "</div>"
    }

    private static func legend(_ entries: [(style: String, title: String)], x: Double) -> String {
        entries.enumerated().map { index, entry in
            let start = x + Double(index) * 170
            return Chart.bar(start, 4, 12, 12, entry.style) + Chart.text(start + 18, 15, entry.title, isSoft: true)
        }.joined()
    }
}
