import AnalyticsArtefacts
import AnalyticsService
import RecommendationService
import WireProtocol

enum AnomalyState: String, CaseIterable, Sendable {
    case open, acknowledged, all

    fileprivate func holds(isAcknowledged: Bool) -> Bool { self == .all || isAcknowledged == (self == .acknowledged) }
}

/// `anomalies.list`. Borrowed: valid while the request is lent.
struct AnomaliesListParameters: MethodParameters {
    var count = AnalyticsLimits.defaultAnomalies
    var after: WireString?
    var state = AnomalyState.all
    var indicator: WireString?
    /// Nil: by day and by week.
    var unit: TrendUnit?
    /// Nil: all.
    var days: Int?

    static let declared = ParameterSet<Self>([
        .count(in: ProtocolLimits.members, default: AnalyticsLimits.defaultAnomalies) { $0.count = $1 },
        .name("after", maximumBytes: AnalyticsLimits.anomalyBytes) { $0.after = $1 },
        .choice("state", of: AnomalyState.self, default: .all) { $0.state = $1 },
        .name("indicator", maximumBytes: AnalyticsLimits.nameBytes) { $0.indicator = $1 },
        .choice("unit", of: TrendUnit.self) { $0.unit = $1 },
        .integer("days", in: AnalyticsLimits.days) { $0.days = $1 },
    ])
}

/// `anomalies.visitors`. Borrowed: valid while the request is lent.
struct AnomaliesVisitorsParameters: MethodParameters {
    var count = AnalyticsLimits.defaultAnomalies
    var after: WireString?
    var state = AnomalyState.all

    static let declared = ParameterSet<Self>([
        .count(in: ProtocolLimits.members, default: AnalyticsLimits.defaultAnomalies) { $0.count = $1 },
        .name("after", maximumBytes: AnalyticsLimits.anomalyBytes) { $0.after = $1 },
        .choice("state", of: AnomalyState.self, default: .all) { $0.state = $1 },
    ])
}

/// `anomalies.acknowledge`.
struct AnomaliesAcknowledgeParameters: MethodParameters {
    var anomalyId = ""
    var note: String?
    var isOpened = false

    static let declared = ParameterSet<Self>([
        .name(
            "anomalyId", maximumBytes: AnalyticsLimits.anomalyBytes,
            required: "Name the anomaly (anomalyId), as anomalies.list tells it."
        ) { $0.anomalyId = $1.string },
        .string("note", maximumBytes: AnalyticsLimits.noteBytes) { $0.note = $1.string },
        .boolean("reopen", default: false) { $0.isOpened = $1 },
    ])

    func check() throws(WireError) {
        if isOpened && note != nil {
            throw WireError(.badField, "What is opened again has no note: leave it out.", field: "params.note")
        }
    }
}

extension ServiceMethod {
    static let anomaliesList = ServiceMethod(
        "anomalies.list", cost: .scan, "What was unusual by day and week, newest first."
    ) { (parameters: AnomaliesListParameters, context, writer) throws(WireError) in
        let desk = try context.analyticsDesk()
        let (view, states) = (desk.view, desk.states)
        let anomalies = try context.document(\.anomalies, "no anomalies", of: view).anomalies
        let start = try AnomalyPage.start(parameters.after, view.anomaly)
        let (indicator, unit) = (parameters.indicator?.string, parameters.unit?.rawValue)
        let earliest = parameters.days.flatMap { CivilDay(view.bundle.manifest.facts.to)?.advanced(by: 1 - $0) }
        writer.beginObject()
        writer.analysisMember(view)
        writer.page("anomalies", anomalies[start...], count: parameters.count, \.id) { one in
            parameters.state.holds(isAcknowledged: states.acknowledgement(of: one.id) != nil)
                && (indicator ?? one.indicator) == one.indicator && (unit ?? one.period) == one.period
                && CivilDay.isWithin(one.at, one.period, since: earliest)
        } write: { writer, one in
            writer.anomaly(one, states)
        }
        writer.endObject()
    }

    static let anomaliesVisitors = ServiceMethod(
        "anomalies.visitors", cost: .scan, "Users and visits that are unlike the others: bots, scrapers, tests."
    ) { (parameters: AnomaliesVisitorsParameters, context, writer) throws(WireError) in
        let desk = try context.analyticsDesk()
        let (view, states) = (desk.view, desk.states)
        let visitors = try context.document(\.anomalies, "no unusual visitors", of: view).visitors
        let start = try AnomalyPage.start(parameters.after, view.visitor)
        writer.beginObject()
        writer.analysisMember(view)
        writer.page("visitors", visitors[start...], count: parameters.count, \.id) { one in
            parameters.state.holds(isAcknowledged: states.acknowledgement(of: one.id) != nil)
                && !context.view.isErased(one.user)
        } write: { writer, one in
            writer.visitor(one, states)
        }
        writer.endObject()
    }

