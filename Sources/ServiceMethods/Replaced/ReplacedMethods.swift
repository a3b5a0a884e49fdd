import PersonaMessages
import Personas
import RecommendationService
import Segmentation
import WireProtocol

/// What systems that Foretaste replaces were asked under other names of members. HTTP answers it; frames do not.
extension MethodTable {
    package static let segmentOfCustomer = ServiceMethod.segmentOfCustomer
    package static let fetchPersonas = ServiceMethod.fetchPersonas
}

/// A customer's segment, as `segments.of`. Borrowed: valid while the request is lent.
struct SegmentOfCustomerParameters: MethodParameters {
    private(set) var customerId = ""

    static let declared = ParameterSet<Self>([
        Parameter(
            "customer_id", .either(.identifier, .integer(0...Int.max)),
            required: "Name the customer (customer_id)."
        ) { value, target throws(WireError) in
            // Those systems numbered their customers. An integer of 64 bits is exact here.
            target.customerId =
                value.isString ? try value.identifier().string : String(try value.integer(in: 0...Int.max))
        }
    ])
}

/// Who likes something most, as `personas.query`. Borrowed: valid while the request is lent.
struct FetchPersonasParameters: MethodParameters {
    var filter = PersonaFilter()
    var count = ProtocolLimits.defaultPersonaCount

    static let declared = ParameterSet<Self>([
        values("gender") { $0.filter.gender = $1 },
        values("city_tier") { $0.filter.cityTier = $1 },
        values("brand") { $0.filter.brand = $1 },
        values("generic_name") { $0.filter.generic = $1 },
        values("category_level_1") { $0.filter.category1 = $1 },
        values("category_level_2") { $0.filter.category2 = $1 },
        values("category_level_3") { $0.filter.category3 = $1 },
        .integer(
            "limit", in: ProtocolLimits.count, default: ProtocolLimits.defaultPersonaCount, reason: .countOutOfRange
        ) { $0.count = $1 },
    ])

    private static func values(
        _ name: StaticString, _ store: @escaping Parameter<Self>.Store<[String]>
    ) -> Parameter<Self> {
        .names(
            name, maximumCount: ProtocolLimits.personaValues, maximumBytes: ProtocolLimits.personaValueBytes
        ) { target, values in store(&target, values.map(\.string)) }
    }
}

extension ServiceMethod {
    fileprivate static let segmentOfCustomer = ServiceMethod(
        "segment/customer", cost: .constant, "The segment of a customer."
    ) { (parameters: SegmentOfCustomerParameters, context, writer) throws(WireError) in
        try writer.segmentOf(parameters.customerId, field: "params.customer_id", context)
    }

    fileprivate static let fetchPersonas = ServiceMethod("fetchPersonas", cost: .scan, "Who likes something most.") {
        (parameters: FetchPersonasParameters, context, writer) throws(WireError) in
        let names = [
            "cityTier": "city_tier", "generic": "generic_name", "category1": "category_level_1",
            "category2": "category_level_2", "category3": "category_level_3",
        ]
        try writer.personas(parameters.filter, count: parameters.count, context) { names[$0] ?? $0 }
    }
}
