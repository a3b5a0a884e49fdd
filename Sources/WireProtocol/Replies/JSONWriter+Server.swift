/// The server as `hello` and `info` tell it.
package struct ServerSummary: Sendable {
    package var version: String
    package var uptimeSeconds: Int
    package var threads: Int
    package var connections: Int
    package var requestsAnswered: Int
    package var requestsFailed: Int

    package init(
        version: String, uptimeSeconds: Int, threads: Int, connections: Int, requestsAnswered: Int, requestsFailed: Int
    ) {
        self.version = version
        self.uptimeSeconds = uptimeSeconds
        self.threads = threads
        self.connections = connections
        self.requestsAnswered = requestsAnswered
        self.requestsFailed = requestsFailed
    }
}

/// The open index as `hello` and `info` tell it.
package struct IndexSummary: Sendable {
    package var version: String
    package var formatVersion: Int
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var createdAt: Int64
    package var ageSeconds: Int
    package var bytes: Int
    package var users: Int
    package var items: Int
    package var interactions: Int

    package init(
        version: String, formatVersion: Int, createdAt: Int64, ageSeconds: Int, bytes: Int, users: Int, items: Int,
        interactions: Int
    ) {
        self.version = version
        self.formatVersion = formatVersion
        self.createdAt = createdAt
        self.ageSeconds = ageSeconds
        self.bytes = bytes
        self.users = users
        self.items = items
        self.interactions = interactions
    }
}

/// What became of the requests of one method, as `info` tells it.
package struct MethodSummary: Sendable {
    package var name: String
    package var answered: Int
    package var failed: Int
    /// Of those answered, from the last byte of the request to the answer.
    package var p50Microseconds: Int
    package var p99Microseconds: Int

    package init(name: String, answered: Int, failed: Int, p50Microseconds: Int, p99Microseconds: Int) {
        self.name = name
        self.answered = answered
        self.failed = failed
        self.p50Microseconds = p50Microseconds
        self.p99Microseconds = p99Microseconds
    }
}

package enum ServerHealth: Sendable {
    case starting, ready, draining

    var text: StaticString {
        switch self {
        case .starting: "starting"
        case .ready: "ready"
        case .draining: "draining"
        }
    }
}

/// The results of the methods that are about the server, each one value, and the notice of one that stops.
extension JSONWriter {
    package mutating func helloResult(
        serverVersion: String, isOrdered: Bool, isStrict: Bool, methods: some Sequence<StaticString>,
        index: IndexSummary?
    ) {
        beginObject()
        key("protocolVersion")
        integer(ProtocolLimits.protocolVersion)
        key("server")
        beginObject()
        key("name")
        string("foretaste" as StaticString)
        key("version")
        string(serverVersion)
        endObject()
        key("ordered")
        boolean(isOrdered)
        key("strictParams")
        boolean(isStrict)
        limits()
        key("methods")
        beginArray()
        for method in methods { string(method) }
        endArray()
        member(index)
        endObject()
    }

    /// - Parameter frames: whole ones, whose payloads are the results.
    package mutating func batchResult(_ frames: [[UInt8]]) {
        beginObject()
        key("results")
        beginArray()
        for frame in frames {
            unsafe frame.withUnsafeBufferPointer { bytes in
                unsafe json(UnsafeBufferPointer(rebasing: bytes.dropFirst(FrameDecoder.headerBytes)))
            }
        }
        endArray()
        endObject()
    }

    package mutating func cancelResult(wasWaiting: Bool) {
        beginObject()
        key("cancelled")
        boolean(wasWaiting)
        endObject()
    }

    package mutating func drainResult(isDraining: Bool) {
        beginObject()
        key("draining")
        boolean(isDraining)
        endObject()
    }

    package mutating func pingResult(echo: WireString?) {
        beginObject()
        if let echo {
            key("echo")
            unsafe string(echo.bytes)
        }
        endObject()
    }

    /// A whole frame without `id`: the server is about to close the connection.
    package mutating func writeGoingAway() {
        beginFrame()
        beginObject()
        key("method")
        string("server.goingAway" as StaticString)
        endObject()
        let fits = endFrame()
        precondition(fits, "a notice is far below the frame limit")
    }

    package mutating func healthResult(_ health: ServerHealth) {
        beginObject()
        key("status")
        string(health.text)
        key("ready")
        boolean(health == .ready)
        endObject()
    }

    /// Sections follow; `endInfo` ends them.
    package mutating func beginInfo(server: ServerSummary) {
        beginObject()
        key("server")
        beginObject()
        key("name")
        string("foretaste" as StaticString)
        key("version")
        string(server.version)
        member("protocolVersion", ProtocolLimits.protocolVersion)
        member("uptimeSeconds", server.uptimeSeconds)
        member("threads", server.threads)
        member("connections", server.connections)
        member("requestsAnswered", server.requestsAnswered)
        member("requestsFailed", server.requestsFailed)
        endObject()
    }

    package mutating func infoIndex(_ index: IndexSummary?) { member(index) }

    /// A section of numbers; nil: `null`.
    package mutating func infoNumbers(_ name: StaticString, _ numbers: [(name: StaticString, value: Int)]?) {
        key(name)
        guard let numbers else { return null() }
        beginObject()
        for (name, value) in numbers { member(name, value) }
        endObject()
    }

    package mutating func infoMethods(_ methods: [MethodSummary]) {
        key("methods")
        beginArray()
        for method in methods {
            beginObject()
            key("name")
            string(method.name)
            member("answered", method.answered)
            member("failed", method.failed)
            for (name, microseconds) in [("p50Ms", method.p50Microseconds), ("p99Ms", method.p99Microseconds)]
                as [(StaticString, Int)]
            {
                key(name)
                number(Double(microseconds) / 1000)
            }
            endObject()
        }
        endArray()
    }

    package mutating func endInfo() { endObject() }

    private mutating func limits() {
        key("limits")
        beginObject()
        member("frameBytesIn", ProtocolLimits.frameBytesIn)
        member("frameBytesOut", ProtocolLimits.frameBytesOut)
        member("frameBytesBeforeAuthentication", ProtocolLimits.frameBytesBeforeAuthentication)
        member("maxInFlight", ProtocolLimits.requestsInFlight)
        member("idleSeconds", ProtocolLimits.idleSeconds)
        member("outputBufferBytes", ProtocolLimits.outputBufferBytes)
        member("depth", ProtocolLimits.depth)
        member("membersPerObject", ProtocolLimits.membersPerObject)
        member("valuesPerFrame", ProtocolLimits.valuesPerFrame)
        member("longNumbersPerFrame", ProtocolLimits.longNumbersPerFrame)
        member("count", ProtocolLimits.count.upperBound)
        member("excludeIds", ProtocolLimits.excludeIds)
        member("recentItems", ProtocolLimits.recentItems)
        member("batch", ProtocolLimits.batchRequests)
        endObject()
    }

    private mutating func member(_ index: IndexSummary?) {
        key("index")
        guard let index else { return null() }
        beginObject()
        key("version")
        string(index.version)
        member("formatVersion", index.formatVersion)
        member("createdAt", Int(index.createdAt))
        member("ageSeconds", index.ageSeconds)
        member("bytes", index.bytes)
        member("users", index.users)
        member("items", index.items)
        member("interactions", index.interactions)
        endObject()
    }

    private mutating func member(_ name: StaticString, _ value: Int) {
        key(name)
        integer(value)
    }
}
