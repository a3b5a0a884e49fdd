import Evaluation
import IndexBuilding
import Interactions

extension HoldOut {
    /// What makes figures of this split look better than a live system's, beside what `SplitFacts` warns of.
    var warnings: [String] {
        var lines: [String] = []
        if hasSampledCandidates {
            lines.append(
                "Only given candidates are ranked, not the catalogue: these figures do not compare with those of a full "
                    + "ranking, and sampled metrics may even order systems differently (Krichene and Rendle, KDD 2020)."
            )
        }
        let test = rows(of: .test)
        guard training.log.hasTimes, test.log.hasTimes, let newest = training.log.newestTime else { return lines }
        let laterUsers = usersWithLaterTraining(test.log, test.rows)
        if laterUsers > 0 {
            lines.append(
                "\(laterUsers) of \(task.testUsers.count) test users have training interactions that are later than one of "
                    + "their test interactions: their own future is in their history.")
        }
        let oldest = test.rows.map { test.log.times[$0] }.min() ?? newest
        let later = training.log.times.count { $0 > oldest }
        if later > 0 {
            lines.append(
                "Popularity is counted over \(later) of \(training.log.count) training interactions that are later than the "
                    + "oldest test interaction.")
        }
        return lines
    }

    private func usersWithLaterTraining(_ test: InteractionLog, _ rows: [Int]) -> Int {
        var newest: [Int32: Int64] = [:]
        for row in 0..<training.log.count {
            let user = training.log.userIndexes[row]
            newest[user] = max(newest[user] ?? .min, training.log.times[row])
        }
        var late: Set<Int32> = []
        for row in rows {
            guard let user = training.log.users.index(of: test.users.id(at: Int(test.userIndexes[row]))) else {
                continue
            }
            if newest[user] ?? .min > test.times[row] { late.insert(user) }
        }
        return late.count
    }
}
