package import Interactions
import RecommendationIndex
import ScoringKernels

/// Why an overlay does not take a change.
package enum CatalogOverlayError: Error, Equatable, CustomStringConvertible {
    /// The index has the item already: its properties, scores and availability can be changed.
    case knownItem(id: String)
    case badId(id: String)
    case tooManyItems(limit: Int)
    /// A link, a score or a factor that is no finite number.
    case badNumber(what: String, id: String)
    case wrongFactorCount(expected: Int, found: Int, id: String)
    case unknownItem(number: Int)

    package var description: String {
        switch self {
        case .knownItem(let id): "item \(id): expected an item that the index lacks, found one that it has"
        case .badId(let id): "expected an id of 1 to 256 bytes, found \(id.utf8.count) bytes"
        case .tooManyItems(let limit):
            "expected at most \(limit) items beside the index, found another one: build a new index of them"
        case .badNumber(let what, let id): "item \(id): expected finite \(what), found others"
        case .wrongFactorCount(let expected, let found, let id):
            "item \(id): expected \(expected) factors, as the index has, found \(found)"
        case .unknownItem(let number): "expected the number of an item, found \(number)"
        }
    }
}

/// Makes overlays for one open index from plain values. A change costs what it touches; what an overlay shares with the one
/// before is not copied for it. One thread's.
package struct CatalogOverlayBuilder {
    private let serving: ServingIndex
    private let itemLimit: Int
    private var items: NewItemTable
    private var links = OverlayLinks()
    private var properties: OverlayProperties {
        didSet { columns = nil }
    }
    /// Of `properties`, while they are those of the last snapshot.
    private var columns: ChangedColumns?
    private var hidden: Set<ItemNumber> = []
    private var availability = AvailabilityWindows()
    private var rankings = OverlayRankings()
    private var erased: ErasedUsers

    /// - Parameter itemLimit: at most `CatalogOverlay.itemLimit`.
    package init(_ serving: ServingIndex, itemLimit: Int = CatalogOverlay.itemLimit) {
        precondition(itemLimit <= CatalogOverlay.itemLimit)
        self.serving = serving
        self.itemLimit = itemLimit
        items = NewItemTable(firstNumber: serving.index.itemCount)
        properties = OverlayProperties(indexNames: serving.index.properties.names)
        erased = ErasedUsers(segmentCount: serving.segments?.names.count ?? 0)
    }

    /// The number of an item of the index, or of one that was added.
    package func item(_ id: String) -> ItemNumber? {
        if let index = serving.index.items.index(of: id) { return ItemNumber(index) }
        var id = id
        return id.withUTF8 { bytes in unsafe items.item(bytes) }
    }

    /// Adds a new item, or gives one that was added what it is by now. Its number stays.
    /// - Throws: Where it does, nothing has changed.
    @discardableResult
    package mutating func put(_ item: NewItem) throws(CatalogOverlayError) -> ItemNumber {
        guard serving.index.items.index(of: item.id) == nil else { throw .knownItem(id: item.id) }
        try check(item)
        let number: ItemNumber
        if let known = self.item(item.id) {
            number = known
            items.set(item, number)
        } else {
            guard items.count < itemLimit else { throw .tooManyItems(limit: itemLimit) }
            number = items.append(item, precedingCount: serving.index.items.precedingCount(of: item.id))
        }
        links.set(item.content, of: number, .content)
        links.set(item.collaborative, of: number, .collaborative)
        properties.set(item.properties, of: number)
        availability.set(number, item.availability)
        setScores(item.scores, of: number)
        return number
    }

    private func check(_ item: NewItem) throws(CatalogOverlayError) {
        guard IndexFormat.idByteCounts.contains(item.id.utf8.count) else { throw .badId(id: item.id) }
        for links in [item.content, item.collaborative].compactMap({ $0 }) {
            for link in links.outgoing + links.incoming {
                try check(link.item)
                guard link.value.isFinite else { throw .badNumber(what: "links", id: item.id) }
            }
        }
        let scores = item.scores
        for score in [scores.fallback, scores.popular, scores.trending, scores.recent]
        where !(score >= 0 && score.isFinite) {
            throw .badNumber(what: "scores from 0", id: item.id)
        }
        if let factors = item.factors {
            let expected = serving.index.factorModel?.dimension ?? 0
            guard factors.count == expected else {
                throw .wrongFactorCount(expected: expected, found: factors.count, id: item.id)
            }
            guard factors.allSatisfy(\.isFinite) else { throw .badNumber(what: "factors", id: item.id) }
        }
    }

    private func check(_ item: ItemNumber) throws(CatalogOverlayError) {
        guard item.rawValue >= 0, item.index < items.firstNumber + items.count else {
            throw .unknownItem(number: item.index)
        }
    }

    private mutating func setScores(_ scores: NewItem.Scores, of item: ItemNumber) {
        set(item, scores.fallback, in: .fallback)
        set(item, scores.popular, in: .everybodys(.popular))
        set(item, scores.trending, in: .everybodys(.trending))
        set(item, scores.recent, in: .everybodys(.recent))
    }

    private mutating func set(_ item: ItemNumber, _ score: Float?, in list: RankedList) {
        let order = IdOrder(serving, items)
        rankings.set(item.rawValue, score, in: list, precedes: order.precedes)
    }

    /// All properties that an item has by now, instead of those that it had.
    package mutating func setProperties(_ properties: [Item.Property], of item: ItemNumber) throws(CatalogOverlayError)
    {
        try check(item)
        self.properties.set(properties, of: item)
    }

    /// When an item may be shown. It counts in histories all the same.
    package mutating func setAvailability(_ availability: Availability, of item: ItemNumber) throws(CatalogOverlayError)
    {
        try check(item)
        self.availability.set(item, availability)
        if item.index >= items.firstNumber {
            items.setHidden(availability.isHidden, item)
        } else if availability.isHidden {
            hidden.insert(item)
        } else {
            hidden.remove(item)
        }
    }

    /// What an item scores in a list by now.
    /// - Parameter score: finite and from 0; nil: as the index says, which lists nothing of a new item.
    package mutating func setScore(
        _ score: Float?, of item: ItemNumber, in list: RankedList
    ) throws(CatalogOverlayError) {
        try check(item)
        guard score.map({ $0 >= 0 && $0.isFinite }) ?? true else {
            throw .badNumber(what: "scores from 0", id: "\(item.index)")
        }
        set(item, score, in: list)
    }

    /// What items of the index score in a list by now, instead of all that was said of that list before; the scores of new items
    /// stay, where they are not among these.
    /// - Parameter scores: finite and from 0; of an item's scores the last one counts.
    package mutating func replaceScores(
        in list: RankedList, by scores: [(item: ItemNumber, score: Float)]
    ) throws(CatalogOverlayError) {
        for (item, score) in scores {
            try check(item)
            guard score >= 0 && score.isFinite else { throw .badNumber(what: "scores from 0", id: "\(item.index)") }
        }
        let order = IdOrder(serving, items)
        let firstNumber = items.firstNumber
        rankings.replace(
            list, by: scores.map { ($0.item.rawValue, $0.score) }, keeping: { $0 >= firstNumber },
            precedes: order.precedes)
    }

    /// Forgets a person. What they do from now on counts.
    package mutating func erase(userId: String) {
        let user = serving.index.users.index(of: userId).map { UserNumber($0) }
        let member = serving.segments.flatMap { segments in
            segments.member(userId).map { (number: $0, segment: segments.segment(ofMember: $0)) }
        }
        erased.insert(userId, user: user, member: member)
    }

    /// What has changed so far.
    package mutating func snapshot() -> CatalogOverlay {
        items.rankItems()
        rankings.makeFallbackScores(of: serving, capacity: serving.workspaceCapacity)
        if columns == nil, !properties.isEmpty {
            let items = items
            columns = ChangedColumns(properties, id: { IdOrder(serving, items).string($0) }, serving)
        }
        return CatalogOverlay(
            indexVersion: serving.index.version, items: items, links: links, properties: properties, columns: columns,
            hidden: hidden,
            availability: availability, rankings: rankings, erased: erased)
    }
}

/// The order of ids, new ones among the index's. O(log items) where a new one is asked about.
private struct IdOrder {
    private let serving: ServingIndex
    private let items: NewItemTable

    init(_ serving: ServingIndex, _ items: NewItemTable) {
        self.serving = serving
        self.items = items
    }

    func precedes(_ left: Int32, _ right: Int32) -> Bool {
        if left < items.firstNumber && right < items.firstNumber { return serving.precedes(left, right) }
        return unsafe StringTable.compare(id(left), id(right)) < 0
    }

    func string(_ item: ItemNumber) -> String { unsafe String(decoding: id(item.rawValue), as: UTF8.self) }

    private func id(_ item: Int32) -> UnsafeBufferPointer<UInt8> {
        unsafe item < items.firstNumber ? serving.index.items.bytes(at: Int(item)) : items.id(ofItem: ItemNumber(item))
    }
}
