internal import Interactions

/// The spellings of values that events speak of, numbered as they are met.
struct PersonaVocabulary {
    /// One dimension's values, in ascending order of their keys, without those that no event that counts has.
    struct Used {
        var keys: [String] = []
        var texts: [String] = []
        /// Per value the number of one of its spellings.
        var order: [Int32] = []
        /// Per spelling the value's number; -1 for one that is not used.
        var places: [Int32]
    }

    /// Per dimension the spellings as they are met.
    private var spellings: [IdentifierTable]
    /// By dimension, per item of the log; empty for dimensions that are not the items'.
    private(set) var itemValues: [[Int32]]
    private var itemGenders: [Int32]
    private var userGenders: [Int32]
    private var userTiers: [Int32]
    private var rowGenders: [Int32]
    private var rowTiers: [Int32]
    private var rowChannels: [Int32]
    private var searches: [Int32] = []

    private let userIndexes: [Int32]
    private let itemIndexes: [Int32]
    private let channelIndexes: [Int32]
    private let genderIndexes: [Int32]
    private let cityTierIndexes: [Int32]
    let types: [UInt8]

    init(_ log: BehaviourLog, items: PersonaCatalogue, users: PersonaCatalogue) {
        var spellings = PersonaDimension.allCases.map { _ in IdentifierTable() }
        func intern(_ text: String?, _ dimension: PersonaDimension) -> Int32 {
            text.map { spellings[dimension.rawValue].intern($0) } ?? -1
        }
        let itemIds = (0..<log.items.count).map { log.items.id(at: $0) }
        let entries = itemIds.map { items[$0] }
        itemValues = PersonaDimension.allCases.map { dimension in
            guard PersonaDimension.attributes.contains(dimension) else { return [] }
            return entries.map { intern($0?.values[dimension], dimension) }
        }
        for id in itemIds { _ = intern(id, .item) }
        itemGenders = entries.map { intern($0?.gender?.name, .gender) }
        let people = (0..<log.users.count).map { users[log.users.id(at: $0)] }
        userGenders = people.map { intern($0?.gender?.name, .gender) }
        userTiers = people.map { intern($0?.cityTier, .cityTier) }
        rowGenders = log.genders.texts.map { intern(PersonaGender(parsing: $0)?.name, .gender) }
        rowTiers = log.cityTiers.texts.map { intern(PersonaText.cityTier($0), .cityTier) }
        rowChannels = log.channels.texts.map { intern(PersonaText.value($0), .channel) }
        self.spellings = spellings
        userIndexes = log.userIndexes
        itemIndexes = log.itemIndexes
        channelIndexes = log.channelIndexes
        genderIndexes = log.genderIndexes
        cityTierIndexes = log.cityTierIndexes
        types = log.eventTypeIndexes
    }

    /// Numbers every pair of a term and an item.
    mutating func internSearches(of log: BehaviourLog) {
        let terms = log.queries.texts.map(PersonaText.term)
        var known: [UInt64: Int32] = [:]
        searches = log.queryIndexes.indices.map { row in
            let (query, item) = (log.queryIndexes[row], log.itemIndexes[row])
            guard query >= 0, !terms[Int(query)].isEmpty else { return -1 }
            let pair = UInt64(query) << 32 | UInt64(item + 1)
            if let found = known[pair] { return found }
            let id = item < 0 ? "" : log.items.id(at: Int(item))
            let text = terms[Int(query)] + PersonaSeparator.text + id
            let index = spellings[PersonaDimension.search.rawValue].intern(text)
            known[pair] = index
            return index
        }
    }

    /// What the event in that row says of the dimension; -1 where nothing.
    func value(of row: Int, _ dimension: PersonaDimension) -> Int32 {
        let item = Int(itemIndexes[row])
        switch dimension {
        case .item: return itemIndexes[row]
        case .search: return searches[row]
        case .channel: return channelIndexes[row] < 0 ? -1 : rowChannels[Int(channelIndexes[row])]
        case .cityTier:
            let own = cityTierIndexes[row] < 0 ? -1 : rowTiers[Int(cityTierIndexes[row])]
            return own >= 0 ? own : userTiers[Int(userIndexes[row])]
        case .gender:
            let own = genderIndexes[row] < 0 ? -1 : rowGenders[Int(genderIndexes[row])]
            if own >= 0 { return own }
            if item >= 0, itemGenders[item] >= 0 { return itemGenders[item] }
            return userGenders[Int(userIndexes[row])]
        default: return item < 0 ? -1 : itemValues[dimension.rawValue][item]
        }
    }

    /// By `PersonaDimension.rawValue`. Only what an event that counts says is used: a table must not depend on what else
    /// was in the files, or tables could not be added.
    func used(by events: UserEvents) -> [Used] {
        PersonaDimension.allCases.map { dimension in
            let spellings = spellings[dimension.rawValue]
            var isUsed = [Bool](repeating: false, count: spellings.count)
            for row in events.order {
                let value = value(of: Int(row), dimension)
                if value >= 0 { isUsed[Int(value)] = true }
            }
            return Self.used(spellings, isUsed, hasVariants: dimension != .item && dimension != .search)
        }
    }

    private static func used(_ spellings: IdentifierTable, _ isUsed: [Bool], hasVariants: Bool) -> Used {
        var keys = IdentifierTable()
        var keyOfSpelling = [Int32](repeating: -1, count: spellings.count)
        var bestSpelling: [Int32] = []
        for spelling in isUsed.indices where isUsed[spelling] {
            let text = spellings.id(at: spelling)
            let key = keys.intern(hasVariants ? PersonaText.key(text) : text)
            keyOfSpelling[spelling] = key
            if Int(key) == bestSpelling.count {
                bestSpelling.append(Int32(spelling))
            } else if PersonaText.precedes(text, spellings.id(at: Int(bestSpelling[Int(key)]))) {
                bestSpelling[Int(key)] = Int32(spelling)
            }
        }
        let order = keys.ascendingOrder()
        let ranks = IdentifierTable.ranks(of: order)
        return Used(
            keys: order.map { keys.id(at: Int($0)) },
            texts: order.map { spellings.id(at: Int(bestSpelling[Int($0)])) },
            order: order.map { bestSpelling[Int($0)] },
            places: keyOfSpelling.map { $0 < 0 ? -1 : ranks[Int($0)] })
    }
}

extension IdentifierTable {
    fileprivate var texts: [String] { (0..<count).map { id(at: $0) } }
}
