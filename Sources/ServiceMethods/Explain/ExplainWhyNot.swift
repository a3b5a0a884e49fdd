import RecommendationService
import WireProtocol

/// `explain.whyNot`. Borrowed: valid while the request is lent.
struct WhyNotParameters: EvidenceParameters {
    var common = CommonParameters()
    var recentItems: [WireRecentItem] = []
    var itemId = WireString.empty

    /// Those of `recommend.user` that decide what is in its answer.
    static let declared = ParameterSet<Self>(
        common().filter { !["fields", "explain"].contains("\($0.name)") } + personal + evidence + [
            .identifier("itemId", required: "Name the item that is missed (itemId).") { $0.itemId = $1 }
        ])

    func check() throws(WireError) { try checkEvidence() }
}

/// Where an item fell out of an answer. The names are API.
enum WireAbsence: String, CaseIterable, Sendable {
    case listed = "LISTED"
    case unknown = "UNKNOWN"
    case hidden = "HIDDEN"
    case excluded = "EXCLUDED"
    case seen = "SEEN"
    case filtered = "FILTER"
    case arranged = "ARRANGEMENT"
    case outranked = "OUTRANKED"
}

extension ServiceMethod {
    static let explainWhyNot = ServiceMethod(
        "explain.whyNot", cost: .ranking, traits: .browser, "Why an answer of recommend.user lacks an item."
    ) {
        (parameters: WhyNotParameters, context, writer) throws(WireError) in
        let options = try RecommendationOptions(parameters.common, context)
        writer.beginObject()
        defer { writer.endObject() }
        guard let item = unsafe context.view.item(parameters.itemId.bytes) else {
            writer.absence(.unknown)
            return
        }
        let absence = context.recommender.absence(
            of: item, for: parameters.evidence(context.serving), options: options)
        switch absence {
        case .listed(let place): writer.absence(.listed, place: place)
        case .hidden: writer.absence(.hidden)
        case .excluded: writer.absence(.excluded)
        case .seen: writer.absence(.seen)
        case .arranged(let place, let score): writer.absence(.arranged, place: place, score: score)
        case .outranked(let place, let score, let last):
            writer.absence(.outranked, place: place, score: score, lastScore: last)
        case .filtered(let parts, let byKey):
            writer.absence(.filtered)
            writer.key("conditions")
            writer.beginArray()
            for part in parts { writer.string(part) }
            if byKey { writer.string("the key's filter" as StaticString) }
            writer.endArray()
        }
    }
}

extension JSONWriter {
    /// Places count from 1 on the wire.
    fileprivate mutating func absence(
        _ stage: WireAbsence, place: Int? = nil, score: Float? = nil, lastScore: Float? = nil
    ) {
        key("stage")
        string(stage.rawValue)
        if let place {
            key("place")
            integer(place + 1)
        }
        if let score {
            key("score")
            number(score)
        }
        if let lastScore {
            key("lastScore")
            number(lastScore)
        }
    }
}
