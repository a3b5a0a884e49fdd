import CommandLineInterface

/// The pieces of every chart: inline SVG whose colours are the page's.
package enum Chart {
    /// The series' styles in order; a seventh series takes the first again.
    package static let styles = ["one", "two", "three", "four", "five", "six"]

    package static func style(_ series: Int) -> String { styles[series % styles.count] }

    /// `title` and `description` are read out in place of the picture.
    package static func svg(
        _ width: Double, _ height: Double, _ body: String, title: String, description: String = ""
    ) -> String {
        let text = description.isEmpty ? "" : "<desc>\(Markup.escaped(description))</desc>"
        return
            "<svg viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\">"
            + "<title>\(Markup.escaped(title))</title>\(text)\(body)</svg>"
    }

    package static func figure(_ title: String, _ svg: String) -> String {
        "<figure><figcaption>\(Markup.escaped(title))</figcaption>\(svg)</figure>"
    }

    /// The names of the series beside their marks, for all charts of a section.
    package static func legend(_ names: [String]) -> String {
        let entries = names.enumerated().map { index, name in
            "<li><svg viewBox=\"0 0 14 14\" aria-hidden=\"true\">\(mark(7, 7, series: index, size: 5))</svg>"
                + "\(Markup.escaped(name))</li>"
        }
        return "<ul class=\"legend\">\(entries.joined())</ul>"
    }

    /// A shape of its own for each series, so that nobody needs the colours.
    package static func mark(_ x: Double, _ y: Double, series: Int, size: Double = 3.5, title: String = "") -> String {
        let corners: [(Double, Double)]
        switch series % styles.count {
        case 0: corners = []
        case 1: corners = [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]
        case 2: corners = [(0, -1.2), (1.1, 0.8), (-1.1, 0.8)]
        case 3: corners = [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)]
        case 4: corners = [(0, 1.2), (1.1, -0.8), (-1.1, -0.8)]
        default: corners = [(-0.5, -1.1), (0.5, -1.1), (1.1, 0), (0.5, 1.1), (-0.5, 1.1), (-1.1, 0)]
        }
        let hover = title.isEmpty ? "" : "<title>\(Markup.escaped(title))</title>"
        guard !corners.isEmpty else {
            return "<circle class=\"\(style(series))\" cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"\(number(size))\">"
                + "\(hover)</circle>"
        }
        let points = corners.map { "\(number(x + $0.0 * size)),\(number(y + $0.1 * size))" }.joined(separator: " ")
        return "<polygon class=\"\(style(series))\" points=\"\(points)\">\(hover)</polygon>"
    }

    package static func bar(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String, title: String = ""
    ) -> String {
        let shape =
            "<rect class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(max(width, 0)))\" "
            + "height=\"\(number(max(height, 0)))\" rx=\"2\""
        return title.isEmpty ? shape + "/>" : shape + "><title>\(Markup.escaped(title))</title></rect>"
    }

    package static func rule(
        _ x: Double, _ y: Double, _ toX: Double, _ toY: Double, style: String = "rule"
    ) -> String {
        "<line class=\"\(style)\" x1=\"\(number(x))\" y1=\"\(number(y))\" x2=\"\(number(toX))\" y2=\"\(number(toY))\"/>"
    }

    /// Style `over` keeps what lies below off the letters.
    package static func text(
        _ x: Double, _ y: Double, _ content: String, anchor: String = "start", isSoft: Bool = false, style: String = ""
    ) -> String {
        let style = isSoft ? "soft" : style
        return
            "<text\(style.isEmpty ? "" : " class=\"\(style)\"") x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">"
            + "\(Markup.escaped(content))</text>"
    }

    package static func number(_ value: Double) -> String { ReadableNumber.fixed(value, 1) }

    /// `text`, cut to `count` characters with an ellipsis where it is longer.
    package static func shortened(_ text: String, to count: Int) -> String {
        text.count <= count ? text : text.prefix(count - 1) + "…"
    }
}
