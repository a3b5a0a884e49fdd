internal import ScoringKernels

// The file of one version: an LMDB file whose values are sections.
//
//     key    section name "/" block number, four digits: "items.vectors/0000"
//     value   0  magic u32 | 4 format version u16 | 6 element type u16
//             8  first row u64 | 16 row count u64 | 24 column count u64 | 32 payload byte count u64
//            40  checksum of the payload u64
//            48  payload, then zeros up to the length that LMDB stores outside its tree
//
// A long value starts 16 bytes after a page boundary, so 48 bytes of header align the payload to a cache line.
// All numbers are little-endian. A table too long for one value is cut into blocks between rows; block k + 1 starts
// at the row after the last one of block k. Rows of different lengths come as `rowCount + 1` offsets, counted in
// elements from the start of the block, and one value per component (columns and values, say) with the same cuts.
//
// The section "manifest" is written last and lists every other section with the fields of its header. Its checksum is
// tested at every open, so a header that agrees with the manifest can be trusted; the payloads' checksums are tested
// by `verify`. The key of the manifest, the first eight bytes of its header and nothing else are the same in every
// format version, past and to come.
//
// Items are numbered as the contents say, the most popular first, so that what is often read together lies together.
// `items.ranks` tells each number's place among the ids in their bytes' order, `items.numbers` the other way round; of
// equal scores the lower rank comes first. All other sections of items, and all indexes of items in others, go by number.
//
// A row of `items.neighbours.words` has both components' neighbours of an item, or nothing where it has none:
//
//     0 unit of the collaborative values, float32 | 1 that of the content's | 2 count of collaborative postings u32
//     3 collaborative postings, strongest first, then the content's: see `PostingFormat`
//
// Factors of items are whole numbers from -127 to 127, `factors.items`, in units of the row's `factors.scales`.
//
// Sections are required, or belong to a part that an index may lack (`OptionalPart`): a part is there with all of its
// sections or with none. A program that does not know a part refuses the file; it never reads it wrongly.

#if _endian(big)
    #error("The file format is little-endian")
#endif

package enum IndexFormat {
    /// Raised by every change that an older reader would misread.
    package static let version: UInt16 = 3
    /// "FTSX" in ASCII.
    static let magic: UInt32 = 0x5853_5446
    static let headerByteCount = 48
    static let payloadAlignment = 64
    /// LMDB's page header, which precedes a long value.
    static let pageHeaderByteCount = 16
    /// A block is held in memory while it is written, and LMDB's limit is 4 GiB: 1 GiB is far from both troubles and
    /// still one block for 268 million stored matrix values.
    package static let defaultBlockByteLimit = 1 << 30
    /// What a posting can name. Per-item numbers of four bytes then fit into one block.
    package static let maximumItemCount = PostingFormat.maximumItemCount
    /// User indexes are Int32.
    package static let maximumUserCount = Int(Int32.max)
    /// Session indexes are Int32.
    static let maximumSessionCount = Int(Int32.max)
    /// PRODUCT.md section 2.
    package static let idByteCounts = 1...256
    /// The names' indexes are stored in two bytes.
    static let maximumPropertyNameCount = 1 << 16
    static let versionFileExtension = ".lmdb"
}

enum ElementType: UInt16, Sendable {
    case byte = 1
    case int32, uint32, int64, uint64, float32, float64

    var byteCount: Int {
        switch self {
        case .byte: 1
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        }
    }
}

/// How a section's payload length follows from its rows and columns.
enum SectionLayout: Sendable {
    /// `rowCount + 1` offsets.
    case offsets
    /// As many elements as the offsets of the same block say.
    case ragged
    /// `rowCount * columnCount` elements.
    case dense
}

/// What an index may lack.
enum OptionalPart: Sendable, CaseIterable {
    /// What recommendations for a session without a user need.
    case sessionModel
    /// Factors of the items, where the collaborative component scores by them.
    case factorModel
    /// The users of each item, where the collaborative component compares users.
    case usersOfItems
    /// Users in segments.
    case segments

