/// What a key allows.
package enum AccessRole: String, CaseIterable, Sendable, Comparable {
    /// Signs tokens for browsers, each of one user, and allows nothing by itself.
    case browser
    /// Recommendations, segments, personas: everything that changes nothing.
    case read
    /// Events, items and users too.
    case write
    /// The server too.
    case admin

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    package static func < (left: AccessRole, right: AccessRole) -> Bool { left.rank < right.rank }
}
