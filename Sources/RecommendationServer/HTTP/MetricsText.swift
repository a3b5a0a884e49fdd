/// Prometheus's text format, version 0.0.4: families of samples, each family once and with its help.
struct MetricsText {
    enum Kind: String {
        case counter, gauge, histogram
    }

    private(set) var bytes: [UInt8] = []
    private var name = ""

    /// Begins a family: what follows is of it.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        append("# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n")
    }

    mutating func sample(_ value: Int, _ labels: [(String, String)] = []) { sample("\(value)", labels) }
    mutating func sample(_ value: Double, _ labels: [(String, String)] = []) { sample("\(value)", labels) }

    /// - Parameters:
    ///   - counts: of the bounds, each with those before it.
    ///   - bounds: in seconds, as they are written.
    mutating func histogram(
        bounds: [String], counts: [UInt64], count: UInt64, sumSeconds: Double, _ labels: [(String, String)]
    ) {
        for (bound, value) in zip(bounds, counts) { sample("\(value)", labels + [("le", bound)], suffix: "_bucket") }
        sample("\(count)", labels + [("le", "+Inf")], suffix: "_bucket")
        sample("\(sumSeconds)", labels, suffix: "_sum")
        sample("\(count)", labels, suffix: "_count")
    }

    private mutating func sample(_ value: String, _ labels: [(String, String)], suffix: String = "") {
        append(name + suffix)
        if !labels.isEmpty {
            append("{" + labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",") + "}")
        }
        append(" \(value)\n")
    }

    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private mutating func append(_ text: String) { bytes += text.utf8 }
}
