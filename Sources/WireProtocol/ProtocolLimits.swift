/// Every limit of the protocol. They are part of it: `hello` tells the first group, SPECIFICATION.md lists all.
/// Where no other source is named, the figure comes from the protocol's design brief.
package enum ProtocolLimits {
    package static let protocolVersion = 1

    // Frames and connections.
    /// Payload bytes of a request frame.
    package static let frameBytesIn = 4 << 20
    /// Payload bytes of a reply frame.
    package static let frameBytesOut = 16 << 20
    /// Payload bytes of a request frame on a connection that has yet to authenticate.
    package static let frameBytesBeforeAuthentication = 64 << 10
    /// Requests of one connection that the server works on before it stops reading from it.
    package static let requestsInFlight = 128
    package static let connections = 10_000
    package static let idleSeconds = 300
    package static let unauthenticatedSeconds = 5
    /// Half a frame waits so long for its rest. The largest frame then needs 0.6 Mbit/s.
    package static let partialFrameSeconds = 60
    /// A client that takes nothing of its replies for this long is closed.
    package static let writeStallSeconds = 30
    /// While more than this waits for a client to read, nothing is read from it.
    package static let outputPauseBytes = 1 << 20
    /// Bytes of replies that wait for one client to read.
    package static let outputBufferBytes = 32 << 20

    // Documents.
    /// Objects and arrays inside one another; the request's own object counts.
    package static let depth = 32
    /// Members of one object. The largest message needs some 20 and a catalogue item some 200; finding a repeated name costs
    /// n log n, which with this bound stays near 5 ns a byte (25 ms for the largest frame).
    package static let membersPerObject = 1_024
    /// Values in the objects and arrays of one frame from a client, at any depth: parsing costs by the value, and the largest
    /// request of this version (10,000 ids, 500 recent items with all their members) has 12,600.
    package static let valuesPerFrame = 32_768
    /// Numbers of more than 19 digits and point together in one frame from a client: the parser has no fast way for them, and reading
    /// one takes some 2.5 us (7 us on a busy machine), which with this bound stays near 5 ms.
    package static let longNumbersPerFrame = 1_024
    /// Bytes of all those numbers: each costs 20 ns more.
    package static let longNumberBytesPerFrame = 32_768
    /// Escapes in the strings of one frame from a client: 1.5 MiB of text of which every character is written as `\uXXXX`, which costs
    /// 6 ms; the largest frame has room for eight times as many short ones.
    package static let escapesPerFrame = 262_144

    // Batches.
    package static let batchRequests = 1_000
    /// Rows of a page: they are answered one after the other, while everybody else waits.
    package static let compositeRows = 10
    /// Items that all rows ask for together.
    package static let compositeItems = 500
    /// Items that all rows name together, as recent ones, in sessions and baskets, or as candidates.
    package static let compositeNamedItems = 500
    /// What the answers of a batch may come to; the rest of a frame is for the errors of those that found no room.
    package static let batchResultBytes = frameBytesOut - (4 << 20)

    // Envelope.
    package static let requestIdBytes = 256
    /// The longest method name has 18 bytes.
    package static let methodBytes = 64
    /// Ten minutes: longer than any method runs.
    package static let deadlineMilliseconds = 1...600_000
    /// A request without a deadline that waited so long for its turn is refused: nobody waits for a page that long, and what waits
    /// does not grow for ever.
    package static let queueSeconds = 30
    /// A W3C trace parent of version 00 has 55; later versions may be longer.
    package static let traceparentBytes = 256

    // Parameters.
    package static let identifierBytes = 256
    package static let count = 1...500
    package static let defaultCount = 10
    package static let excludeIds = 10_000
    /// As many as the longest answer; older items of a session add nothing that can be measured.
    package static let recentItems = 500
    package static let recentItemWeight = -1_000_000.0...1_000_000.0
    /// A weight that is nearer to 0 counts as 0: a millionth of what an interaction usually counts, below which only rounding is
    /// left to tell.
    package static let leastRecentItemWeight: Float = 1e-6
    /// Of `segments.predict`: beyond any customer's days, orders and money, and exact in a double.
    package static let amount = 0.0...1e15
    package static let eventTypeBytes = 64
    /// Recommended items times items of the history that one answer explains by `because`: each pair is looked up in the index, at
    /// some 0.4 us. What 20 items cost with the longest history is not reached, and a list of 500 is explained to its end up to a history of 40.
    package static let becausePairs = 20_000
    package static let fields = 64
    package static let fieldNameBytes = 256
    /// Alternatives in one filter of personas; each costs a list of users.
    package static let personaValues = 16
    package static let personaValueBytes = 256
    package static let defaultPersonaCount = 20
    package static let segmentNameBytes = 256
    /// As many as an answer can hold.
    package static let candidates = 500
    /// Each is looked up for every item that a place is offered to.
    package static let propertyLimits = 4
    package static let pinnedItems = 100
    /// A century.
    package static let seenDays = 1...36_500
    package static let members = 1...1_000
    package static let defaultMemberCount = 100
    package static let echoBytes = 1_024
    package static let clientNameBytes = 128
    /// A browser token with the longest filter and user id has 11,400.
    package static let keyBytes = 12_000
}
