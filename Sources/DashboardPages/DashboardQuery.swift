/// The address of a page with its filters: what is seen can be sent to somebody else.
struct DashboardAddress {
    private let path: String
    private var arguments: [(name: String, value: String)]

    init(_ path: String, _ arguments: [(name: String, value: String)] = []) {
        self.path = path
        self.arguments = arguments
    }

    /// With another value; nil takes the argument away.
    func with(_ name: String, _ value: String?) -> DashboardAddress {
        var address = self
        address.arguments.removeAll { $0.name == name }
        if let value { address.arguments.append((name, value)) }
        return address
    }

    var text: String {
        guard !arguments.isEmpty else { return path }
        return path + "?"
            + arguments.map { Self.encoded($0.name) + "=" + Self.encoded($0.value) }.joined(separator: "&")
    }

    /// All but the unreserved characters of RFC 3986 in digits.
    static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}

/// What a page cannot show, and how to mend it.
struct DashboardError: Error {
    let status: Int
    let message: String

    static func badArgument(_ name: String, _ expected: String) -> DashboardError {
        DashboardError(status: 400, message: "The argument \(name) is \(expected).")
    }
}

/// The arguments of a page's address, read as they are asked for.
struct DashboardQuery {
    let arguments: [(name: String, value: String)]

    /// Nil where it is absent or empty, as a form sends what was not filled in.
    func text(_ name: String, maximumBytes: Int = 1024) throws(DashboardError) -> String? {
        let values = arguments.filter { $0.name == name }.map(\.value)
        guard values.count <= 1 else { throw .badArgument(name, "there more than once") }
        guard let value = values.first, !value.isEmpty else { return nil }
        guard value.utf8.count <= maximumBytes else { throw .badArgument(name, "longer than \(maximumBytes) bytes") }
        return value
    }

    /// One of the choices; the first where it is absent.
    func choice(_ name: String, of choices: [String]) throws(DashboardError) -> String {
        guard let value = try text(name) else { return choices.first ?? "" }
        guard choices.contains(value) else {
            throw .badArgument(name, "none of: " + choices.map(Shown.text).joined(separator: ", "))
        }
        return value
    }

    func integer(_ name: String, in range: ClosedRange<Int>, default value: Int) throws(DashboardError) -> Int {
        guard let text = try text(name) else { return value }
        guard let number = Int(text), range.contains(number) else {
            throw .badArgument(name, "no whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Refuses names that the page does not know: a filter that was mistyped would show everything.
    func refuseOthers(than names: [String]) throws(DashboardError) {
        let known = names + ["table"]
        guard let other = arguments.first(where: { !known.contains($0.name) }) else { return }
        throw DashboardError(
            status: 400,
            message: "This page has no argument \(Shown.text(other.name)); it has: \(known.joined(separator: ", ")).")
    }
}
