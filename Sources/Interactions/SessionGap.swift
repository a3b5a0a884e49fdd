/// The pause that ends a session, or a visit, of events that say no session: one rule for all that looks at sessions.
///
///     gap 30 min   09:00 a   09:30 b   10:01 c      a and b are one session: b came when the gap was full, not longer
package struct SessionGap: Sendable, Equatable {
    /// The convention of web analytics (Google Analytics; Catledge and Pitkow 1995 found 25.5 minutes).
    package static let standard = SessionGap(minutes: standardMinutes)
    package static let standardMinutes = 30

    private let milliseconds: Int64

    package init(minutes: Int) { milliseconds = Int64(minutes) * 60_000 }

    /// Parts of a minute count; at most a century of minutes.
    package init(minutes: Double) { milliseconds = Int64(min(max(minutes, 0), 52_560_000) * 60_000) }

    /// Whether an event is of another session than the one before it, in milliseconds. The difference of two times of a
    /// calendar cannot overflow; damaged ones wrap and at worst start a session.
    package func separates(_ earlier: Int64, _ later: Int64) -> Bool { later &- earlier > milliseconds }
}
