import AnalyticsArtefacts
import AnalyticsService
import WireProtocol

extension ServiceContext {
    func analyticsDesk() throws(WireError) -> AnalyticsDesk {
        guard let analytics else {
            throw WireError(
                .noAnalytics,
                "This server has no analysis: make one with 'foretaste analyse all' and start the server with --analytics DIR."
            )
        }
        return analytics
    }

    /// One analysis for a whole request.
    func analysis() throws(WireError) -> AnalyticsView { try analyticsDesk().view }

    /// - Parameter what: the document holds, for people.
    func document<Document>(
        _ path: KeyPath<AnalyticsBundle, Document?>, _ what: String, of view: AnalyticsView
    ) throws(WireError) -> Document {
        guard let document = view.bundle[keyPath: path] else { throw .isNotAnalysed(what) }
        return document
    }

    func users(of view: AnalyticsView) throws(WireError) -> UsersDocument {
        try document(\.users, "nothing of single users", of: view)
    }
}

extension WireError {
    static func isNotAnalysed(_ what: String) -> WireError {
        WireError(
            .noAnalytics,
            "This server's analysis has \(what): the events that 'foretaste analyse all' was given say nothing of it.")
    }
}

extension JSONWriter {
    /// What was analysed, for every list of an analysis.
    mutating func analysisMember(_ view: AnalyticsView) {
        let facts = view.bundle.manifest.facts
        key("analysis")
        beginObject()
        member("created", Int64?(facts.created))
        member("from", facts.from)
        member("to", facts.to)
        member("timeZone", facts.timeZone)
        endObject()
    }

    /// Null where nothing is known.
    mutating func numbers(_ name: StaticString, _ values: some Sequence<Double?>) {
        key(name)
        beginArray()
        for value in values {
            if let value { number(value) } else { null() }
        }
        endArray()
    }

    mutating func strings(_ name: StaticString, _ texts: some Sequence<String>) {
        key(name)
        beginArray()
        for text in texts { string(text) }
        endArray()
    }

    mutating func list<Element>(
        _ name: StaticString, _ elements: some Sequence<Element>, _ write: (inout JSONWriter, Element) -> Void
    ) {
        key(name)
        beginArray()
        for element in elements {
            beginObject()
            write(&self, element)
            endObject()
        }
        endArray()
    }
}
