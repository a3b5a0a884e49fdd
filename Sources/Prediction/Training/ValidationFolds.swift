internal import SeededRandom

/// Rows to learn from and rows to judge by.
package struct ValidationFold: Sendable, Equatable {
    package let name: String
    /// Ascending, as the next.
    package let training: [Int]
    package let test: [Int]
    /// Groups with rows in both; 0 unless the split is by time.
    package let sharedGroupCount: Int

    init(_ name: String, training: [Int], test: [Int], of data: PredictionData) {
        self.name = name
        self.training = training
        self.test = test
        guard let groups = data.groups else {
            sharedGroupCount = 0
            return
        }
        sharedGroupCount = Set(training.map { groups[$0] }).intersection(test.map { groups[$0] }).count
    }
}

/// Ways to part rows.
package enum ValidationFolds {
    /// Of each outcome about the same number in each fold, and all rows of a group in one.
    package static func random(_ data: PredictionData, count: Int, seed: UInt64) throws(PredictionError)
        -> [ValidationFold]
    {
        precondition(count >= 2)
        let places = assigned(Array(0..<data.count), data, count: count, seed: seed)
        let folds = (0..<count).map { fold in
            ValidationFold(
                "\(fold + 1)", training: places.indices.filter { places[$0] != fold },
                test: places.indices.filter { places[$0] == fold }, of: data)
        }
        guard let poor = folds.first(where: { !hasBoth($0.test, data) }) else { return folds }
        throw PredictionError(
            .tooFewRows, operation: "part the rows into \(count) folds", expected: "rows of both outcomes in each",
            found:
                "fold \(poor.name) with \(poor.test.count { data.outcomes[$0] }) of one and \(poor.test.count { !data.outcomes[$0] }) of the other",
            remedy: "Ask for fewer folds.")
    }

    /// The latest rows are the test: those after the time that `testShare` of the rows come after. Rows of one time are on one side.
    package static func latest(_ data: PredictionData, testShare: Double) throws(PredictionError) -> ValidationFold {
        guard let times = data.times else { preconditionFailure("a split by time needs times") }
        let sorted = times.sorted()
        let cut = sorted[min(sorted.count - 1, max(0, Int((1 - testShare) * Double(sorted.count))))]
        let fold = ValidationFold(
            "latest", training: times.indices.filter { times[$0] < cut },
            test: times.indices.filter { times[$0] >= cut },
            of: data)
        guard hasBoth(fold.test, data), hasBoth(fold.training, data) else {
            throw PredictionError(
                .tooFewRows, operation: "split the rows by time", expected: "both outcomes before and after the cut",
                found:
                    "\(fold.training.count) rows before and \(fold.test.count) after it, one side without an outcome",
                remedy: "Give another --test-share, or a column whose times differ more.")
        }
        return fold
    }

    /// A fold a period: the rows before it are learned from. Periods with too little before them or without one of the outcomes have none.
    package static func rolling(_ data: PredictionData, periods: [Int32], names: [String]) throws(PredictionError)
        -> [ValidationFold]
    {
        precondition(periods.count == data.count)
        let folds = names.indices.compactMap { period -> ValidationFold? in
            let training = periods.indices.filter { Int(periods[$0]) < period }
            let test = periods.indices.filter { Int(periods[$0]) == period }
            guard hasEnough(training, data), hasBoth(test, data) else { return nil }
            return ValidationFold(names[period], training: training, test: test, of: data)
        }
        guard !folds.isEmpty else {
            throw PredictionError(
                .tooFewRows, operation: "split the rows by period",
                expected:
                    "a period with both outcomes after others with \(OutcomePredictor.leastOutcomeCount) rows of each",
                found: "none among \(names.count)", remedy: "Give longer periods or more rows, or use --folds.")
        }
        return folds
    }

    /// Training rows parted into those to fit and those to validate: the latest where rows have times, else a random part with
    /// whole groups.
    static func validation(
        _ rows: [Int], _ data: PredictionData, share: Double, seed: UInt64
    ) -> (fit: [Int], validation: [Int]) {
        if let times = data.times {
            let sorted = rows.map { times[$0] }.sorted()
            let cut = sorted[min(sorted.count - 1, Int((1 - share) * Double(sorted.count)))]
            let parts = (fit: rows.filter { times[$0] < cut }, validation: rows.filter { times[$0] >= cut })
            if hasEnough(parts.fit, data) && hasBoth(parts.validation, data) { return parts }
        }
        let count = max(2, Int((1 / share).rounded()))
        let places = assigned(rows, data, count: count, seed: seed)
        return (
            rows.indices.filter { places[$0] != 0 }.map { rows[$0] },
            rows.indices.filter { places[$0] == 0 }.map { rows[$0] }
        )
    }

    static func hasBoth(_ rows: [Int], _ data: PredictionData) -> Bool {
        rows.contains { data.outcomes[$0] } && rows.contains { !data.outcomes[$0] }
    }

    static func hasEnough(_ rows: [Int], _ data: PredictionData) -> Bool {
        let positives = rows.count { data.outcomes[$0] }
        return min(positives, rows.count - positives) >= OutcomePredictor.leastOutcomeCount
    }

    /// Per row of `rows` a fold. Groups are dealt out from the largest to the smallest, those with positives first, each to the
    /// fold that has fewest rows of its outcome.
    private static func assigned(_ rows: [Int], _ data: PredictionData, count: Int, seed: UInt64) -> [Int] {
        var members: [[Int]] = []
        if let groups = data.groups {
            var places: [Int32: Int] = [:]
            for (place, row) in rows.enumerated() {
                if let known = places[groups[row]] {
                    members[known].append(place)
                } else {
                    places[groups[row]] = members.count
                    members.append([place])
                }
            }
        } else {
            members = rows.indices.map { [$0] }
        }
        var random = SplitMix64(seed: seed)
        random.shuffle(&members)
        let positives = members.map { group in group.count { data.outcomes[rows[$0]] } }
        let order = members.indices.sorted { a, b in
            if (positives[a] > 0) != (positives[b] > 0) { return positives[a] > 0 }
            return members[a].count == members[b].count ? a < b : members[a].count > members[b].count
        }
        var folds = [Int](repeating: 0, count: rows.count)
        var (positiveLoads, loads) = (Array(repeating: 0, count: count), Array(repeating: 0, count: count))
        for group in order {
            let load = positives[group] > 0 ? positiveLoads : loads
            let fold = load.indices.min { (load[$0], loads[$0], $0) < (load[$1], loads[$1], $1) } ?? 0
            positiveLoads[fold] += positives[group]
            loads[fold] += members[group].count
            for place in members[group] { folds[place] = fold }
        }
        return folds
    }
}
