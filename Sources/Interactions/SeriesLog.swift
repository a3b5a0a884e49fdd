/// A measured series: a time and a value a row, in the order of the file.
package struct SeriesLog: Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package private(set) var times: [Int64] = []
    /// Nil where the row has none.
    package private(set) var values: [Double?] = []

    package var count: Int { times.count }

    package init() {}

    package mutating func append(time: Int64, value: Double?) {
        times.append(time)
        values.append(value)
    }

    /// Sets the times that the whole column showed to be others, and takes out the rows that it showed to have none.
    mutating func apply(_ judgement: TimeColumn.Judgement) {
        for change in judgement.changes { times[change.row] = change.milliseconds }
        guard !judgement.refused.isEmpty else { return }
        let refused = Set(judgement.refused.map(\.row))
        let kept = times.indices.filter { !refused.contains($0) }
        times = kept.map { times[$0] }
        values = kept.map { values[$0] }
    }
}
