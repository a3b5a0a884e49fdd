import WireProtocol

/// The parameters that belong to one method, or to one object in them. Made once; reading allocates nothing of its own.
struct ParameterSet<Target>: Sendable {
    private let parameters: [Parameter<Target>]
    private let names: NameTable
    /// Places of those that must be there.
    private let required: [Int]

    /// At most 64, each name once.
    init(_ parameters: [Parameter<Target>]) {
        precondition(
            parameters.count <= UInt64.bitWidth && Set(parameters.map { "\($0.name)" }).count == parameters.count)
        self.parameters = parameters
        names = NameTable(parameters.map { "\($0.name)" })
        required = parameters.indices.filter { parameters[$0].requirement != nil }
    }

    var descriptions: [ParameterDescription] { parameters.map(\.description) }

    /// Members that nobody knows are skipped, or `WireError.unknownMember`, as the reader says; `null` is the same as absent. Of
    /// several errors the first in the document is told, and what is missing last.
    func read(_ object: ParameterReader, into target: inout Target) throws(WireError) {
        var reader = object
        var seen: UInt64 = 0
        while let member = reader.next() {
            guard let place = names.number(of: member.name) else {
                try refuseIfKnown(member, reader)
                guard reader.skipsUnknown else { throw .unknownMember }
                continue
            }
            seen |= 1 << UInt64(place)
            try parameters[place].read(reader.field(member, parameters[place].name), &target)
        }
        for place in required where seen & (1 << UInt64(place)) == 0 {
            throw reader.missing(parameters[place].name, parameters[place].requirement ?? "")
        }
    }

    /// The same for what is no request: names of other methods mean nothing there.
    func readAny(_ object: ParameterReader, into target: inout Target) throws(WireError) {
        var reader = object
        var seen: UInt64 = 0
        while let member = reader.next() {
            guard let place = names.number(of: member.name) else { continue }
            seen |= 1 << UInt64(place)
            try parameters[place].read(reader.field(member, parameters[place].name), &target)
        }
        for place in required where seen & (1 << UInt64(place)) == 0 {
            throw reader.missing(parameters[place].name, parameters[place].requirement ?? "")
        }
    }

    /// A name that belongs to another method, or to a later version, and so would be believed to act.
    private func refuseIfKnown(_ member: ParameterReader.Member, _ reader: ParameterReader) throws(WireError) {
        guard let number = MethodTable.knownParameters.number(of: member.name) else { return }
        let name = MethodTable.parameterNames[number]
        throw reader.refusal(
            name,
            ReservedParameters.names.contains(name)
                ? "This member is reserved; protocol version \(ProtocolLimits.protocolVersion) does not offer it. Leave it out."
                : "This member belongs to another method or object and would do nothing here. Leave it out.")
    }
}

/// What a method is told. Values are borrowed from the request.
protocol MethodParameters: SendableMetatype {
    /// The defaults.
    init()
    static var declared: ParameterSet<Self> { get }
    /// Refuses what no single parameter shows.
    func check() throws(WireError)
}

extension MethodParameters {
    func check() throws(WireError) {}

    /// Members that nobody knows cost a second reading; a request without them has one.
    /// - Parameters:
    ///   - known: by what is declared.
    ///   - ignore: is told of them, and may refuse them.
    static func read(
        _ request: borrowing Request, _ known: KnownMembers, ignore: ([IgnoredMember]) throws(WireError) -> Void
    ) throws(WireError) -> Self {
        var parameters = Self()
        do throws(WireError) {
            try declared.read(request.members, into: &parameters)
        } catch {
            guard error.isUnknownMember else { throw error }
            try ignore(request.unknownMembers(of: known))
            parameters = Self()
            try declared.read(request.knownMembers, into: &parameters)
        }
        try parameters.check()
        return parameters
    }
}

/// For methods that take none.
struct NoParameters: MethodParameters {
    static let declared = ParameterSet<Self>([])
}
