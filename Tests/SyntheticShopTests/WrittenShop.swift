import Foundation
import SyntheticShop
import TestSupport

/// A shop read back from its files, by a reader that shares nothing with the writer.
struct WrittenShop: Sendable {
    struct Event: Sendable {
        let user: String
        let item: String
        let kind: String
        let time: Date
        let value: String
        let session: String
        let query: String
    }

    struct Item: Sendable {
        let id: String
        let words: Set<String>
        let brand: String
        let cluster: String
        let circle: Int
        let isBrandNew: Bool
        let isFound: Bool
        let launch: Date
        let memberNames: [String]
        let title: String
        let category1: String
        let category3: String
        let price: Double
        let tags: [String]
    }

    struct User: Sendable {
        let id: String
        let isOneVisit: Bool
        let clusters: [String]
        let circles: [Int]
        let brands: [[String]]
        let startShare: Int
        let endShare: Int
    }

    struct Unreadable: Error {
        let text: String
    }

    let summary: ShopSummary
    let items: [Item]
    let users: [User]
    let userRows: [[String]]
    let events: [Event]
    let eventHeader: [String]
    let plantedUserCount: Int
    let plantedClusters: [String]

    init(_ configuration: ShopConfiguration) throws {
        let folder = try TemporaryDirectory()
        summary = try ShopGenerator.generate(configuration, to: folder.path)
        let records = try Self.records(try folder.text(of: "planted.jsonl"))
        plantedUserCount = try Self.value(records.first?["userCount"])
        plantedClusters = try Self.value(records.first?["clusters"])
        users = try records.filter { $0["kind"] as? String == "user" }.map(Self.user)
        let plantedItems = records.filter { $0["kind"] as? String == "item" }
        let catalogue = try Self.records(try folder.text(of: "items.jsonl"))
        items = try zip(catalogue, plantedItems).map(Self.item)
        userRows = Self.csv(try folder.bytes(of: "users.csv"))
        let rows = Self.csv(try folder.bytes(of: "interactions.csv"))
        eventHeader = try Self.value(rows.first)
        events = try rows.dropFirst().map { row in
            guard row.count == 7 else { throw Unreadable(text: "\(row)") }
            return Event(
                user: row[0], item: row[1], kind: row[2], time: try Self.time(row[3]), value: row[4],
                session: row[5], query: row[6])
        }
    }

    /// One shop for all tests that only look at it.
    static let usual = Result { try WrittenShop(ShopConfiguration(userCount: 600, itemCount: 300, seed: 3)) }

    private static func user(_ record: [String: Any]) throws -> User {
        let tastes: [[String: Any]] = try value(record["tastes"])
        return User(
            id: try value(record["userId"]), isOneVisit: try value(record["oneVisit"]),
            clusters: try tastes.map { try value($0["cluster"]) }, circles: try tastes.map { try value($0["circle"]) },
            brands: try tastes.map { try value($0["brands"]) },
            startShare: try value(record["firstTasteShareAtStart"]), endShare: try value(record["firstTasteShareAtEnd"])
        )
    }

    private static func item(_ item: [String: Any], _ planted: [String: Any]) throws -> Item {
        let id: String = try value(item["itemId"])
        guard planted["itemId"] as? String == id else { throw Unreadable(text: "\(id) is out of order") }
        let text: String = try value(item["title"]) + " " + value(item["description"])
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return Item(
            id: id, words: Set(words), brand: try value(item["brand"]), cluster: try value(planted["cluster"]),
            circle: try value(planted["circle"]), isBrandNew: try value(planted["brandNew"]),
            isFound: try value(planted["found"]), launch: try time(try value(item["launchTime"])),
            memberNames: item.keys.sorted(),
            title: try value(item["title"]), category1: try value(item["category1"]),
            category3: try value(item["category3"]), price: try value(item["price"]), tags: try value(item["tags"]))
    }

    private static func value<Value>(_ found: Any?) throws -> Value {
        guard let value = found as? Value else { throw Unreadable(text: "\(String(describing: found))") }
        return value
    }

    private static func records(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map { line in
            try value(JSONSerialization.jsonObject(with: Data(line.utf8)))
        }
    }

    private static func time(_ text: String) throws -> Date {
        try Date(text, strategy: .iso8601)
    }

    /// RFC 4180.
    static func csv(_ bytes: [UInt8]) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        for byte in bytes {
            switch (byte, isQuoted) {
            case (UInt8(ascii: "\""), _): isQuoted.toggle()
            case (UInt8(ascii: ","), false), (UInt8(ascii: "\n"), false):
                row.append(String(decoding: field, as: UTF8.self))
                field = []
                if byte == UInt8(ascii: "\n") {
                    rows.append(row)
                    row = []
                }
            default: field.append(byte)
            }
        }
        return rows
    }
}
