import Embeddings
import IndexBuilding
import Interactions
import LinearAlgebra
import RecommendationIndex
import Recommenders
import TestSupport

/// Rows and items written down in a test, and what a build makes of them.
struct SampleInputs {
    static let day: Int64 = 86_400_000
    static let created: Int64 = 1_764_000_000_000

    private(set) var log: InteractionLog
    var items: [Item] = []

    init(hasTimes: Bool = true, weights: EventWeights = .standard) {
        log = InteractionLog(eventTypes: weights.names, hasTimes: hasTimes)
    }

    mutating func add(_ user: String, _ item: String, _ type: String = "view", day: Double = 0, value: Float = .nan) {
        guard let type = log.eventTypes.firstIndex(of: type) else { preconditionFailure("no event type \(type)") }
        log.append(
            user: user, item: item, eventType: UInt8(type), time: Self.created + Int64(day * Double(Self.day)),
            value: value)
    }

    mutating func addItem(_ id: String, tags: [String] = []) {
        items.append(Item(id: id, properties: tags.isEmpty ? [] : [.init("tags", .strings(tags))]))
    }

    func contents(_ configuration: BuildConfiguration = .sample(), vectors: ItemVectors? = nil) throws -> IndexContents
    {
        try IndexBuilder(configuration).contents(
            of: LoadedInputs(log: log, items: items, reports: []), vectors: vectors,
            createdMilliseconds: Self.created, observer: SilentObserver())
    }
}

struct SilentObserver: BuildObserver {
    func stage(_ name: String) {}
    func reading(_ path: String) {}
    func progress(done: Int, total: Int) {}
    func read(_ report: ReadReport) {}
}

extension BuildConfiguration {
    static func sample(_ model: CollaborativeModel = .automatic, threads: Int = 1) -> BuildConfiguration {
        var configuration = BuildConfiguration(threadCount: threads, memoryLimitBytes: 1 << 30)
        configuration.model = model
        // The usual dimension takes a debug build, which measures implicit ALS for every automatic choice, too long.
        configuration.implicitALS.dimension = 16
        return configuration
    }
}

extension IndexContents {
    /// Publishing verifies every section: what it accepts can be opened and served.
    func published(in directory: TemporaryDirectory, as name: String) throws -> RecommendationIndex {
        let path = directory.path(name)
        _ = try IndexDirectory(path: path).beginBuild().publish(self)
        return try RecommendationIndex.open(path)
    }

    var historyDecay: HistoryDecay? { facts.setting(.historyDecay).flatMap { HistoryDecay($0) } }

    var contentReliability: Float? { facts.setting(.contentReliability).flatMap { Float($0) } }

    func contentLinks(of item: Int) -> [Int: Float] { links(contentNeighbours.range(ofRow: item)) }

    private func links(_ range: Range<Int>) -> [Int: Float] {
        Dictionary(
            uniqueKeysWithValues: zip(
                contentNeighbours.columnIndexes[range].map { Int($0) }, contentNeighbours.values[range]))
    }
}

extension SampleInputs {
    enum Tags { case group, unrelated, none }

    /// Users who like the items of one group in five, in random order, one a day; items tagged by their group, or by
    /// something that cuts across the groups.
    static func groups(users: Int, itemsPerGroup: Int = 12, tags: Tags, seed: UInt64 = 1) -> SampleInputs {
        var generator = SeededGenerator(seed: seed)
        var inputs = SampleInputs()
        let groupCount = 5
        func id(_ group: Int, _ item: Int) -> String { "item-\(group)-\(Character(UnicodeScalar(UInt8(97 + item))))" }
        for group in 0..<groupCount {
            for item in 0..<itemsPerGroup {
                switch tags {
                case .group: inputs.addItem(id(group, item), tags: ["group\(group)"])
                case .unrelated: inputs.addItem(id(group, item), tags: ["shelf\(item)"])
                case .none: inputs.addItem(id(group, item))
                }
            }
        }
        for user in 0..<users {
            let group = generator.index(below: groupCount)
            let items = (0..<itemsPerGroup).shuffled(using: &generator).prefix(itemsPerGroup - 3)
            for (day, item) in items.enumerated() {
                inputs.add("user-\(user)", id(group, item), "purchase", day: Double(day))
            }
        }
        return inputs
    }
    /// Users who turn from one group of items to another half-way, nine items and then four, one a day: what comes next is
    /// of the group of the last days, and the first group only misleads.
    static func changingTaste(users: Int, seed: UInt64 = 1) -> SampleInputs {
        var generator = SeededGenerator(seed: seed)
        var inputs = SampleInputs()
        let (groupCount, itemsPerGroup) = (6, 14)
        for user in 0..<users {
            let first = generator.index(below: groupCount)
            let other = (first + 1 + generator.index(below: groupCount - 1)) % groupCount
            for (half, group) in [first, other].enumerated() {
                let items = (0..<itemsPerGroup).shuffled(using: &generator).prefix(half == 0 ? 9 : 4)
                for (day, item) in items.enumerated() {
                    inputs.add("user-\(user)", "item-\(group)-\(item)", day: Double(half * 20 + day))
                }
            }
        }
        return inputs
    }
}
