import SeededRandom
import ServiceMethods
import Spelling
import WireProtocol

/// What a load asks for: methods with their weights and parameters, a line each.
///
///     # weight  method            parameters; {user} and {item} stand for ids that are drawn
///     70        recommend.user    {"userId":"{user}","count":20}
///     25        recommend.item    {"itemId":"{item}"}
///     5         ping
package struct RequestMix: Sendable {
    package struct Line: Sendable {
        package let weight: Int
        package let method: String
        /// The text of an object, with places for ids.
        let parameters: String?
    }

    package struct Mistake: Error, CustomStringConvertible {
        package let description: String
    }

    package static let weights = 1...1_000_000
    static let lineLimit = 1_000

    package let lines: [Line]

    package init(_ text: String, path: String) throws(Mistake) {
        var lines: [Line] = []
        for (place, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = line.drop { $0.isWhitespace }
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let words = line.split(maxSplits: 2, whereSeparator: \.isWhitespace)
            let place = "\(path), line \(place + 1)"
            guard words.count >= 2, let weight = Int(words[0]), Self.weights.contains(weight) else {
                throw Mistake(
                    description: "\(place): expected a weight from 1 to 1000000, a method, and its parameters as JSON")
            }
            let parameters = words.count == 3 ? String(words[2]) : nil
            lines.append(try Self.line(weight, String(words[1]), parameters, place))
        }
        guard !lines.isEmpty, lines.count <= Self.lineLimit else {
            throw Mistake(description: "\(path): expected 1 to \(Self.lineLimit) lines 'WEIGHT METHOD PARAMS'")
        }
        self.lines = lines
    }

    /// One method alone.
    package init(method: String, parameters: String?) throws(Mistake) {
        lines = [try Self.line(1, method, parameters, "--method \(method)")]
    }

    private static func line(
        _ weight: Int, _ method: String, _ parameters: String?, _ place: String
    ) throws(Mistake) -> Line {
        let names = MethodTable.all.map { "\($0.name)" }
        guard names.contains(method) else {
            let advice = EditDistance.nearest(to: method, among: names).map { " Did you mean '\($0)'?" } ?? ""
            throw Mistake(description: "\(place): there is no method '\(method)'.\(advice)")
        }
        guard !unsuitable.contains(method) else {
            throw Mistake(description: "\(place): '\(method)' changes the connection or ends the server: leave it out")
        }
        if let parameters {
            let bytes = Array(parameters.utf8)
            guard case .object? = unsafe JSONParser().received(in: bytes.span.bytes) else {
                throw Mistake(description: "\(place): the parameters are no JSON object: \(parameters)")
            }
        }
        return Line(weight: weight, method: method, parameters: parameters)
    }

    private static let unsuitable = ["hello", "auth", "cancel", "server.drain"]

    package var needsUsers: Bool { lines.contains { $0.parameters?.contains("{user}") ?? false } }
    package var needsItems: Bool { lines.contains { $0.parameters?.contains("{item}") ?? false } }

    /// Requests drawn by weight, without their ids and with the line that each is of.
    ///
    /// - Parameters:
    ///   - users: ids for `{user}`; not empty where the mix needs them. Likewise `items`.
    package func requests(
        count: Int, users: [String], items: [String], seed: UInt64
    ) -> [(line: Int, tail: [UInt8])] {
        var random = SplitMix64(seed: seed)
        let total = lines.reduce(0) { $0 + $1.weight }
        return (0..<count).map { _ in
            var drawn = random.nextIndex(below: total)
            let place = lines.firstIndex { line in
                drawn -= line.weight
                return drawn < 0
            }
            let line = lines[place ?? 0]
            var text = #","method":\#(quoted(line.method))"#
            if var parameters = line.parameters {
                parameters = Self.filled(parameters, "{user}", users, &random)
                parameters = Self.filled(parameters, "{item}", items, &random)
                text += #","params":\#(parameters)"#
            }
            return (place ?? 0, Array((text + "}").utf8))
        }
    }

    /// Each place gets an id of its own, escaped as it stands inside of quotation marks.
    private static func filled(
        _ text: String, _ place: String, _ ids: [String], _ random: inout SplitMix64
    ) -> String {
        let parts = text.split(separator: place, omittingEmptySubsequences: false)
        var filled = String(parts[0])
        for part in parts.dropFirst() {
            if !ids.isEmpty {
                filled += String(quoted(ids[random.nextIndex(below: ids.count)]).dropFirst().dropLast())
            }
            filled += String(part)
        }
        return filled
    }
}
