import LiveStore
import Telemetry
import WireProtocol

/// When an event counts as taken.
enum Acknowledgement: String, CaseIterable, Sendable {
    /// Once it is on the disk.
    case durable
    /// At once: it is lost where the server dies before it is written.
    case memory
}

/// One event as it was sent, copied from the request.
struct WireEvent {
    var event = UserEvent(type: "")

    static let members: [Parameter<Self>] = [
        .identifier("eventId") { $0.event.eventId = $1.string },
        .name(
            "type", maximumBytes: LiveLimits.typeBytes, required: "Say what happened (type), such as view or purchase."
        ) {
            $0.event.type = $1.string
        },
        .identifier("userId") { $0.event.userId = $1.string },
        .identifier("sessionId") { $0.event.sessionId = $1.string },
        .identifier("itemId") { $0.event.itemId = $1.string },
        .precise("value", in: -1e15...1e15) { $0.event.value = $1 },
        Parameter("time", .time) { value, target throws(WireError) in target.event.time = try value.time() },
        .string("query", maximumBytes: LiveLimits.queryBytes) { $0.event.query = $1.string },
        .string("recommId", maximumBytes: LiveLimits.recommendationIdBytes) { $0.event.recommendationId = $1.string },
        Parameter("context", .anyObject) { value, target throws(WireError) in
            target.event.context = try value.objectText(maximumBytes: LiveLimits.contextBytes)
        },
    ]

    static let declared = ParameterSet<Self>(members)

    init() {}

    init(_ value: FieldValue) throws(WireError) { try Self.declared.read(try value.object(), into: &self) }
}

struct EventsPutParameters: MethodParameters {
    var events = SentElements<UserEvent>()
    var acknowledgement = Acknowledgement.durable

    static let declared = ParameterSet<Self>([
        Parameter(
            "events", .list(of: .object(WireEvent.declared.descriptions), maximumCount: LiveMethodLimits.elements),
            required: "Send what happened (events), 1 to 1000 of them."
        ) { value, target throws(WireError) in
            target.events = try SentElements(value) { element throws(WireError) in try WireEvent(element).event }
        },
        .choice("ack", of: Acknowledgement.self, default: Acknowledgement.durable) { $0.acknowledgement = $1 },
    ])

    func check() throws(WireError) {
        guard events.isEmpty else { return }
        throw WireError(.badField, "Send at least one event.", field: "params.events")
    }
}

extension ServiceMethod {
    static let eventsPut = ServiceMethod(
        "events.put", role: .write, cost: .list, traits: [.notification, .browser],
        "Events that count from the next answer on."
    ) { (parameters: EventsPutParameters, context, writer) throws(WireError) in
        let sent = parameters.events
        guard parameters.acknowledgement == .memory else {
            return try context.changing(.putEvents(sent.elements)) { outcome, writer in
                guard case .elements(let outcomes) = outcome else { return }
                writer.acknowledged(sent.summary(outcomes), .durable)
            }
        }
        let store = try context.liveStore()
        let now = WallClock.milliseconds()
        let outcomes = sent.elements.map { event -> ElementOutcome in
            do throws(RefusedElement) {
                try event.check(now: now)
                return .stored(0)
            } catch {
                return .refused(error)
            }
        }
        do throws(LiveStoreError) {
            try store.submitFromMemory(.putEvents(sent.elements))
        } catch {
            throw WireError(error)
        }
        writer.acknowledged(sent.summary(outcomes), .memory)
    }
}

extension JSONWriter {
    fileprivate mutating func acknowledged(_ summary: ElementsSummary, _ acknowledgement: Acknowledgement) {
        beginObject()
        key("ack")
        string(acknowledgement.rawValue)
        if acknowledgement == .durable {
            member("stored", summary.storedCount)
            member("duplicates", summary.duplicateCount)
        } else {
            member("accepted", summary.storedCount)
        }
        refusals(summary.refused)
        endObject()
    }
}
