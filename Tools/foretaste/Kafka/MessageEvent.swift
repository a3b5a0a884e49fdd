import CommandLineInterface
import KafkaTopics
import WireProtocol

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a message of a topic is as an event: the protocol's own JSON, or that of User Behavior Insights (version 1), which is told by its
/// `action_name`.
struct MessageEvent {
    /// What the actions of User Behavior Insights are here; others keep their names, and the server says which it knows.
    private static let actions = [
        "click": "view", "item_click": "view", "item_view": "view", "product_view": "view", "page_view": "view",
        "view": "view",
        "add_to_cart": "cart", "add-to-cart": "cart", "cart": "cart", "purchase": "purchase", "buy": "purchase",
        "checkout": "purchase", "order": "purchase", "search": "search", "on_search": "search", "query": "search",
    ]

    /// As `events.put` takes it.
    let text: [UInt8]

    /// - Parameter id: the event's, where the message has none of its own.
    init(_ message: KafkaMessage, id: String) throws(Fault) {
        guard !message.value.isEmpty else { throw Fault(reason: "a message without a value") }
        guard let probe = Self.decoded(Probe.self, message.value) else { throw Fault(reason: "no JSON object") }
        if probe.actionName != nil {
            text = try Self.ubi(message.value, id: id)
        } else {
            text = Self.own(message.value, probe, id: id)
        }
    }

    struct Fault: Error, Equatable {
        let reason: String
    }

    // MARK: The protocol's own

    private struct Probe: Decodable {
        struct Anything: Decodable {
            init(from decoder: any Decoder) {}
        }

        let eventId: Anything?
        let actionName: String?

        private enum CodingKeys: String, CodingKey {
            case eventId
            case actionName = "action_name"
        }
    }

    /// The text as it came, with an id in front where it has none.
    private static func own(_ bytes: [UInt8], _ probe: Probe, id: String) -> [UInt8] {
        let trimmed = bytes.drop { $0 == UInt8(ascii: " ") || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }
        if probe.eventId != nil { return Array(trimmed) }
        var text: [UInt8] = []
        var writer = JSONWriter(appendingTo: &text)
        writer.beginObject()
        writer.anyKey("eventId")
        writer.string(id)
        writer.endObject()
        writer.finish(into: &text)
        let rest = trimmed.dropFirst().drop { $0 == UInt8(ascii: " ") || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }
        text.removeLast()
        if rest.first != UInt8(ascii: "}") { text.append(UInt8(ascii: ",")) }
        return text + rest
    }

    // MARK: User Behavior Insights

    private struct UBI: Decodable {
        struct Attributes: Decodable {
            struct Object: Decodable {
                let id: Identifier?

                private enum CodingKeys: String, CodingKey {
                    case id = "object_id"
                }
            }

            let object: Object?
        }

        let action: String
        let client: Identifier?
        let session: Identifier?
        let query: Identifier?
        let timestamp: Timestamp?
        let userQuery: String?
        let message: String?
        let attributes: Attributes?

        private enum CodingKeys: String, CodingKey {
            case action = "action_name"
            case client = "client_id"
            case session = "session_id"
            case query = "query_id"
            case timestamp, message
            case userQuery = "user_query"
            case attributes = "event_attributes"
        }
    }

    /// A string, or a whole number as its digits.
    private struct Identifier: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            do {
                text = try container.decode(String.self)
            } catch {
                text = "\(try container.decode(Int64.self))"
            }
        }
    }

    /// RFC 3339, or milliseconds since 1970.
    private enum Timestamp: Decodable {
        case text(String)
        case milliseconds(Int64)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            do {
                self = .milliseconds(try container.decode(Int64.self))
            } catch {
                self = .text(try container.decode(String.self))
            }
        }
    }

    private static func ubi(_ bytes: [UInt8], id: String) throws(Fault) -> [UInt8] {
        guard let event = decoded(UBI.self, bytes) else {
            throw Fault(reason: "an event of User Behavior Insights with a member of another type than its schema's")
        }
        let action = event.action.lowercased()
        let type = actions[action] ?? action
        var text: [UInt8] = []
        var writer = JSONWriter(appendingTo: &text)
        writer.beginObject()
        write("eventId", id, to: &writer)
        write("type", type, to: &writer)
        write("userId", event.client?.text, to: &writer)
        write("sessionId", event.session?.text, to: &writer)
        write("itemId", event.attributes?.object?.id?.text, to: &writer)
        write("query", event.userQuery ?? (type == "search" ? event.message : nil), to: &writer)
        switch event.timestamp {
        case .text(let time)?: write("time", time, to: &writer)
        case .milliseconds(let time)?:
            writer.anyKey("time")
            writer.integer(Int(time))
        case nil: break
        }
        if let query = event.query?.text {
            writer.anyKey("context")
            writer.beginObject()
            write("queryId", query, to: &writer)
            writer.endObject()
        }
        writer.endObject()
        writer.finish(into: &text)
        return text
    }

    /// A member, where there is something to say.
    private static func write(_ name: String, _ value: String?, to writer: inout JSONWriter) {
        guard let value, !value.isEmpty else { return }
        writer.anyKey(name)
        writer.string(value)
    }

    /// nil where the bytes are something else.
    private static func decoded<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) -> Value? {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            // Whoever asks says what it is not: the text goes to the dead letters, where it can be looked at.
            return nil
        }
    }
}
