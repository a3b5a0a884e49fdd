/// What a split did to the rows, and what a reader must know to judge the figures measured on it.
package struct SplitFacts: Sendable, Equatable {
    package var trainingRowCount = 0
    /// Rows of the test part after repeats were dropped.
    package var testRowCount = 0
    /// Distinct pairs of user and item in the test part: what is to be found.
    package var testPairCount = 0
    package var testUserCount = 0
    /// Test rows left out because the user has the item in training, where no ranking would show it again.
    package var repeatsDroppedFromTest = 0
    /// Test rows whose user has the item in training and which are to be found all the same; nil where they are left out.
    package var repeatedTestRowCount: Int?
    /// Training rows left out because they repeat the user's held-out item (leave-last-one only).
    package var repeatsDroppedFromTraining = 0
    /// Test rows older than the newest training row; nil where a part has no times.
    package var testRowsOlderThanTraining: Int?
    /// Test users without a training row.
    package var newUserCount = 0
    /// Distinct test items without a training row.
    package var newItemCount = 0
    /// Test pairs whose item has no training row: only content can find them, and an index without the item never can.
    package var newItemPairCount = 0
    /// Temporal split: the last training time, in milliseconds since 1970.
    package var thresholdTime: Int64?
    /// Temporal and random split: the share of rows that was asked for and that came out, before repeats were dropped.
    package var trainingShareWanted: Double?
    package var trainingShareFound: Double?

    package init() {}
}

extension SplitFacts {
    /// Sentences for the reader of the report, the gravest first.
    package var warnings: [String] {
        var lines: [String] = []
        if let older = testRowsOlderThanTraining, older > 0 {
            lines.append(
                "\(older) of \(testRowCount) test interactions are older than the newest training interaction: "
                    + "the models were trained on other users' later events, so these figures are better than "
                    + "a live system's. temporal:0.8 has no such leak.")
        }
        if let wanted = trainingShareWanted, let found = trainingShareFound, abs(found - wanted) > 0.05 {
            lines.append(
                "The training part is \(percent(found)) of the interactions, not \(percent(wanted)): "
                    + "many interactions share one time, or there are few.")
        }
        if newItemPairCount * 10 > testPairCount {
            lines.append(
                "\(newItemPairCount) of \(testPairCount) test pairs are of items without a training interaction: "
                    + "collaborative scores and popularity cannot find them.")
        }
        return lines
    }

    /// What was counted, for the report.
    package var notes: [String] {
        var lines = [
            "\(trainingRowCount) training and \(testRowCount) test interactions; "
                + "\(testUserCount) test users with \(testPairCount) items to find."
        ]
        if repeatsDroppedFromTest > 0 {
            lines.append("\(repeatsDroppedFromTest) test interactions repeat a training pair and are left out.")
        }
        if let count = repeatedTestRowCount {
            lines.append("\(count) test interactions repeat a training pair: lists may hold what a user has.")
        }
        if repeatsDroppedFromTraining > 0 {
            lines.append(
                "\(repeatsDroppedFromTraining) earlier interactions with a held-out item are left out of training.")
        }
        if newUserCount > 0 { lines.append("\(newUserCount) test users have no training interaction.") }
        if newItemCount > 0 {
            lines.append(
                "\(newItemCount) test items (\(newItemPairCount) test pairs) have no training interaction; "
                    + "they count as misses where they are not found.")
        }
        return lines
    }

    private func percent(_ share: Double) -> String { fixedPoint(share * 100, decimals: 1) + " %" }
}
