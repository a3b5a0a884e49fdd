/// How interactions are divided into a training and a test part.
package enum SplitStrategy: Sendable, Equatable {
    /// Per user the last interaction is the test.
    case leaveLastOne
    /// Per user the last basket, which is all rows of the user's latest time, is the test. It needs times.
    case leaveLastBasket
    /// The earliest `trainingShare` of all interactions train, the later ones test. The share is inside 0 and 1.
    case temporal(trainingShare: Double)
    /// Each interaction trains with probability `trainingShare`, which is inside 0 and 1.
    case random(trainingShare: Double)
    /// Of each user's interactions the oldest `trainingShare`, rounded up, train. The share is inside 0 and 1.
    case perUser(trainingShare: Double)
    /// A drawn `testShare` of the users is not in training at all: of each the oldest `DataSplit.foldInShare` is given
    /// with the request and the rest is the test. The share is inside 0 and 1.
    case userHoldout(testShare: Double)
    /// An item trains with probability `trainingShare`, and has no row in training otherwise; of an item that trains, each
    /// row does with the same probability. The test part has new and known items side by side. The share is inside 0 and 1.
    case coldItems(trainingShare: Double)
    /// The test part is a source of its own.
    case given

    package static let choices =
        "leave-last-one, leave-last-basket (all of a user's latest moment), temporal:SHARE, random:SHARE, per-user:SHARE, cold-items:SHARE (the training share, such as 0.8), "
        + "user-holdout:SHARE (the share of users held out, such as 0.1) or given"

    /// Reads the spelling of the command line: `leave-last-one`, `temporal:0.8`, `random:0.8`, `given`.
    package init(parsing text: String) throws(EvaluationError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts[0], parts.count) {
        case ("leave-last-one", 1): self = .leaveLastOne
        case ("leave-last-basket", 1): self = .leaveLastBasket
        case ("given", 1): self = .given
        case ("temporal", _): self = .temporal(trainingShare: try Self.share(of: parts, in: text))
        case ("random", _): self = .random(trainingShare: try Self.share(of: parts, in: text))
        case ("per-user", _): self = .perUser(trainingShare: try Self.share(of: parts, in: text))
        case ("cold-items", _): self = .coldItems(trainingShare: try Self.share(of: parts, in: text))
        case ("user-holdout", _): self = .userHoldout(testShare: try Self.share(of: parts, in: text))
        default:
            throw EvaluationError(
                .unknownSplit, operation: "reading the split", expected: Self.choices, found: "\"\(text)\"",
                remedy: "Write one of these.")
        }
    }

    /// Whether the test part lies as much before the training part as after it. Recency then says nothing of what is to be
    /// found, and a model that trusts it would be judged by a question that it was not made for: the training part is used
    /// as if it had no times.
    package var ignoresTime: Bool {
        switch self {
        case .random, .coldItems: true
        case .leaveLastOne, .leaveLastBasket, .temporal, .perUser, .userHoldout, .given: false
        }
    }

    /// The spelling that `init(parsing:)` reads.
    package var spelling: String {
        switch self {
        case .leaveLastOne: "leave-last-one"
        case .leaveLastBasket: "leave-last-basket"
        case .temporal(let share): "temporal:\(share)"
        case .random(let share): "random:\(share)"
        case .perUser(let share): "per-user:\(share)"
        case .userHoldout(let share): "user-holdout:\(share)"
        case .coldItems(let share): "cold-items:\(share)"
        case .given: "given"
        }
    }

    private static func share(of parts: [Substring], in text: String) throws(EvaluationError) -> Double {
        if parts.count == 2, let share = Double(parts[1]), share > 0, share < 1 { return share }
        throw EvaluationError(
            .invalidShare, operation: "reading the split", expected: "a share between 0 and 1 after the colon",
            found: "\"\(text)\"", remedy: "Write for example \(parts[0]):0.8.")
    }
}
