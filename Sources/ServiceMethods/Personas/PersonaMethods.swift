import PersonaMessages
import Personas
import RecommendationService
import WireProtocol

/// `personas.of`: all that is known of a user. Borrowed: valid while the request is lent.
struct PersonasOfParameters: MethodParameters {
    var userId = WireString.empty
    /// Of the lists.
    var count = ProtocolLimits.defaultPersonaCount

    static let declared = ParameterSet<Self>([
        .identifier("userId", required: "Name the user (userId).") { $0.userId = $1 },
        .count(default: ProtocolLimits.defaultPersonaCount) { $0.count = $1 },
    ])
}

/// `personas.query`: who likes something most. Borrowed: valid while the request is lent.
struct PersonasQueryParameters: MethodParameters {
    var filter = PersonaFilter()
    var count = ProtocolLimits.defaultPersonaCount

    static let declared = ParameterSet<Self>([
        values("gender") { $0.filter.gender = $1 },
        values("cityTier") { $0.filter.cityTier = $1 },
        values("brand") { $0.filter.brand = $1 },
        values("generic") { $0.filter.generic = $1 },
        values("category1") { $0.filter.category1 = $1 },
        values("category2") { $0.filter.category2 = $1 },
        values("category3") { $0.filter.category3 = $1 },
        .count(default: ProtocolLimits.defaultPersonaCount) { $0.count = $1 },
    ])

    private static func values(
        _ name: StaticString, _ store: @escaping Parameter<Self>.Store<[String]>
    ) -> Parameter<Self> {
        .names(
            name, maximumCount: ProtocolLimits.personaValues, maximumBytes: ProtocolLimits.personaValueBytes
        ) { target, values in store(&target, values.map(\.string)) }
    }
}

/// `personas.top`: what the population likes most.
struct PersonasTopParameters: MethodParameters {
    var dimension = PersonaTopList.brand
    /// Nil: the list's own length.
    var count: Int?

    static let declared = ParameterSet<Self>([
        .choice(
            "dimension", of: PersonaTopList.self,
            required: "Name the list (dimension): brand, generic, category, cityTier or channel."
        ) { $0.dimension = $1 },
        .count { $0.count = $1 },
    ])
}

extension ServiceMethod {
    static let personasOf = ServiceMethod("personas.of", cost: .list, "What a user likes.") {
        (parameters: PersonasOfParameters, context, writer) throws(WireError) in
        let store = try context.personas()
        let id = parameters.userId.string
        guard !context.view.isErased(id), let user = store.user(id) else {
            throw WireError(
                .personaNotFound,
                "There is no persona of this user. A user has one from the first event on; add new events with "
                    + "'foretaste segment personas --previous' and restart the server.", field: "params.userId")
        }
        writer.persona(store.persona(user, count: parameters.count))
    }

    static let personasQuery = ServiceMethod("personas.query", cost: .scan, "Who likes something most.") {
        (parameters: PersonasQueryParameters, context, writer) throws(WireError) in
        try writer.personas(parameters.filter, count: parameters.count, context) { $0 }
    }

    static let personasTop = ServiceMethod("personas.top", cost: .list, "What the population likes most.") {
        (parameters: PersonasTopParameters, context, writer) throws(WireError) in
        let store = try context.personas()
        let list = parameters.dimension
        let count = parameters.count ?? list.defaultCount
        if let dimension = list.dimension {
            writer.personaTop(list.rawValue, store.top(dimension, count: count))
        } else {
            writer.personaCategories(store.categoryTree(count: count))
        }
    }
}

extension JSONWriter {
    /// - Parameter parameterName: what the parameter is called that the filter names so.
    mutating func personas(
        _ filter: PersonaFilter, count: Int, _ context: ServiceContext, parameterName: (String) -> String
    ) throws(WireError) {
        let store = try context.personas()
        let matches: [PersonaMatch]
        do throws(PersonaFilterError) {
            matches = try store.query(filter, count: count, leavingOut: context.erasedPersonas())
        } catch {
            throw WireError(
                .badField, error.text, field: "params.\(parameterName(error.field))", nearest: error.nearest)
        }
        personas(matches)
    }
}
