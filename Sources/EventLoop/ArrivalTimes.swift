/// When the bytes that wait at one connection arrived, so that a message that waits for its turn knows since when.
///
///     stream offset   0 ............... 900 ............ 4,000 ...... 4,100
///     read            first (done with)  second           third
///     marks                              (4000, t2)       (4100, t3)
///
/// A message arrived with its last byte. Kept only while whole messages wait; else the time of the latest read is the answer.
struct ArrivalTimes {
    private struct Mark {
        var end: Int
        var nanoseconds: UInt64
    }

    /// 16 full reads are the bytes that a connection may have waiting; of more, smaller ones the later count as arrived with
    /// the sixteenth.
    private static let markLimit = 16

    private var marks: [Mark] = []
    private(set) var latest: UInt64 = 0

    /// - Parameters:
    ///   - end: bytes received so far, those of this read included.
    ///   - keeps: whether earlier bytes wait, so that this time must not stand for them.
    mutating func didRead(upTo end: Int, at nanoseconds: UInt64, keeps: Bool) {
        latest = nanoseconds
        if keeps { mark(end, nanoseconds) }
    }

    /// Messages of the latest read wait from here on.
    mutating func keepLatest(upTo end: Int) {
        if marks.last?.end != end { mark(end, latest) }
    }

    private mutating func mark(_ end: Int, _ nanoseconds: UInt64) {
        if marks.count < Self.markLimit {
            marks.append(Mark(end: end, nanoseconds: nanoseconds))
        } else {
            marks[marks.count - 1].end = end
        }
    }

    /// Nothing waits any more.
    mutating func forget() {
        if !marks.isEmpty { marks.removeAll(keepingCapacity: true) }
    }

    /// - Parameter end: where a message ends; never less than at an earlier call.
    mutating func time(ofMessageEndingAt end: Int) -> UInt64 {
        guard !marks.isEmpty else { return latest }
        while let first = marks.first, first.end < end { marks.removeFirst() }
        return marks.first?.nanoseconds ?? latest
    }
}
