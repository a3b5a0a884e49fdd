package import Interactions

// Design note. A test session of n items is n - 1 queries: what was seen so far, and the item that came next (Hidasi et al.,
// "Session-based Recommendations with Recurrent Neural Networks", ICLR 2016). As in the published splits of DIGINETICA and
// YooChoose, items that no training session has are taken out of the test sessions. The next item may be in the prefix.

/// Sessions to learn from, and what is asked of those that are held out.
package struct SessionQueries: Sendable {
    package struct Query: Sendable, Equatable {
        /// Oldest first, at least one.
        package let prefix: [String]
        package let next: String

        package init(prefix: [String], next: String) {
            self.prefix = prefix
            self.next = next
        }
    }

    /// Oldest first, as their items.
    package let training: [[String]]
    package let queries: [Query]

    package init(training: [[String]], queries: [Query]) {
        self.training = training
        self.queries = queries
    }

    /// The oldest `trainingShare` of the sessions, given oldest first, train; the others ask. The share is inside 0 and 1.
    package init(dividing sessions: [[String]], trainingShare: Double) {
        precondition(trainingShare > 0 && trainingShare < 1)
        let trainingCount = Int(Double(sessions.count) * trainingShare)
        let training = Array(sessions.prefix(trainingCount))
        let known = Set(training.joined())
        var queries: [Query] = []
        for session in sessions.dropFirst(trainingCount) {
            let items = session.filter { known.contains($0) }
            for place in items.indices.dropFirst() {
                queries.append(Query(prefix: Array(items[..<place]), next: items[place]))
            }
        }
        self.init(training: training, queries: queries)
    }

    /// Reads the layout of the SR-GNN files (Wu et al., AAAI 2019): a session a line, oldest first, its item ids separated
    /// by spaces. Plain or gzip.
    package static func readSessions(_ path: String) throws(ReadError) -> [[String]] {
        var sessions: [[String]] = []
        try LineFile.read(path) { line, _ in sessions.append(items(line)) }
        return sessions
    }

    /// Reads given queries: a line is a prefix, item ids separated by spaces, then a tab and the item that came next.
    package static func readQueries(_ path: String) throws(ReadError) -> [Query] {
        var queries: [Query] = []
        try LineFile.read(path) { line, number throws(ReadError) in
            let parts = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            let prefix = parts.first.map { items($0) } ?? []
            let next = parts.count == 2 ? items(parts[1]) : []
            guard !prefix.isEmpty, next.count == 1 else {
                throw LineFile.bad(
                    path, line: number, expected: "items, a tab and the next item", found: "\(parts.count) part(s)")
            }
            queries.append(Query(prefix: prefix, next: next[0]))
        }
        return queries
    }

    private static func items(_ bytes: ArraySlice<UInt8>) -> [String] {
        bytes.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The training sessions as a log without times, a session and its user alike.
    package var trainingLog: InteractionLog {
        var log = InteractionLog(eventTypes: EventWeights.standard.names, hasTimes: false)
        for (session, items) in training.enumerated() {
            for item in items { log.append(user: "\(session)", item: item, session: Int32(session)) }
        }
        return log
    }
}