    var sections: [SectionName] { SectionName.allCases.filter { $0.optionalPart == self } }
}

enum SectionName: String, Sendable, CaseIterable {
    case manifest
    case itemIdOffsets = "items.ids.offsets"
    case itemIdBytes = "items.ids.bytes"
    case itemRanks = "items.ranks"
    case itemNumbers = "items.numbers"
    case userIdOffsets = "users.ids.offsets"
    case userIdBytes = "users.ids.bytes"
    case propertyNameOffsets = "properties.names.offsets"
    case propertyNameBytes = "properties.names.bytes"
    case propertyOffsets = "items.properties.offsets"
    case propertyRecords = "items.properties.records"
    case neighbourOffsets = "items.neighbours.offsets"
    case neighbourWords = "items.neighbours.words"
    case neighbourCounts = "items.neighbours.counts"
    case contentKnown = "items.contentKnown"
    case vectors = "items.vectors"
    case historyOffsets = "users.histories.offsets"
    case historyItems = "users.histories.items"
    case historySums = "users.histories.sums"
    case historyTimes = "users.histories.times"
    case interactionCounts = "items.interactionCounts"
    case popularity = "items.popularity"
    case trending = "items.trending"
    case recentPopularity = "items.recentPopularity"
    case fallback = "items.fallback"
    case popularityOrder = "items.popularity.order"
    case trendingOrder = "items.trending.order"
    case recentPopularityOrder = "items.recentPopularity.order"
    case fallbackOrder = "items.fallback.order"
    case sessionOffsets = "sessions.offsets"
    case sessionItems = "sessions.items"
    case itemSessionOffsets = "sessions.ofItems.offsets"
    case itemSessions = "sessions.ofItems.sessions"
    case sessionItemWeights = "sessions.itemWeights"
    case ruleOffsets = "sessions.rules.offsets"
    case ruleColumns = "sessions.rules.columns"
    case ruleValues = "sessions.rules.values"
    case factorItems = "factors.items"
    case factorScales = "factors.scales"
    case factorGram = "factors.gram"
    case factorConstants = "factors.constants"
    case itemUserOffsets = "users.ofItems.offsets"
    case itemUsers = "users.ofItems.users"
    case segmentNameOffsets = "segments.names.offsets"
    case segmentNameBytes = "segments.names.bytes"
    case segmentMemberOffsets = "segments.members.offsets"
    case segmentMemberBytes = "segments.members.bytes"
    case segmentOfMembers = "segments.ofMembers"
    case segmentListOffsets = "segments.lists.offsets"
    case segmentListItems = "segments.lists.items"
    case segmentListScores = "segments.lists.scores"
    case segmentPeriods = "segments.periods"
    case segmentActivity = "segments.activity"
    case segmentModel = "segments.model"
    case segmentValues = "segments.values"

    /// The part that the section belongs to; nil where every index has it.
    var optionalPart: OptionalPart? {
        switch self {
        case .sessionOffsets, .sessionItems, .itemSessionOffsets, .itemSessions, .sessionItemWeights, .ruleOffsets,
            .ruleColumns, .ruleValues:
            .sessionModel
        case .factorItems, .factorScales, .factorGram, .factorConstants: .factorModel
        case .itemUserOffsets, .itemUsers: .usersOfItems
        case .segmentNameOffsets, .segmentNameBytes, .segmentMemberOffsets, .segmentMemberBytes, .segmentOfMembers,
            .segmentListOffsets, .segmentListItems, .segmentListScores, .segmentPeriods, .segmentActivity,
            .segmentModel, .segmentValues:
            .segments
        default: nil
        }
    }

