/// The known name that a person who typed `name` most likely meant: least edit distance (Damerau 1964, adjacent transpositions
/// count one, no substring edited twice), at most a third of the name's bytes and at least 2; ties by the order of `known`.
package func nearestName(to name: String, in known: [String]) -> String? {
    let wanted = Array(name.utf8.prefix(ProtocolLimits.methodBytes))
    var best: (name: String, distance: Int)?
    for candidate in known {
        let distance = editDistance(wanted, Array(candidate.utf8))
        if distance <= max(2, wanted.count / 3), distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.name
}

private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
        var current = [row + 1]
        for column in 0..<right.count {
            let substitution = last[column] + (left[row] == right[column] ? 0 : 1)
            var distance = min(substitution, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                distance = min(distance, beforeLast[column - 1] + 1)
            }
            current.append(distance)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}
