/// When requests are due: in an open loop at fixed moments, whatever becomes of those before; in a closed loop as soon as a reply
/// makes room.
///
/// A request that is due and cannot be sent yet, since all places are taken or the thread was late, keeps its moment: its time counts from
/// there. Otherwise a server that stands still for a second would be asked nothing during it, and the second would be
/// seen by one request instead of by all that clients would have sent (coordinated omission; Gil Tene, 2015).
package struct LoadSchedule: Sendable {
    /// Between two requests; nil in a closed loop.
    private let nanoseconds: Double?
    private let begin: UInt64
    private let end: UInt64
    private var sentCount = 0

    /// - Parameters:
    ///   - perSecond: nil: a closed loop.
    ///   - end: no request is due from there on.
    package init(perSecond: Double?, begin: UInt64, end: UInt64) {
        nanoseconds = perSecond.map { 1e9 / $0 }
        self.begin = begin
        self.end = end
    }

    /// When the next request is due; nil once no more are.
    package func next(at now: UInt64) -> UInt64? {
        guard let nanoseconds else { return now < end ? now : nil }
        let due = begin + UInt64(Double(sentCount) * nanoseconds)
        return due < end ? due : nil
    }

    package mutating func take() { sentCount += 1 }
}