    var elementType: ElementType {
        switch self {
        case .manifest, .itemIdBytes, .userIdBytes, .propertyNameBytes, .propertyRecords, .segmentNameBytes,
            .segmentMemberBytes, .contentKnown, .factorItems:
            .byte
        case .itemIdOffsets, .userIdOffsets, .propertyNameOffsets, .propertyOffsets, .neighbourOffsets,
            .neighbourCounts, .historyOffsets, .sessionOffsets, .itemSessionOffsets, .ruleOffsets, .itemUserOffsets,
            .segmentNameOffsets, .segmentMemberOffsets, .segmentListOffsets:
            .uint64
        case .historyItems, .sessionItems, .itemSessions, .ruleColumns, .itemUsers, .segmentOfMembers,
            .segmentListItems, .popularityOrder, .trendingOrder, .recentPopularityOrder, .fallbackOrder:
            .int32
        case .vectors, .historySums, .popularity, .trending, .recentPopularity, .fallback, .sessionItemWeights,
            .ruleValues, .factorScales, .factorGram, .factorConstants, .segmentListScores:
            .float32
        case .historyTimes, .segmentPeriods: .int64
        case .itemRanks, .itemNumbers, .neighbourWords, .interactionCounts, .segmentActivity: .uint32
        case .segmentModel, .segmentValues: .float64
        }
    }

    var layout: SectionLayout {
        switch self {
        case .itemIdOffsets, .userIdOffsets, .propertyNameOffsets, .propertyOffsets, .neighbourOffsets,
            .historyOffsets, .sessionOffsets, .itemSessionOffsets, .ruleOffsets, .itemUserOffsets,
            .segmentNameOffsets, .segmentMemberOffsets, .segmentListOffsets:
            .offsets
        case .manifest, .vectors, .itemRanks, .itemNumbers, .neighbourCounts, .contentKnown, .interactionCounts,
            .popularity, .trending, .recentPopularity, .fallback, .popularityOrder, .trendingOrder,
            .recentPopularityOrder, .fallbackOrder, .sessionItemWeights, .factorItems, .factorScales, .factorGram,
            .factorConstants, .segmentOfMembers, .segmentPeriods, .segmentActivity, .segmentModel, .segmentValues:
            .dense
        default: .ragged
        }
    }

    /// The key of a block; block numbers are far below 10,000 for any file a disk can hold.
    func key(block: Int) -> String {
        let digits = String(block)
        return rawValue + "/" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}

/// The fields of a block's header, as the manifest repeats them.
package struct SectionRecord: Sendable, Equatable {
    let name: SectionName
    let block: Int
    let firstRow: Int
    let rowCount: Int
    let columnCount: Int
    let payloadByteCount: Int
    let checksum: UInt64

    var key: String { name.key(block: block) }

    func writeHeader(to room: UnsafeMutableRawBufferPointer) {
        unsafe room.storeBytes(of: IndexFormat.magic, toByteOffset: 0, as: UInt32.self)
        unsafe room.storeBytes(of: IndexFormat.version, toByteOffset: 4, as: UInt16.self)
        unsafe room.storeBytes(of: name.elementType.rawValue, toByteOffset: 6, as: UInt16.self)
        unsafe room.storeBytes(of: UInt64(firstRow), toByteOffset: 8, as: UInt64.self)
        unsafe room.storeBytes(of: UInt64(rowCount), toByteOffset: 16, as: UInt64.self)
        unsafe room.storeBytes(of: UInt64(columnCount), toByteOffset: 24, as: UInt64.self)
        unsafe room.storeBytes(of: UInt64(payloadByteCount), toByteOffset: 32, as: UInt64.self)
        unsafe room.storeBytes(of: checksum, toByteOffset: 40, as: UInt64.self)
    }

    /// Whether the 48 bytes at the front of `value` say what this record says.
    func agrees(withHeader value: UnsafeRawBufferPointer) -> Bool {
        var expected = [UInt8](repeating: 0, count: IndexFormat.headerByteCount)
        unsafe expected.withUnsafeMutableBytes { room in unsafe writeHeader(to: room) }
        return unsafe value.count >= expected.count && value.prefix(expected.count).elementsEqual(expected)
    }
}
