// The settings of a scoring that a build may choose, as an index keeps them:
//
//     candidates=1000 neighbours=100 decay=3.0 idf=3 rules=1.2

extension SessionScoring.Configuration {
    /// What an index or an option may hold; a build's memory and a query's time stay bounded.
    package enum Limits {
        package static let candidateCount = 1...100_000
        package static let neighbourCount = 1...10_000
        package static let queryDecay: ClosedRange<Double> = 0.1...100
        package static let idfPower = 0...6
        package static let ruleWeight: ClosedRange<Double> = 0...100
    }

    package var text: String {
        "candidates=\(candidateCount) neighbours=\(neighbourCount) decay=\(queryDecay) idf=\(idfPower) rules=\(ruleWeight)"
    }

    /// Reads what `text` writes; nil for anything else, and for numbers beyond the limits.
    package init?(_ text: String) {
        self.init()
        let pairs = text.split(separator: " ", omittingEmptySubsequences: false)
            .map { $0.split(separator: "=", omittingEmptySubsequences: false) }
        guard pairs.map(\.first) == ["candidates", "neighbours", "decay", "idf", "rules"],
            pairs.allSatisfy({ $0.count == 2 }),
            let candidates = Int(pairs[0][1]), Limits.candidateCount.contains(candidates),
            let neighbours = Int(pairs[1][1]), Limits.neighbourCount.contains(neighbours),
            let decay = Float(pairs[2][1]), Limits.queryDecay.contains(Double(decay)),
            let idf = Int(pairs[3][1]), Limits.idfPower.contains(idf),
            let rules = Float(pairs[4][1]), Limits.ruleWeight.contains(Double(rules))
        else { return nil }
        candidateCount = candidates
        neighbourCount = neighbours
        queryDecay = decay
        idfPower = idf
        ruleWeight = rules
    }
}
