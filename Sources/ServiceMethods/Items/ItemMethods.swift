import LiveStore
import WireProtocol

/// One change of an item as it was sent, copied from the request.
struct WireItemChange {
    var change = ItemChange(itemId: "")

    static let members: [Parameter<Self>] = [
        .identifier("itemId", required: "An item has an id (itemId).") { $0.change.itemId = $1.string },
        Parameter("properties", .anyObject) { value, target throws(WireError) in
            target.change.properties = try ItemChange.Property.list(value)
        },
        .string("text", maximumBytes: LiveLimits.textBytes) { $0.change.text = .set($1.string) },
        Parameter("vector", .vector(maximumDimensions: LiveLimits.vectorDimensions)) {
            value, target throws(WireError) in
            target.change.vector = .set(try value.vector(maximumDimensions: LiveLimits.vectorDimensions))
        },
        Parameter("hidden", .boolean(default: false)) { value, target throws(WireError) in
            target.change.isHidden = .set(try value.boolean())
        },
        Parameter("availableFrom", .time) { value, target throws(WireError) in
            target.change.availableFrom = .set(try value.time())
        },
        Parameter("availableUntil", .time) { value, target throws(WireError) in
            target.change.availableUntil = .set(try value.time())
        },
        .precise("stock", in: -1e15...1e15) { $0.change.stock = .set($1) },
    ]

    static let declared = ParameterSet<Self>(members)

    init() {}

    /// Null removes what there is.
    init(_ value: FieldValue) throws(WireError) {
        let members = try value.object()
        for name in members.nullNames() {
            switch name.string {
            case "text": change.text = .remove
            case "vector": change.vector = .remove
            case "hidden": change.isHidden = .remove
            case "availableFrom": change.availableFrom = .remove
            case "availableUntil": change.availableUntil = .remove
            case "stock": change.stock = .remove
            default: continue
            }
        }
        try Self.declared.read(members, into: &self)
    }
}

struct ItemsUpsertParameters: MethodParameters {
    var items = SentElements<ItemChange>()

    static let declared = ParameterSet<Self>([
        Parameter(
            "items", .list(of: .object(WireItemChange.declared.descriptions), maximumCount: LiveMethodLimits.elements),
            required: "Send what is new or changed (items), 1 to 1000 of them."
        ) { value, target throws(WireError) in
            target.items = try SentElements(value) { element throws(WireError) in try WireItemChange(element).change }
        }
    ])

    func check() throws(WireError) {
        guard items.isEmpty else { return }
        throw WireError(.badField, "Send at least one item.", field: "params.items")
    }
}

struct ItemsDeleteParameters: MethodParameters {
    var itemIds: [String] = []

    static let declared = ParameterSet<Self>([
        .identifiers(
            "itemIds", maximumCount: LiveMethodLimits.elements, required: "Name the items (itemIds), 1 to 1000 of them."
        ) { target, ids in target.itemIds = ids.map(\.string) }
    ])

    func check() throws(WireError) {
        guard itemIds.isEmpty else { return }
        throw WireError(.badField, "Name at least one item.", field: "params.itemIds")
    }
}

struct ItemsGetParameters: MethodParameters {
    var itemId = ""

    static let declared = ParameterSet<Self>([
        .identifier("itemId", required: "Name the item (itemId).") { $0.itemId = $1.string }
    ])
}

/// Pages by ascending ids.
struct LivePageParameters: MethodParameters {
    var count = LiveMethodLimits.defaultCount
    var after: String?

    static let declared = ParameterSet<Self>([
        .count(in: LiveMethodLimits.count, default: LiveMethodLimits.defaultCount) { $0.count = $1 },
        .name("cursor", maximumBytes: LiveMethodLimits.cursorBytes) { $0.after = $1.string },
    ])
}

extension ServiceMethod {
    static let itemsUpsert = ServiceMethod(
        "items.upsert", role: .write, cost: .list, "New items, and members of items that change."
    ) { (parameters: ItemsUpsertParameters, context, writer) throws(WireError) in
        let sent = parameters.items
        try context.changing(.upsertItems(sent.elements)) { outcome, writer in
            guard case .elements(let outcomes) = outcome else { return }
            let summary = sent.summary(outcomes)
            writer.beginObject()
            writer.member("stored", summary.storedCount)
            writer.refusals(summary.refused)
            writer.endObject()
        }
    }

    static let itemsDelete = ServiceMethod("items.delete", role: .write, cost: .list, "Items that are gone.") {
        (parameters: ItemsDeleteParameters, context, writer) throws(WireError) in
        try context.changing(.deleteItems(parameters.itemIds)) { outcome, writer in
            guard case .elements(let outcomes) = outcome else { return }
            writer.beginObject()
            writer.member("deleted", outcomes.count)
            writer.endObject()
        }
    }

    static let itemsGet = ServiceMethod(
        "items.get", cost: .constant, "What was said of an item since the index was built."
    ) {
        (parameters: ItemsGetParameters, context, writer) throws(WireError) in
        let found = try context.reading { reader throws(LiveStoreError) in try reader.item(parameters.itemId) }
        guard let item = found else {
            throw WireError(
                .itemNotFound, "Nothing was said of this item since the index was built.", field: "params.itemId")
        }
        writer.liveItem(item)
    }

    static let itemsList = ServiceMethod(
        "items.list", cost: .list, "Items of which something was said since the index was built."
    ) { (parameters: LivePageParameters, context, writer) throws(WireError) in
        let items = try context.reading { reader throws(LiveStoreError) in
            try reader.items(after: parameters.after, limit: parameters.count)
        }
        writer.beginObject()
        writer.key("items")
        writer.beginArray()
        for item in items { writer.liveItem(item) }
        writer.endArray()
        if items.count == parameters.count, let last = items.last { writer.member("cursor", last.itemId) }
        writer.endObject()
    }
}

extension JSONWriter {
    mutating func liveItem(_ item: LiveItem) {
        beginObject()
        liveItemMembers(item, withTimes: true)
        endObject()
    }

    /// - Parameter withTimes: of its last change.
    mutating func liveItemMembers(_ item: LiveItem, withTimes: Bool) {
        member("itemId", item.itemId)
        if withTimes { member("changedTime", Int64?(item.changedTime)) }
        if item.isDeleted {
            key("deleted")
            boolean(true)
        }
        if item.isHidden {
            key("hidden")
            boolean(true)
        }
        properties(item.properties)
        member("text", item.text)
        if let vector = item.vector {
            key("vector")
            beginArray()
            for value in vector { number(value) }
            endArray()
        }
        member("availableFrom", item.availableFrom)
        member("availableUntil", item.availableUntil)
        member("stock", item.stock)
    }
}
