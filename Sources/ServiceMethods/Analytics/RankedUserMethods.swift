import AnalyticsArtefacts
import AnalyticsService
import RecommendationService
import WireProtocol

/// What users of high value are ranked by.
enum HighValueModel: String, CaseIterable, Sendable {
    case value, purchase, conversion, revenue

    fileprivate var figure: UserFigure {
        switch self {
        case .value: .value
        case .purchase: .purchase
        case .conversion: .conversion
        case .revenue: .revenue
        }
    }
}

/// What users at risk are ranked by.
enum RiskOrder: String, CaseIterable, Sendable {
    case probability, loss
}

/// `predict.highValue`. Borrowed: valid while the request is lent.
struct PredictHighValueParameters: MethodParameters {
    var model = HighValueModel.value
    var count = AnalyticsLimits.defaultUsers
    var after: WireString?

    static let declared = ParameterSet<Self>([
        .choice("model", of: HighValueModel.self, default: .value) { $0.model = $1 },
        .count(in: ProtocolLimits.members, default: AnalyticsLimits.defaultUsers) { $0.count = $1 },
        .identifier("after") { $0.after = $1 },
    ])
}

/// `predict.atRisk`. Borrowed: valid while the request is lent.
struct PredictAtRiskParameters: MethodParameters {
    var order = RiskOrder.probability
    var count = AnalyticsLimits.defaultUsers
    var after: WireString?

    static let declared = ParameterSet<Self>([
        .choice("order", of: RiskOrder.self, default: .probability) { $0.order = $1 },
        .count(in: ProtocolLimits.members, default: AnalyticsLimits.defaultUsers) { $0.count = $1 },
        .identifier("after") { $0.after = $1 },
    ])
}

extension ServiceMethod {
    static let predictHighValue = ServiceMethod(
        "predict.highValue", cost: .list, "Who will spend or buy most, or has, by one figure."
    ) { (parameters: PredictHighValueParameters, context, writer) throws(WireError) in
        let view = try context.analysis()
        let users = try context.users(of: view)
        guard let ranking = view.ranking(by: parameters.model.figure) else {
            throw .isNotAnalysed("nothing of \(parameters.model.rawValue)")
        }
        writer.beginObject()
        writer.analysisMember(view)
        writer.member("model", parameters.model.rawValue)
        try writer.ranked(ranking, of: ranking.places.count, parameters.after, parameters.count, users, context)
        writer.endObject()
    }

    static let predictAtRisk = ServiceMethod(
        "predict.atRisk", cost: .list, "Who is likely to be lost: the likeliest first, or those who would cost most."
    ) { (parameters: PredictAtRiskParameters, context, writer) throws(WireError) in
        let view = try context.analysis()
        let users = try context.users(of: view)
        guard let model = users.model(UserFigure.churn.rawValue),
            let ranking = view.ranking(by: parameters.order == .loss ? .loss : .churn)
        else {
            throw .isNotAnalysed("nothing of \(parameters.order == .loss ? "what churn would cost" : "churn")")
        }
        // Those by loss are at risk already.
        let count = parameters.order == .loss ? ranking.places.count : ranking.count(atLeast: model.threshold)
        writer.beginObject()
        writer.analysisMember(view)
        writer.member("order", parameters.order.rawValue)
        writer.member("threshold", Double?(model.threshold))
        try writer.ranked(ranking, of: count, parameters.after, parameters.count, users, context)
        writer.endObject()
    }

    static let predictSegments = ServiceMethod(
        "predict.segments", cost: .list, "The segments: who they are, what is foretold of them, what to do."
    ) { (_: NoParameters, context, writer) throws(WireError) in
        let view = try context.analysis()
        let document = try context.document(\.segments, "no segments", of: view)
        writer.beginObject()
        writer.analysisMember(view)
        writer.member("method", document.method)
        writer.list("segments", document.segments) { writer, one in writer.segment(one) }
        writer.endObject()
    }
}

extension JSONWriter {
    /// A page of users; those who were erased since are not in it.
    /// - Parameter limit: as many of the first are in the list.
    fileprivate mutating func ranked(
        _ ranking: UserRanking, of limit: Int, _ after: WireString?, _ count: Int, _ users: UsersDocument,
        _ context: ServiceContext
    ) throws(WireError) {
        var start = 0
        if let after {
            guard let user = users.place(of: after.string), let place = ranking.place(after: user), place <= limit
            else { throw .isNoPage }
            start = place
        }
        member("total", limit)
        page("users", ranking.places[start..<limit], count: count, { users.ids[Int($0)] }) { place in
            !context.view.isErased(users.ids[Int(place)])
        } write: { writer, place in
            writer.userFigures(users, Int(place))
            writer.member("score", Double?(ranking.value(place)))
        }
    }

    fileprivate mutating func segment(_ one: SegmentsDocument.Segment) {
        member("segment", one.name)
        member("title", one.title)
        member("users", one.users)
        member("share", Double?(one.share))
        member("revenueShare", Double?(one.revenueShare))
        member("revenue", one.revenue)
        member("purchases", one.purchases)
        member("recencyDays", one.recencyDays)
        member("purchasesEach", one.purchasesEach)
        member("revenueEach", one.revenueEach)
        member("purchaseProbability", one.purchaseProbability)
        member("churnProbability", one.churnProbability)
        member("value", one.value)
        member("advice", one.advice)
    }
}
