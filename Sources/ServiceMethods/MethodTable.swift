package import WireProtocol

/// All methods of this server. A method's number is its place here.
package enum MethodTable {
    /// In the order in which `hello` tells them.
    package static let all: [ServiceMethod] = [
        .hello, .auth, .ping, .health, .info, .cancel, .batch, .serverDrain, .slowLogGet,
        .recommendUser, .recommendItem, .recommendSession, .recommendPopular, .recommendBasket, .recommendRank,
        .recommendAgain, .recommendComposite, .recommendSegments, .explainWhyNot,
        .segmentsList, .segmentsOf, .segmentsMembers, .segmentsPredict, .segmentsTrends,
        .predictUser, .predictConversion, .predictBounce, .predictPurchase, .predictChurn, .predictValue,
        .predictHighValue, .predictAtRisk, .predictSegments, .predictModels,
        .trendsList, .trendsFunnels, .trendsCohorts, .anomaliesList, .anomaliesVisitors, .anomaliesAcknowledge,
        .insightsList, .insightsSummary,
        .personasOf, .personasQuery, .personasTop,
        .eventsPut, .eventsList, .eventsDelete,
        .itemsUpsert, .itemsGet, .itemsList, .itemsDelete,
        .usersUpsert, .usersGet, .usersList, .usersMerge, .usersExport, .usersErase,
    ]

    /// How a request's method is found.
    package static let names = MethodNames(
        all.map(\.name), notifications: all.filter { $0.traits.contains(.notification) }.map(\.name))

    /// Every member name below `params` that some method defines, at whatever depth, and the reserved ones: where such a name does
    /// not belong it is refused, so that nobody believes it acted. Ascending.
    package static let parameterNames: [String] = {
        func names(_ descriptions: [ParameterDescription]) -> [String] {
            descriptions.flatMap { [$0.name] + names($0.kind.members) }
        }
        return Set(all.flatMap { names($0.parameters) } + ReservedParameters.names).sorted()
    }()

    /// The same, to be looked up.
    static let knownParameters = NameTable(parameterNames)
}

/// Parameters that later versions will give a meaning to.
enum ReservedParameters {
    static let names: [String] = ["scenario", "rotationRate"]
}

extension JSONParser {
    /// As the parser's own, for the methods of this server.
    package func withRequest(
        in payload: RawSpan, needsId: Bool = true, _ body: (borrowing Request) -> Void
    ) throws(RefusedRequest) {
        try withRequest(in: payload, methods: MethodTable.names, needsId: needsId, body)
    }
}
