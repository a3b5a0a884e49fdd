package import WireProtocol

// What the server can be asked, each stated once:
//
//     request ─▶ MethodTable.names ─▶ ServiceMethod.answer = parameters by their declaration ─▶ handler ─▶ the result's value
//
// A handler writes the value of `result` and nothing else: frame, id, `meta` and errors are the transport's. The list that
// `hello` tells, `foretaste call --help`, the counters and the tests of schemas and vectors read the same declarations.
// ARCHITECTURE.md has the recipe for another method.

/// What a client must be allowed to do. Version 1 asks nobody.
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
        parameters = Parameters.declared.descriptions
        respond = { request, context, writer throws(WireError) in
            var parameters = Parameters()
            try Parameters.declared.read(request.members, into: &parameters)
            try parameters.check()
            context.beginRequest()
            try handler(parameters, context, &writer)
        }
    }

    /// Reads the parameters and writes the value of `result`.
    package func answer(
        _ request: borrowing Request, _ context: ServiceContext, _ writer: inout JSONWriter
    ) throws(WireError) {
        try respond(request, context, &writer)
    }
}
