/// Distance between two words as a person mistypes them: insertions, deletions, substitutions and swaps of two
/// neighbours each cost 1, and no letter is edited twice (optimal string alignment: F. J. Damerau, "A technique for
/// computer detection and correction of spelling errors", 1964; V. I. Levenshtein, 1966).
package enum EditDistance {
    /// The distance in Unicode scalars, or nil where it exceeds `limit`.
    ///
    /// O(first x limit) time, three rows of memory: a cell further from the diagonal than the limit costs more than the limit
    /// (Ukkonen 1985), and a whole row beyond the limit ends the search.
    package static func between(_ first: String, _ second: String, limit: Int) -> Int? {
        let a = Array(first.unicodeScalars)
        let b = Array(second.unicodeScalars)
        guard limit >= 0, abs(a.count - b.count) <= limit else { return nil }
        let beyond = limit + 1
        var beforePrevious = [Int](repeating: beyond, count: b.count + 1)
        var previous = (0...b.count).map { min($0, beyond) }
        var current = beforePrevious
        for (row, letter) in a.enumerated() {
            let columns = max(0, row - limit)..<min(b.count, row + limit + 1)
            // Left and right of the band, for this row and the two that look back at it.
            current[columns.lowerBound] = columns.lowerBound == 0 ? min(row + 1, beyond) : beyond
            if columns.upperBound < b.count { current[columns.upperBound + 1] = beyond }
            var smallest = current[columns.lowerBound]
            for column in columns {
                let other = b[column]
                var cost = min(previous[column + 1], current[column]) + 1
                cost = min(cost, previous[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == b[column - 1], a[row - 1] == other {
                    cost = min(cost, beforePrevious[column - 1] + 1)
                }
                current[column + 1] = min(cost, beyond)
                smallest = min(smallest, cost)
            }
            // A row's smallest value is at most one more than the row's before, so even a swap, which reaches back two
            // rows and costs one, cannot come below the limit again.
            guard smallest <= limit else { return nil }
            (beforePrevious, previous, current) = (previous, current, beforePrevious)
        }
        let distance = previous[b.count]
        return distance <= limit ? distance : nil
    }

    /// The candidate a person most likely meant, or nil where none is near; ties go to the earlier candidate.
    ///
    /// Near is one edit for every three letters typed, between 1 and 3: more and the guess is noise. Letter case is
    /// ignored. A word of at least three letters that begins exactly one candidate means that candidate (`eval`).
    package static func nearest(to typed: String, among candidates: [String]) -> String? {
        // Whatever is typed, the cost is bounded by what there is: a scalar has at most four bytes.
        guard let longest = candidates.map(\.utf8.count).max(), typed.utf8.count <= 4 * (longest + 3) else {
            return nil
        }
        let word = typed.lowercased()
        let limit = min(3, max(1, word.unicodeScalars.count / 3))
        var best: (distance: Int, candidate: String)?
        for candidate in candidates {
            guard let distance = between(word, candidate.lowercased(), limit: limit) else { continue }
            if let known = best, known.distance <= distance { continue }
            best = (distance, candidate)
        }
        if let best { return best.candidate }
        guard word.unicodeScalars.count >= 3 else { return nil }
        let begun = candidates.filter { $0.lowercased().hasPrefix(word) }
        return begun.count == 1 ? begun[0] : nil
    }
}