    static let anomaliesAcknowledge = ServiceMethod(
        "anomalies.acknowledge", role: .write, cost: .constant, "Somebody knows of an anomaly, or it is open again."
    ) { (parameters: AnomaliesAcknowledgeParameters, context, writer) throws(WireError) in
        let desk = try context.analyticsDesk()
        let view = desk.view
        let id = parameters.anomalyId
        guard view.anomaly(id) != nil || view.visitor(id) != nil else {
            throw WireError(
                .anomalyNotFound, "The analysis has no such anomaly; anomalies.list and anomalies.visitors have them.",
                field: "params.anomalyId")
        }
        let ticket = try context.putOff()
        let version = context.indexVersion
        let acknowledgement: (time: Int64, note: String?)? =
            parameters.isOpened ? nil : (time: context.now(), note: parameters.note)
        desk.set(id, acknowledgement) { outcome in
            switch outcome {
            case .success(let kept):
                _ = ticket.answer(indexVersion: version) { writer in
                    writer.beginObject()
                    writer.member("anomalyId", id)
                    writer.stateMembers(kept)
                    writer.endObject()
                }
            case .failure(let error):
                _ = ticket.fail(
                    WireError(
                        error.code == .tooLarge ? .badField : .storeUnavailable,
                        error.code == .tooLarge
                            ? "There is no room for another acknowledgement: open some again that are over."
                            : "The server cannot keep this now: nothing has changed. The server's log says more; send it again later."
                    ))
            }
        }
    }
}

private enum AnomalyPage {
    static func start(_ after: WireString?, _ place: (String) -> Int?) throws(WireError) -> Int {
        guard let after else { return 0 }
        guard let place = place(after.string) else { throw .isNoPage }
        return place + 1
    }
}

extension WireError {
    static var isNoPage: WireError {
        WireError(
            .badField, "Nothing in this list has this id: send the next of the page before, or begin anew.",
            field: "params.after")
    }
}

extension JSONWriter {
    /// Those that hold, as many as are wanted, and where the next page begins.
    mutating func page<Element>(
        _ name: StaticString, _ elements: ArraySlice<Element>, count: Int, _ id: (Element) -> String,
        where holds: (Element) -> Bool, write: (inout JSONWriter, Element) -> Void
    ) {
        var (written, hasMore) = (0, false)
        var last = ""
        key(name)
        beginArray()
        for element in elements where holds(element) {
            guard written < count else {
                hasMore = true
                break
            }
            beginObject()
            write(&self, element)
            endObject()
            last = id(element)
            written += 1
        }
        endArray()
        if hasMore { member("next", last) }
    }

    mutating func anomaly(_ one: AnomaliesDocument.Anomaly, _ states: AnomalyStates) {
        member("anomalyId", one.id)
        member("unit", one.period)
        member("period", one.at)
        member("indicator", one.indicator)
        member("kind", one.kind)
        member("direction", one.direction)
        member("value", Double?(one.value))
        member("expected", Double?(one.expected))
        member("lower", Double?(one.lower))
        member("upper", Double?(one.upper))
        member("deviations", Double?(one.deviations))
        member("score", Double?(one.score))
        list("contributions", one.contributions) { writer, part in
            writer.member("dimension", part.dimension)
            writer.member("group", part.group)
            writer.member("value", Double?(part.value))
            writer.member("expected", Double?(part.expected))
            writer.member("share", Double?(part.share))
        }
        stateMembers(states.acknowledgement(of: one.id))
    }

    mutating func visitor(_ one: AnomaliesDocument.Visitor, _ states: AnomalyStates) {
        member("anomalyId", one.id)
        member("userId", one.user)
        member("start", one.start)
        member("events", one.events)
        member("score", Double?(one.score))
        list("reasons", one.reasons) { writer, reason in
            writer.member("feature", reason.feature)
            writer.member("value", Double?(reason.value))
            writer.member("usual", Double?(reason.usual))
            writer.member("percentile", Double?(reason.percentile))
        }
        stateMembers(states.acknowledgement(of: one.id))
    }

    mutating func stateMembers(_ acknowledgement: AnomalyStates.Acknowledgement?) {
        key("state")
        string((acknowledgement == nil ? "open" : "acknowledged") as StaticString)
        member("acknowledgedTime", acknowledgement?.time)
        member("note", acknowledgement?.note)
    }
}
