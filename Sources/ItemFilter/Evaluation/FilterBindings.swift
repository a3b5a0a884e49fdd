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
        var key = FilterKey(text)
        if usesNow { key.append(UInt64(bitPattern: bindings.minute)) }
        for name in contextProperties { key.append(bindings.context[name]) }
        for name in userProperties { key.append(bindings.user[name]) }
        return key
    }
}

/// What a result depends on besides the items. By bytes: strings that Swift holds to be equal may have others, and filters tell
/// them apart.
package struct FilterKey: Sendable, Hashable {
    private var bytes: [UInt8]

    fileprivate init(_ text: String) {
        bytes = Array(text.utf8)
        // No text has it, so the text ends here.
        bytes.append(0xFF)
    }

    fileprivate mutating func append(_ number: UInt64) {
        for shift in stride(from: 0, to: UInt64.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
    }

    private mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        bytes += text.utf8
    }

    fileprivate mutating func append(_ value: PropertyValue?) {
        bytes.append(value?.filterType.rawValue ?? 0)
        switch value {
        case .string(let text): append(text)
        case .strings(let texts):
            append(UInt64(texts.count))
            for text in texts { append(text) }
        case .number(let number): append(number.bitPattern)
        case .boolean(let boolean): bytes.append(boolean ? 1 : 0)
        case .time(let time): append(UInt64(bitPattern: time))
        case nil: break
        }
    }

    /// Bytes of the key's own, for caches with a limit.
    package var byteCount: Int { 64 + bytes.count }
}
