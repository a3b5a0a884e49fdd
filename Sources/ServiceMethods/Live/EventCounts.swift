package import WireProtocol

/// What a reply to `events.put` says, for who sends many.
package struct EventCounts: Sendable {
    package struct Refusal: Sendable {
        /// Among the events of the request.
        package var index = 0
        package var message = ""

        static let declared = ParameterSet<Self>([
            .integer("index", in: 0...LiveMethodLimits.elements) { $0.index = $1 },
            .string("message", maximumBytes: 1 << 16) { $0.message = $1.string },
        ])
    }

    package var stored = 0
    package var duplicates = 0
    package var refused: [Refusal] = []

    private static let result = ParameterSet<Self>([
        .integer("stored", in: 0...LiveMethodLimits.elements) { $0.stored = $1 },
        .integer("duplicates", in: 0...LiveMethodLimits.elements) { $0.duplicates = $1 },
        Parameter("refused", .anyObject) { value, target throws(WireError) in
            var elements = try value.elements(maximumCount: LiveMethodLimits.elements)
            while let element = try elements.next() {
                var refusal = Refusal()
                try Refusal.declared.readAny(try element.object(), into: &refusal)
                target.refused.append(refusal)
            }
        },
    ])

    private static let reply = ParameterSet<Self>([
        Parameter("result", .anyObject, required: "A reply has a result.") { value, target throws(WireError) in
            try Self.result.readAny(try value.object(), into: &target)
        }
    ])

    package init(reply: [UInt8], _ parser: JSONParser) throws(WireError) {
        var counts = Self()
        try LiveDump.members(of: reply, parser) { members throws(WireError) in
            try Self.reply.readAny(members, into: &counts)
        }
        self = counts
    }

    private init() {}
}
