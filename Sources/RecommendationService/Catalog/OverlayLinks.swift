/// Links that the index's rows lack: those of new items, and those of known items to new ones.
struct OverlayLinks: Sendable {
    /// Of one component.
    private struct Component: Sendable {
        /// Per new item, its own list.
        var outgoing: [Int32: [ItemLink]] = [:]
        /// Per item that leads to new ones, these.
        var incoming: [Int32: [ItemLink]] = [:]
        /// Per new item, who leads to it: what is taken back when it changes.
        var sources: [Int32: [ItemNumber]] = [:]
    }

    private var content = Component()
    private var collaborative = Component()

    enum Kind { case content, collaborative }

    private subscript(kind: Kind) -> Component {
        get { kind == .content ? content : collaborative }
        _modify {
            switch kind {
            case .content: yield &content
            case .collaborative: yield &collaborative
            }
        }
    }

    /// Calls `body` with each link of an item's list that the index lacks. O(links).
    @inline(__always)
    func forEachLink(of item: ItemNumber, _ kind: Kind, _ body: (_ item: Int32, _ value: Float) -> Void) {
        switch kind {
        case .content: Self.forEachLink(of: item, content, body)
        case .collaborative: Self.forEachLink(of: item, collaborative, body)
        }
    }

    @inline(__always)
    private static func forEachLink(
        of item: ItemNumber, _ component: Component, _ body: (_ item: Int32, _ value: Float) -> Void
    ) {
        if let links = component.outgoing[item.rawValue] {
            for link in links { body(link.item.rawValue, link.value) }
        }
        if let links = component.incoming[item.rawValue] {
            for link in links { body(link.item.rawValue, link.value) }
        }
    }

    /// Gives a new item its links of one component instead of those it had.
    mutating func set(_ links: NewItem.Links?, of item: ItemNumber, _ kind: Kind) {
        for source in self[kind].sources.removeValue(forKey: item.rawValue) ?? [] {
            self[kind].incoming[source.rawValue]?.removeAll { $0.item == item }
        }
        // What the item leads to by now was given again, or goes.
        self[kind].outgoing[item.rawValue] = links.map { Self.unique($0.outgoing, of: item) }
        for link in links?.outgoing ?? [] { self[kind].incoming[item.rawValue]?.removeAll { $0.item == link.item } }
        let incoming = Self.unique(links?.incoming ?? [], of: item)
        for link in incoming {
            self[kind].outgoing[link.item.rawValue]?.removeAll { $0.item == item }
            self[kind].incoming[link.item.rawValue, default: []].append(ItemLink(item, link.value))
        }
        self[kind].sources[item.rawValue] = incoming.map(\.item)
    }

    /// The last of equal ones, by ascending item; an item does not lead to itself.
    private static func unique(_ links: [ItemLink], of item: ItemNumber) -> [ItemLink] {
        var last: [ItemNumber: Float] = [:]
        for link in links where link.item != item { last[link.item] = link.value }
        return last.map { ItemLink($0.key, $0.value) }.sorted { $0.item.rawValue < $1.item.rawValue }
    }
}
