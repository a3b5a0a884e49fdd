/// Rows with an outcome to learn from.
package struct PredictionData: Sendable {
    /// Columns that features are made from: the outcome, ids and times are none of them.
    package let columns: [PredictionColumn]
    package let outcomes: [Bool]
    /// Per row a dense number of what rows belong to, such as a user; nil where every row stands for itself. Rows of one are
    /// never on both sides of a random split.
    package let groups: [Int32]?
    /// Per row, ascending with time; nil where the rows have none.
    package let times: [Int64]?

    package init(
        columns: [PredictionColumn], outcomes: [Bool], groups: [Int32]? = nil, times: [Int64]? = nil
    ) throws(PredictionError) {
        precondition(columns.allSatisfy { $0.count == outcomes.count })
        precondition(groups.map { $0.count == outcomes.count } ?? true)
        precondition(times.map { $0.count == outcomes.count } ?? true)
        guard !columns.isEmpty else {
            throw PredictionError(
                .badColumn, operation: "predict an outcome", expected: "at least one column to predict it from",
                found: "none", remedy: "Name columns that vary, or leave fewer out.")
        }
        guard !outcomes.isEmpty else {
            throw PredictionError(
                .tooFewRows, operation: "predict an outcome", expected: "rows to learn from", found: "none",
                remedy: "Give more rows.")
        }
        self.columns = columns
        self.outcomes = outcomes
        self.groups = groups
        self.times = times
    }

    package var count: Int { outcomes.count }

    /// The same rows with other outcomes.
    func withOutcomes(_ outcomes: [Bool]) -> PredictionData {
        PredictionData(copying: self, outcomes: outcomes)
    }

    private init(copying other: PredictionData, outcomes: [Bool]) {
        columns = other.columns
        self.outcomes = outcomes
        groups = other.groups
        times = other.times
    }
}
