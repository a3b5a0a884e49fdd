import Spelling

/// How many keys of two sources are the same, which is what a join of the two comes to.
package struct KeyJoin: Sendable, Equatable {
    /// Keys of one source, in words: `users of the interactions`.
    package struct Side: Sendable, Equatable {
        package let name: String
        package let count: Int
        /// One of its keys that the other does not have.
        package let example: String?
    }

    package enum Verdict: Sendable, Equatable {
        case good
        /// Of one of the sources, more than half of the keys are not in the other.
        case poor
        /// None met, though both have keys.
        case none
    }

    package let left: Side
    package let right: Side
    package let metCount: Int
    /// What keeps keys apart, as far as it can be seen; "" where it cannot.
    package let cause: String

    /// The count by which it is judged how many keys met.
    private let measure: Int

    /// O(keys); where most do not meet, a few times that.
    ///
    /// - Parameter isPart: the left source is a part of what the right one is, as a test part of all users: only its keys need
    ///   meet others.
    package init(
        _ leftName: String, _ left: IdentifierTable, _ rightName: String, _ right: IdentifierTable,
        isPart: Bool = false
    ) {
        measure = isPart ? left.count : max(left.count, right.count)
        metCount = (0..<left.count).count { right.index(of: left.bytes(at: $0).span) != nil }
        self.left = Side(name: leftName, count: left.count, example: Self.example(left, notIn: right))
        self.right = Side(name: rightName, count: right.count, example: Self.example(right, notIn: left))
        cause = 2 * metCount < measure ? Self.cause(left, right, metCount) : ""
    }

    package var verdict: Verdict {
        if left.count == 0 || right.count == 0 { return .good }
        return metCount == 0 ? .none : 2 * metCount < measure ? .poor : .good
    }

    /// `10 of 100 items of the interactions (10 %) are among the 12 items of the catalogue (83 % of these).`
    package var text: String {
        "\(metCount) of \(left.count) \(left.name)\(share(left)) are among the \(right.count) \(right.name)"
            + (right.count == 0 ? "." : " (\(percent(right)) of these).")
    }

    private func share(_ side: Side) -> String { side.count == 0 ? "" : " (\(percent(side)))" }

    /// Rounded down, so that 100 % means all of them.
    private func percent(_ side: Side) -> String { "\(100 * metCount / max(side.count, 1)) %" }

    /// Examples of both sides, and the likely cause.
    package var explanation: String {
        let examples = [left.example, right.example].compactMap { $0.map { "\"\($0)\"" } }.joined(separator: " and ")
        return (examples.isEmpty ? "" : " Not met are for example \(examples).") + (cause.isEmpty ? "" : " \(cause)")
    }

    private static func example(_ ids: IdentifierTable, notIn others: IdentifierTable) -> String? {
        (0..<ids.count).first { others.index(of: ids.bytes(at: $0).span) == nil }.map {
            BadRow.printable(ids.bytes(at: $0))
        }
    }

    // MARK: The likely cause

    /// What two ways of writing one id may differ in.
    private static let differences: [(advice: String, plain: @Sendable (String) -> String)] = [
        (
            "One side writes whole numbers with a point (17850.0): --whole-ids makes them the same.",
            { WholeNumberIds.whole($0) ?? $0 }
        ),
        ("Capital and small letters differ.", { $0.lowercased() }),
        (
            "One side has blanks around its ids.",
            { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
        ),
        ("One side has zeros in front of its numbers, or has lost them.", { String($0.drop { $0 == "0" }) }),
        (
            "The sides have other letters in front of their numbers, or one side has none.",
            { id in
                let digits = id.drop { !$0.isNumber }
                return digits.isEmpty || !digits.allSatisfy(\.isNumber) ? id : String(digits)
            }
        ),
        ("One side has its ids in quotes.", { $0.filter { $0 != "\"" && $0 != "'" } }),
    ]

    /// Enough ids to see a rule by.
    private static let sampleCount = 10_000

    private static func cause(_ left: IdentifierTable, _ right: IdentifierTable, _ metCount: Int) -> String {
        let leftIds = (0..<min(left.count, sampleCount)).map { left.id(at: $0) }
        let rightIds = (0..<right.count).map { right.id(at: $0) }
        var best = (count: metCount, advice: "")
        for difference in differences {
            let plain = Set(rightIds.map(difference.plain))
            let count = leftIds.count { plain.contains(difference.plain($0)) }
            if count > best.count { best = (count, difference.advice) }
        }
        return best.advice
    }
}

extension IdentifierTable {
    /// The id that `id` was most likely meant to be; nil where none is near. O(ids).
    package func nearest(to id: String) -> String? {
        if let whole = WholeNumberIds.whole(id), index(of: whole) != nil { return whole }
        if index(of: id + ".0") != nil { return id + ".0" }
        return EditDistance.nearest(to: id, among: (0..<min(count, Self.nearestLimit)).map { self.id(at: $0) })
    }

    /// A comparison takes about a microsecond.
    private static let nearestLimit = 200_000
}
