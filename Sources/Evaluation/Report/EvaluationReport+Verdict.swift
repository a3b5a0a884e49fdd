extension EvaluationReport {
    /// Where p, raised for the number of systems, is below it, two systems are told apart: the level of the 95 % intervals.
    private static let significance = 0.05

    /// One or two sentences for who reads nothing else: what the reference finds, and which systems it beats at the first cut-off.
    package var verdict: String {
        guard let row = rows.first(where: { $0.evaluation.name == reference }), let k = cutOffs.values.first,
            let hitRate = row.hitRate.first ?? nil, facts.testUserCount > 0
        else {
            return "There is no verdict: the \(reference) had nobody to be tested on."
        }
        let users = facts.testUserCount == 1 ? "the one test user" : "\(facts.testUserCount) test users"
        let found =
            "The \(reference) puts something that was then taken among the first \(k) for "
            + "\(fixedPoint(100 * hitRate.mean, decimals: 1)) % of \(users)."
        let compared = comparisons.filter { $0.cutOff == k }
        guard !compared.isEmpty else { return found + " There is no other system to compare it with." }
        return found + " By NDCG@\(k) it is " + judgement(of: compared) + "."
    }

    private func judgement(of comparisons: [Comparison]) -> String {
        var (better, worse, open): ([String], [String], [String]) = ([], [], [])
        for comparison in comparisons {
            let difference = comparison.ndcg
            let mean = difference.interval.mean
            let sign = mean < 0 ? "" : "+"
            let name = "\(comparison.other) (\(sign)\(fixedPoint(mean, decimals: 4)))"
            if difference.adjustedPValue >= Self.significance || mean == 0 {
                open.append(name)
            } else if mean > 0 {
                better.append(name)
            } else {
                worse.append(name)
            }
        }
        return [("better than ", better), ("worse than ", worse), ("not to be told apart from ", open)]
            .filter { !$0.1.isEmpty }.map { $0.0 + Self.joined($0.1) }.joined(separator: "; ")
    }

    private static func joined(_ names: [String]) -> String {
        guard names.count > 1, let last = names.last else { return names.joined() }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }
}
