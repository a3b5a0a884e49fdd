import AnalyticsArtefacts
import AnalyticsService
import RecommendationService
import WireProtocol

/// What is foretold of one user. Borrowed: valid while the request is lent.
struct PredictedUserParameters: MethodParameters {
    var userId = WireString.empty

    static let declared = ParameterSet<Self>([
        .identifier("userId", required: "Name the user (userId).") { $0.userId = $1 }
    ])

    /// The user's place; an analysis knows those whose events it was given, and has forgotten who was erased since.
    fileprivate func place(_ users: UsersDocument, _ context: ServiceContext) throws(WireError) -> Int {
        let id = userId.string
        guard let place = users.place(of: id), !context.view.isErased(id) else {
            throw WireError(
                .userNotFound, "The analysis has no such user: their events came later, or nobody has this id.",
                field: "params.userId")
        }
        return place
    }
}

extension ServiceMethod {
    static let predictUser = ServiceMethod(
        "predict.user", cost: .constant, "All that is known and foretold of a user, and why."
    ) { (parameters: PredictedUserParameters, context, writer) throws(WireError) in
        let view = try context.analysis()
        let users = try context.users(of: view)
        let place = try parameters.place(users, context)
        writer.beginObject()
        writer.analysisMember(view)
        writer.userFigures(users, place)
        writer.list("predictions", users.models.filter { !$0.predictions.isEmpty }) { writer, model in
            writer.member("model", model.name)
            writer.prediction(model, place, days: users.days(of: model))
        }
        writer.endObject()
    }

    static let predictConversion = prediction(
        "predict.conversion", "conversion", "Whether a user's latest visit comes to a purchase, and why.")
    static let predictBounce = prediction(
        "predict.bounce", "bounce", "Whether a user's latest visit ends with its first event, and why.")
    static let predictPurchase = prediction(
        "predict.purchase", "purchase", "Whether a user buys within some days, and why.")
    static let predictChurn = prediction("predict.churn", "churn", "Whether a user is lost, and why.")

    /// - Parameter model: the name of the one that foretells it.
    private static func prediction(_ name: StaticString, _ model: String, _ summary: String) -> ServiceMethod {
        ServiceMethod(name, cost: .constant, summary) {
            (parameters: PredictedUserParameters, context, writer) throws(WireError) in
            let view = try context.analysis()
            let users = try context.users(of: view)
            let place = try parameters.place(users, context)
            guard let model = users.model(model), !model.predictions.isEmpty else {
                throw .isNotAnalysed("no predictions of \(model)")
            }
            writer.beginObject()
            writer.analysisMember(view)
            writer.member("userId", users.ids[place])
            writer.prediction(model, place, days: users.days(of: model))
            writer.endObject()
        }
    }

    static let predictValue = ServiceMethod(
        "predict.value", cost: .constant, "What a user will come to, and whether they are still there."
    ) { (parameters: PredictedUserParameters, context, writer) throws(WireError) in
        let view = try context.analysis()
        let users = try context.users(of: view)
        let place = try parameters.place(users, context)
        guard !users.value.isEmpty else { throw .isNotAnalysed("no values of customers") }
        writer.beginObject()
        writer.analysisMember(view)
        writer.userFigures(users, place)
        writer.endObject()
    }

    static let predictModels = ServiceMethod(
        "predict.models", cost: .list, "The models behind predictions: how good they are, and what they go by."
    ) { (_: NoParameters, context, writer) throws(WireError) in
        let view = try context.analysis()
        let users = try context.users(of: view)
        writer.beginObject()
        writer.analysisMember(view)
        writer.list("models", users.models) { writer, model in writer.card(model, days: users.days(of: model)) }
        writer.endObject()
    }
}

extension UsersDocument {
    /// How far ahead a model looks; nil of one that foretells what becomes of a visit.
    fileprivate func days(of model: Model) -> Int? {
        [UserFigure.purchase.rawValue, UserFigure.churn.rawValue].contains(model.name) ? days : nil
    }

    fileprivate func segment(_ place: Int) -> String? {
        segments.indices.contains(segmentPlaces[place]) ? segments[segmentPlaces[place]] : nil
    }
}

extension JSONWriter {
    /// Members of a user, but for predictions.
    mutating func userFigures(_ users: UsersDocument, _ place: Int) {
        func known(_ column: [Double?]) -> Double? { column.isEmpty ? nil : column[place] }
        member("userId", users.ids[place])
        member("segment", users.segment(place))
        member("events", users.events[place])
        member("purchases", users.purchases[place])
        member("lastTime", Int64?(users.lastTimes[place]))
        member("revenue", known(users.revenue))
        member("alive", known(users.alive))
        member("expectedPurchases", known(users.expectedPurchases))
        member("value", known(users.value))
        if !users.value.isEmpty { member("valueDays", users.valueDays) }
    }

    /// A probability with the place that it has to one's threshold, and what moved it; without them where nothing is foretold.
    fileprivate mutating func prediction(_ model: UsersDocument.Model, _ place: Int, days: Int?) {
        member("outcome", model.outcome)
        if let days { member("days", days) }
        guard let probability = model.predictions[place] else { return }
        member("probability", Double?(probability))
        member("threshold", Double?(model.threshold))
        key("isExpected")
        boolean(probability >= model.threshold)
        list("reasons", model.reasons(ofUser: place)) { writer, reason in
            writer.member("feature", reason.feature)
            writer.member("value", Double?(reason.value))
        }
    }

    fileprivate mutating func card(_ model: UsersDocument.Model, days: Int?) {
        member("model", model.name)
        member("outcome", model.outcome)
        if let days { member("days", days) }
        member("learner", model.learner)
        member("refusal", model.refusal)
        member("rows", model.rows)
        member("positives", model.positives)
        member("threshold", Double?(model.threshold))
        list("measures", model.measures) { writer, measure in
            writer.member("name", measure.name)
            writer.member("value", Double?(measure.value))
            writer.member("lower", measure.lower)
            writer.member("upper", measure.upper)
        }
        let order = model.importances.indices.sorted { a, b in
            let (x, y) = (model.importances[a], model.importances[b])
            return x == y ? a < b : x > y
        }
        list("importances", order) { writer, place in
            writer.member("feature", model.features[place])
            writer.member("value", Double?(model.importances[place]))
        }
    }
}
