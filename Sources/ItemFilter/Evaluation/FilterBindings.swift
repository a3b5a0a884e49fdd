package import Interactions

/// What an expression needs to know of the request.
package struct FilterBindings: Sendable, Equatable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var now: Int64
    /// Of the item that the answer is about, with `id`; empty where there is none.
    package var context: [String: PropertyValue]
    /// Of the user, with `id`; empty where nobody is named.
    package var user: [String: PropertyValue]

    package init(now: Int64, context: [String: PropertyValue] = [:], user: [String: PropertyValue] = [:]) {
        self.now = now
        self.context = context
        self.user = user
    }

    /// Results that use the time hold for so long.
    package static let step: Int64 = 60_000

    /// `now` down to a whole minute, so that a result can be used again for so long.
    var minute: Int64 {
        let rest = now % Self.step
        return now - (rest < 0 ? rest + Self.step : rest)
    }
}

extension TypedFilter {
    /// Equal where the result is, for the same columns.
    package func key(_ bindings: FilterBindings) -> FilterKey {
        FilterKey(
            text: text, minute: usesNow ? bindings.minute : nil,
            context: contextProperties.map { bindings.context[$0] }, user: userProperties.map { bindings.user[$0] })
    }
}

/// What a result depends on besides the items.
package struct FilterKey: Sendable, Hashable {
    let text: String
    let minute: Int64?
    let context: [PropertyValue?]
    let user: [PropertyValue?]

    /// Bytes of the key's own, for caches with a limit.
    package var byteCount: Int {
        64 + text.utf8.count + (context + user).reduce(0) { $0 + 32 + ($1?.byteCount ?? 0) }
    }
}

extension PropertyValue {
    fileprivate var byteCount: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .strings(let texts): texts.reduce(0) { $0 + 16 + $1.utf8.count }
        case .number, .boolean, .time: 8
        }
    }
}
