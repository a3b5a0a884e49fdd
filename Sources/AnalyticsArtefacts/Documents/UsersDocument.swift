/// What is known and foretold of each user, in columns: one element a user, in the order of `ids`.
package struct UsersDocument: ArtefactDocument {
    package static let name = ArtefactName.users
    /// Reasons that are kept of each prediction.
    package static let reasonCount = 3

    /// A model, how good it is, and what it says of each user.
    package struct Model: Codable, Sendable, Equatable {
        package struct Measure: Codable, Sendable, Equatable {
            /// `auc`, `averagePrecision`, `logLoss`, `brier`.
            package let name: String
            package let value: Double
            package let lower: Double?
            package let upper: Double?

            package init(name: String, value: Double, lower: Double?, upper: Double?) {
                (self.name, self.value, self.lower, self.upper) = (name, value, lower, upper)
            }
        }

        /// `purchase` and `churn` within the days after the moment; `conversion` and `bounce` of the user's latest visit, after its
        /// first event.
        package let name: String
        /// What is foretold, as a sentence.
        package let outcome: String
        /// `logistic`, `forest` or `boosting`; nil where none could be learned, and `refusal` says why.
        package let learner: String?
        package let refusal: String?
        package let rows: Int
        package let positives: Int
        package let threshold: Double
        /// Of rows later than those that it learned from.
        package let measures: [Measure]
        package let features: [String]
        /// By feature, what permuting it costs in AUC.
        package let importances: [Double]
        /// A probability a user, nil where nothing is foretold; empty without a learner.
        package let predictions: [Double?]
        /// `reasonCount` a user, the strongest first: a place in `features`, -1 for none, and what it adds to the log-odds.
        package let reasonFeatures: [Int]
        package let reasonValues: [Double]

        package init(
            name: String, outcome: String, learner: String?, refusal: String?, rows: Int, positives: Int,
            threshold: Double, measures: [Measure], features: [String], importances: [Double], predictions: [Double?],
            reasonFeatures: [Int], reasonValues: [Double]
        ) {
            (self.name, self.outcome, self.learner, self.refusal) = (name, outcome, learner, refusal)
            (self.rows, self.positives, self.threshold, self.measures) = (rows, positives, threshold, measures)
            (self.features, self.importances, self.predictions) = (features, importances, predictions)
            (self.reasonFeatures, self.reasonValues) = (reasonFeatures, reasonValues)
        }

        /// What moved the prediction of a user, strongest first.
        package func reasons(ofUser place: Int) -> [(feature: String, value: Double)] {
            guard reasonFeatures.count >= (place + 1) * UsersDocument.reasonCount else { return [] }
            return (place * UsersDocument.reasonCount..<(place + 1) * UsersDocument.reasonCount).compactMap { at in
                reasonFeatures[at] < 0 ? nil : (features[reasonFeatures[at]], reasonValues[at])
            }
        }
    }

    /// All that is told is of what was before it; milliseconds since 1970.
    package let moment: Int64
    /// How far ahead `purchase` and `churn` look, and `value`.
    package let days: Int
    package let valueDays: Int
    /// Ascending in the order of bytes, each once.
    package let ids: [String]
    /// Of `segments`; -1 for none.
    package let segmentPlaces: [Int]
    package let segments: [String]
    package let events: [Int]
    package let purchases: [Int]
    /// Milliseconds since 1970.
    package let lastTimes: [Int64]
    /// Empty where the events say nothing of money, as the next three where nobody bought.
    package let revenue: [Double?]
    package let alive: [Double?]
    package let expectedPurchases: [Double?]
    /// Discounted, within `valueDays`; of purchases where there is no money.
    package let value: [Double?]
    package let models: [Model]

    package init(
        moment: Int64, days: Int, valueDays: Int, ids: [String], segmentPlaces: [Int], segments: [String],
        events: [Int], purchases: [Int], lastTimes: [Int64], revenue: [Double?], alive: [Double?],
        expectedPurchases: [Double?], value: [Double?], models: [Model]
    ) {
        (self.moment, self.days, self.valueDays, self.ids) = (moment, days, valueDays, ids)
        (self.segmentPlaces, self.segments, self.events) = (segmentPlaces, segments, events)
        (self.purchases, self.lastTimes, self.revenue) = (purchases, lastTimes, revenue)
        (self.alive, self.expectedPurchases, self.value) = (alive, expectedPurchases, value)
        self.models = models
    }

    package func model(_ name: String) -> Model? { models.first { $0.name == name } }

    /// O(log users); nil for an id that was not analysed.
    package func place(of id: String) -> Int? {
        var (low, high) = (0, ids.count)
        while low < high {
            let middle = (low + high) / 2
            if Self.precedes(ids[middle], id) { low = middle + 1 } else { high = middle }
        }
        return low < ids.count && ids[low] == id ? low : nil
    }

    /// The order of ids.
    package static func precedes(_ first: String, _ second: String) -> Bool {
        first.utf8.lexicographicallyPrecedes(second.utf8)
    }

    package var fault: String? {
        var check = DocumentCheck()
        check.count(ids.count, of: "users", atMost: DocumentLimits.users)
        let lengths = [segmentPlaces.count, events.count, purchases.count, lastTimes.count]
        let optional = [revenue, alive, expectedPurchases, value] + models.map(\.predictions)
        check.holds(
            lengths.allSatisfy { $0 == ids.count } && optional.allSatisfy { $0.isEmpty || $0.count == ids.count },
            "columns that differ in length")
        check.holds(
            zip(ids, ids.dropFirst()).allSatisfy { Self.precedes($0, $1) }, "ids that do not ascend, or stand twice")
        for id in ids { check.name(id, "an id") }
        check.count(segments.count, of: "segments")
        for name in segments { check.name(name, "a segment") }
        check.holds(segmentPlaces.allSatisfy { (-1..<segments.count).contains($0) }, "a segment that is none")
        for column in [revenue, expectedPurchases, value] { check.numbers(column, "a column of users") }
        for share in alive { check.share(share, "alive") }
        check.holds(events.allSatisfy { $0 >= 0 } && purchases.allSatisfy { $0 >= 0 }, "a count below 0")
        check.holds((1...36_500).contains(days) && (1...36_500).contains(valueDays), "a horizon of \(days) days")
        check.count(models.count, of: "models", atMost: 100)
        check.holds(Set(models.map(\.name)).count == models.count, "two models of one name")
        for model in models { look(at: model, &check) }
        return check.fault
    }

    private func look(at model: Model, _ check: inout DocumentCheck) {
        let what = "the model \(model.name.prefix(80))"
        for name in [model.name, model.learner] { check.name(name, what) }
        for text in [model.outcome, model.refusal ?? ""] { check.text(text, what) }
        check.share(model.threshold, what)
        for share in model.predictions { check.share(share, what) }
        check.count(model.features.count, of: "features")
        for name in model.features { check.name(name, what) }
        check.holds(
            model.importances.isEmpty || model.importances.count == model.features.count,
            "importances that are not one a feature in \(what)")
        check.numbers(model.importances, what)
        let reasons = model.reasonFeatures.count
        check.holds(
            reasons == model.reasonValues.count && (reasons == 0 || reasons == ids.count * Self.reasonCount),
            "reasons that are not \(Self.reasonCount) a user in \(what)")
        check.holds(
            model.reasonFeatures.allSatisfy { (-1..<model.features.count).contains($0) },
            "a reason of no feature in \(what)")
        check.numbers(model.reasonValues, what)
        check.count(model.measures.count, of: "measures")
        for measure in model.measures {
            check.name(measure.name, what)
            check.numbers([measure.value, measure.lower, measure.upper], what)
        }
    }
}
