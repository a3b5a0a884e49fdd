internal import KeyValueStore

/// One version of an index, open for reading: every section is an address in a read-only map, resolved once.
///
/// It is a class because it owns the map. Whoever uses memory that it lends (rows, ids, histories) holds a reference
/// for as long, `withExtendedLifetime` where the last mention of the reference is earlier; the map goes with the last
/// reference, also when the file has been replaced or deleted meanwhile.
///
/// **Invariant.** After `open`, offsets ascend within their sections and every item index and matrix column is within
/// the catalogue: scoring needs no bounds checks. What a reply takes as it is, is finite and UTF-8 (`checkServedValues`).
/// Whether the numbers are the ones that were written is `verify`'s.
// SAFETY: all members are constants, and the memory is a read-only map of a file that nobody writes.
@safe package final class RecommendationIndex: @unchecked Sendable {
    /// The name of the version, see `VersionName`.
    package let version: String
    /// Of the version's file.
    package let path: String
    package let fileByteCount: Int
    package let manifest: IndexManifest
    package let items: ItemTable
    package let users: StringTable
    package let properties: PropertyTable
    /// Of every item, by both components.
    package let neighbours: NeighbourTable
    /// Per item, not 0 where the content component knows it: it has a vector, or is somebody's content neighbour.
    package let contentKnown: UnsafeBufferPointer<UInt8>
    /// `[itemCount x dimension]`; a zero row is an item without content.
    package let vectors: ShardedDenseMatrix
    package let histories: HistoryTable
    /// One per item; 0 is a cold item.
    package let interactionCounts: UnsafeBufferPointer<UInt32>
    package let popularity: RankedItems
    package let trending: RankedItems
    package let recentPopularity: RankedItems
    /// What needs no personal evidence, in 0...1.
    package let fallback: RankedItems
    /// nil where the index has none.
    package let sessionModel: SessionModelTable?
    /// nil where the collaborative component does not score by factors.
    package let factorModel: FactorModelTable?
    /// Per item, users that have it; nil where the collaborative component does not compare users.
    package let usersOfItems: IndexListTable?
    /// nil: the index knows no segments.
    package let segments: SegmentTable?

    let reader: SectionReader
    let environment: Environment

    package var itemCount: Int { manifest.itemCount }
    package var userCount: Int { manifest.userCount }

    /// Opens the current version of an index directory.
    ///
    /// Checks structure, not checksums: the time is that of reading all offsets and item indexes once.
    package static func open(_ path: String) throws(IndexError) -> RecommendationIndex {
        let directory = IndexDirectory(path: path)
        var version = try directory.currentVersion()
        while true {
            do throws(IndexError) {
                return try open(versionFile: directory.file(ofVersion: version), version: version)
            } catch {
                // A publish may have replaced and deleted that version since the pointer was read.
                guard error.code == .pathMissing else { throw error }
                let newVersion = try directory.currentVersion()
                guard newVersion != version else {
                    throw IndexError(
                        .noSuchVersion, operation: "open", path: path, expected: "the current version \(version)",
                        found: "no such file")
                }
                version = newVersion
            }
        }
    }

    /// Opens one version's file, wherever it lies.
    package static func open(versionFile path: String, version: String) throws(IndexError) -> RecommendationIndex {
        let index = try openForVerification(versionFile: path, version: version)
        try index.checkServedValues()
        return index
    }

    /// As `open`, but for the values that `verify` finds too and tells of all at once; nothing may be served from it.
    static func openForVerification(
        versionFile path: String, version: String
    ) throws(IndexError) -> RecommendationIndex {
        let environment: Environment
        do throws(KeyValueError) {
            environment = try Environment(readingImmutable: path)
        } catch {
            throw IndexError(error, operation: "open")
        }
        return try RecommendationIndex(environment, version: version)
    }

    /// The id of an item: `items.bytes(at:)` without a copy of the table, which would count references.
    package func itemId(_ number: Int) -> UnsafeBufferPointer<UInt8> { unsafe items.bytes(at: number) }

    private init(_ environment: Environment, version: String) throws(IndexError) {
        let reader = try SectionReader(environment)
        let itemCount = reader.manifest.itemCount
        let userCount = reader.manifest.userCount
        guard itemCount <= IndexFormat.maximumItemCount, userCount <= IndexFormat.maximumUserCount else {
            throw reader.damaged(.manifest, expected: "a possible number of items", found: "\(itemCount)")
        }
        self.version = version
        path = environment.path
        fileByteCount = environment.mapByteCount
        manifest = reader.manifest
        items = try ItemTable(reader, count: itemCount)
        users = try StringTable(reader, offsets: .userIdOffsets, bytes: .userIdBytes, count: userCount)
        properties = try PropertyTable(reader, itemCount: itemCount)
        neighbours = try NeighbourTable(reader, itemCount: itemCount)
        unsafe contentKnown = try reader.numbers(of: .contentKnown, as: UInt8.self, count: itemCount)
        vectors = try ShardedDenseMatrix(reader, .vectors, rowCount: itemCount)
        histories = try HistoryTable(reader, userCount: userCount, itemCount: itemCount)
        unsafe interactionCounts = try reader.numbers(of: .interactionCounts, as: UInt32.self, count: itemCount)
        popularity = try RankedItems(reader, .popularity, order: .popularityOrder, itemCount: itemCount)
        trending = try RankedItems(reader, .trending, order: .trendingOrder, itemCount: itemCount)
        recentPopularity = try RankedItems(
            reader, .recentPopularity, order: .recentPopularityOrder, itemCount: itemCount)
        fallback = try RankedItems(reader, .fallback, order: .fallbackOrder, itemCount: itemCount)
        sessionModel = reader.has(.sessionModel) ? try SessionModelTable(reader, itemCount: itemCount) : nil
        factorModel = reader.has(.factorModel) ? try FactorModelTable(reader, itemCount: itemCount) : nil
        usersOfItems =
            reader.has(.usersOfItems)
            ? try IndexListTable(
                reader, offsets: .itemUserOffsets, indexes: .itemUsers, count: itemCount, limit: userCount)
            : nil
        segments = reader.has(.segments) ? try SegmentTable(reader, itemCount: itemCount) : nil
        self.reader = reader
        self.environment = environment
    }
}
