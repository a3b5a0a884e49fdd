import Embeddings
import Interactions
import Spelling

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a folder of given files has, each a file of that name (`item-links.jsonl.gz`, `item-links.csv`) or a folder of parts.
enum GivenTable: String, CaseIterable {
    /// itemId, neighbourId, score: the first says it of the second.
    case itemLinks = "item-links"
    /// itemId, vector.
    case itemFactors = "item-factors"
    /// userId, vector: looked at, not kept, as histories are folded in.
    case userFactors = "user-factors"
    /// itemId, vector: of content.
    case itemVectors = "item-vectors"
    /// itemId, allTime, recent, trending.
    case popularity
    /// userId, itemId, sum, time.
    case histories

    var isOfVectors: Bool {
        switch self {
        case .itemFactors, .userFactors, .itemVectors: true
        case .itemLinks, .popularity, .histories: false
        }
    }
}

/// `given.json`: what the files of a folder are.
struct GivenManifest: Equatable {
    static let fileName = "given.json"
    /// Raised when a reader of the one before would misread it.
    static let format = 1

    var model: CollaborativeModel
    var madeBy = "unknown"
    /// Rows by table, where they are told: what was cut off is noticed.
    var rowCounts: [String: Int] = [:]
    var histories: HistoryFacts?
    var foldIn = GivenModel.FoldIn()

    struct HistoryFacts: Codable, Equatable {
        var hasTimes: Bool
        /// Milliseconds since 1970.
        var referenceTime: Int64?
        var interactions: Int
    }

    /// Models that a folder may have: those that are made of links, factors or both.
    private static let models = CollaborativeModel.allCases.filter { model in
        switch model {
        case .automatic, .userKNN, .none: false
        case .ease, .sparseEASE, .slist, .itemKNN, .rp3beta, .implicitALS, .easeAndImplicitALS, .slistAndImplicitALS:
            true
        }
    }

    /// The tables without which there is no model.
    var neededTables: [GivenTable] {
        if model.listsOfPair != nil { return [.itemLinks, .itemFactors] }
        return model == .implicitALS ? [.itemFactors] : [.itemLinks]
    }

    private struct File: Codable {
        struct IALS: Codable {
            var regularisation: Double?
            var regularisationExponent: Double?
            var unobservedWeight: Double?
            var confidenceScale: Double?
        }

        var format: Int
        var model: String
        var madeBy: String?
        var rows: [String: Int]?
        var histories: HistoryFacts?
        var ials: IALS?
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// The names of an object's members, and of those of its objects.
    private struct Names: Decodable {
        var own: [String] = []
        var inner: [String: [String]] = [:]

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: AnyKey.self)
            own = container.allKeys.map(\.stringValue)
            for key in container.allKeys where innerMembers[key.stringValue] != nil {
                inner[key.stringValue] = try container.nestedContainer(keyedBy: AnyKey.self, forKey: key).allKeys.map(
                    \.stringValue)
            }
        }
    }

    private static let members = ["format", "model", "madeBy", "rows", "histories", "ials"]
    private static let innerMembers = [
        "rows": GivenTable.allCases.map(\.rawValue), "histories": ["hasTimes", "referenceTime", "interactions"],
        "ials": ["regularisation", "regularisationExponent", "unobservedWeight", "confidenceScale"],
    ]

    init(model: CollaborativeModel) { self.model = model }

    init(_ bytes: [UInt8], path: String) throws(ReadError) {
        func failure(_ expected: String, _ found: String, _ remedy: String = "Mend the file.") -> ReadError {
            ReadError(
                .badHeader, operation: "read what the given files are", path: path, expected: expected, found: found,
                remedy: remedy)
        }
        let (file, names): (File, Names)
        do {
            names = try JSONDecoder().decode(Names.self, from: Data(bytes))
            file = try JSONDecoder().decode(File.self, from: Data(bytes))
        } catch {
            throw failure(
                "{\"format\":\(Self.format),\"model\":\"item-knn\", ...}", FileReading.found(error),
                "The decision record 0101 has an example.")
        }
        for (name, known) in names.own.map({ ($0, Self.members) })
            + names.inner.flatMap({ inner in inner.value.map { ($0, Self.innerMembers[inner.key] ?? []) } })
        where !known.contains(name) {
            let nearest = EditDistance.nearest(to: name, among: known).map { "Did you mean \"\($0)\"?" }
            throw failure(
                "members \(known.joined(separator: ", "))", "\"\(name)\"", nearest ?? "Remove or correct it.")
        }
        guard file.format == Self.format else {
            throw failure(
                "format \(Self.format)", "\(file.format)", "Write the files again with a tool of this version.")
        }
        let models = Self.models.map(\.rawValue)
        guard let model = CollaborativeModel(rawValue: file.model), Self.models.contains(model) else {
            throw failure(
                "a model of links or factors: \(models.joined(separator: ", "))", "\"\(file.model)\"",
                EditDistance.nearest(to: file.model, among: models).map { "Did you mean \"\($0)\"?" }
                    ?? "Name one of them.")
        }
        self.init(model: model)
        madeBy = file.madeBy ?? madeBy
        rowCounts = file.rows ?? [:]
        histories = file.histories
        if let facts = histories {
            let time = (facts.referenceTime ?? 0).magnitude
            guard facts.interactions >= 0, time <= NumberLimits.greatestTimeMilliseconds.magnitude else {
                throw failure(
                    "a number of interactions from 0 on and a time between the years 1 and 9999",
                    "\(facts.interactions) and \(facts.referenceTime ?? 0)")
            }
        }
        let numbers = [
            ("regularisation", file.ials?.regularisation),
            ("regularisationExponent", file.ials?.regularisationExponent),
            ("unobservedWeight", file.ials?.unobservedWeight), ("confidenceScale", file.ials?.confidenceScale),
        ]
        for case (let name, let number?) in numbers where !(0...1e9).contains(number) {
            throw failure("ials.\(name) from 0 to 1e9", "\(number)")
        }
        foldIn.regularization = file.ials?.regularisation
        foldIn.regularizationExponent = file.ials?.regularisationExponent
        foldIn.unobservedWeight = file.ials?.unobservedWeight
        foldIn.confidenceScale = file.ials?.confidenceScale
    }

    func encoded() -> String {
        var file = File(format: Self.format, model: model.rawValue, madeBy: madeBy, rows: rowCounts)
        file.histories = histories
        if foldIn != GivenModel.FoldIn() {
            file.ials = File.IALS(
                regularisation: foldIn.regularization, regularisationExponent: foldIn.regularizationExponent,
                unobservedWeight: foldIn.unobservedWeight, confidenceScale: foldIn.confidenceScale)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            return String(decoding: try encoder.encode(file), as: UTF8.self) + "\n"
        } catch {
            preconditionFailure("finite numbers and texts are JSON: \(error)")
        }
    }
}
