package import WireProtocol

// What the server can be asked, each stated once:
//
//     request ─▶ MethodTable.names ─▶ ServiceMethod.answer = parameters by their declaration ─▶ handler ─▶ the result's value
//
// A handler writes the value of `result` and nothing else: frame, id, `meta` and errors are the transport's. The list that
// `hello` tells, `foretaste call --help`, the counters and the tests of schemas and vectors read the same declarations.
// ARCHITECTURE.md has the recipe for another method.

/// What a client must be allowed to do, where the server asks for keys.
package enum MethodRole: String, Sendable {
    case read, write, admin
}

/// What a request of the method costs, in the order of magnitude: for limits of rates, and for who is shed first.
package enum MethodCost: String, Sendable {
    /// Microseconds, whatever is asked.
    case constant
    /// In proportion to the list that is asked for.
    case list
    /// Scores candidates: the length of a history times that of its items' lists.
    case ranking
    /// Looks at many users.
    case scan
}

/// What else the protocol promises of a method.
package struct MethodTraits: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// May answer with a part of the result where the deadline comes first.
    package static let partial = MethodTraits(rawValue: 1)
    /// Replies leave in the order of their requests, whatever `hello` said.
    package static let ordered = MethodTraits(rawValue: 2)
    /// May be sent without an id, and then has no reply.
    package static let notification = MethodTraits(rawValue: 4)
    /// Is about the connection or the server, and never an element of a batch.
    package static let alone = MethodTraits(rawValue: 8)
    /// Needs no key, where others do.
    package static let keyless = MethodTraits(rawValue: 32)
    /// A browser's token allows it, for its own user: every member `userId` names that user.
    package static let browser = MethodTraits(rawValue: 64)
    /// Its handler reads `ServiceContext.parametersText`.
    package static let readsText = MethodTraits(rawValue: 16)
}

/// One method: its name, what it takes, and what answers it.
package struct ServiceMethod: Sendable {
    package let name: StaticString
    package let role: MethodRole
    package let cost: MethodCost
    package let traits: MethodTraits
    /// One line, for people.
    package let summary: String
    package let parameters: [ParameterDescription]
    let knownMembers: KnownMembers
    private let respond: @Sendable (borrowing Request, ServiceContext, inout JSONWriter) throws(WireError) -> Void

    /// - Parameter handler: writes one JSON value. Where it throws, what it wrote is taken back.
    init<Parameters: MethodParameters>(
        _ name: StaticString, role: MethodRole = .read, cost: MethodCost, traits: MethodTraits = [], _ summary: String,
        _ handler: @escaping @Sendable (Parameters, ServiceContext, inout JSONWriter) throws(WireError) -> Void
    ) {
        self.name = name
        self.role = role
        self.cost = cost
        self.traits = traits
        self.summary = summary
        let descriptions = Parameters.declared.descriptions
        let known = KnownMembers(descriptions)
        self.parameters = descriptions
        knownMembers = known
        respond = { request, context, writer throws(WireError) in
            let parameters = try Parameters.read(request, known) { members throws(WireError) in
                try context.ignore(members)
            }
            context.beginRequest()
            try handler(parameters, context, &writer)
        }
    }

    /// Reads the parameters and writes the value of `result`.
    package func answer(
        _ request: borrowing Request, _ context: ServiceContext, _ writer: inout JSONWriter
    ) throws(WireError) {
        if request.hasUnknownMembers { try context.ignore(request.unknownMembers(of: knownMembers)) }
        try respond(request, context, &writer)
    }
}
