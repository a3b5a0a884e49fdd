import LiveStore
package import WireProtocol

/// What `info` can tell beside what the server is.
enum InfoSection: String, CaseIterable, Sendable {
    case server, index, memory, live, clients, methods
}

/// `info`.
struct InfoParameters: MethodParameters {
    var sections = InfoSection.allCases

    static let declared = ParameterSet<Self>([
        .choices("sections", of: InfoSection.self, maximumCount: 16) { $0.sections = $1 }
    ])
}

extension ServiceMethod {
    static let info = ServiceMethod("info", cost: .list, "The server, its index, and what it does, in sections.") {
        (parameters: InfoParameters, context, writer) throws(WireError) in
        let sections = parameters.sections
        let facts = context.facts()
        // Of methods that nobody asks for nothing is added up.
        let figures = context.figures?(sections.contains(.methods))
        writer.beginInfo(
            server: ServerSummary(
                version: ServiceContext.serverVersion, uptimeSeconds: facts.uptimeSeconds, threads: facts.threadCount,
                connections: facts.connectionCount, requestsAnswered: facts.answeredCount,
                requestsFailed: facts.failedCount))
        if sections.contains(.index) { writer.infoIndex(context.indexSummary.atNow) }
        if sections.contains(.live) { writer.infoNumbers("live", try context.liveNumbers()) }
        if let figures {
            if sections.contains(.memory) { writer.infoNumbers("memory", figures.memory) }
            if sections.contains(.clients) { writer.infoNumbers("clients", figures.clients) }
            if sections.contains(.methods) { writer.infoMethods(figures.methods) }
        }
        writer.endInfo()
    }
}

/// What the whole server does, as `info` tells it.
package struct ServerFigures: Sendable {
    /// Bytes by what they are.
    package var memory: [(name: StaticString, value: Int)]
    package var clients: [(name: StaticString, value: Int)]
    /// Those that were asked for.
    package var methods: [MethodSummary]

    package init(
        memory: [(name: StaticString, value: Int)], clients: [(name: StaticString, value: Int)],
        methods: [MethodSummary]
    ) {
        self.memory = memory
        self.clients = clients
        self.methods = methods
    }
}

extension ServiceContext {
    /// Nil where the server takes no live data.
    fileprivate func liveNumbers() throws(WireError) -> [(name: StaticString, value: Int)]? {
        guard let live else { return nil }
        let found: LiveStoreStatistics
        do throws(LiveStoreError) { found = try live.statistics() } catch { throw WireError(error) }
        return [
            ("events", found.eventCount), ("items", found.itemCount), ("users", found.userCount),
            ("merges", found.mergeCount), ("erasures", found.erasureCount), ("fileBytes", found.fileByteCount),
            ("mapBytes", found.mapByteCount), ("waiting", found.waitingCount), ("lagMs", found.lagMilliseconds),
            ("dropped", found.droppedCount),
        ]
    }
}
