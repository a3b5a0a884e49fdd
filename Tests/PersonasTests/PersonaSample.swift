import Interactions
import Personas
import TestSupport

/// Events as text, and the store that comes of them.
struct PersonaSample {
    let folder: TemporaryDirectory

    static let header = "user_id,item_id,event,query,channel,gender,city_tier\n"

    static let items = """
        {"itemId":"shoe1","title":"Trail Runner","brand":"Acme","generic":"running shoe","category1":"Sport","category2":"Shoes","category3":"Running","gender":"male"}
        {"itemId":"shoe2","title":"Road Runner","brand":"ACME ","generic":"Running Shoe","category1":"sport","category2":"Shoes","category3":"Road","gender":"Women"}
        {"itemId":"lamp","title":"Lamp","brand":"Lumen","generic":"lamp","category1":"Home","gender":"unisex"}
        {"itemId":"odd","brand":"n/a","category2":"Nowhere"}

        """

    init() throws { folder = try TemporaryDirectory() }

    func table(_ rows: String, users: String = "") throws -> PersonaTable {
        let events = try folder.write(Self.header + rows, to: "events.csv")
        let weights = try EventWeights(parsing: "visit=1,ignored=0")
        let log = try BehaviourReader.read(path: events, weights: weights).log
        let items = try ItemReader.read(path: folder.write(Self.items, to: "items.jsonl")).items
        var people: [Item] = []
        if !users.isEmpty {
            let path = try folder.write("userId,gender,cityTier\n" + users, to: "users.csv")
            people = try ItemReader.read(
                path: path,
                options: SourceOptions(columns: ColumnMapping(parsing: "itemId=userId,gender=gender,cityTier=cityTier"))
            ).items
        }
        return PersonaTable(
            counting: log, weights: weights.entries.map { UInt32($0.weight) }, items: PersonaCatalogue(items),
            users: PersonaCatalogue(people))
    }

    func bytes(_ table: PersonaTable) throws -> [UInt8] {
        try PersonaStoreWriter.write(table, toDirectory: folder.path("p"))
        return try folder.bytes(of: "p/personas.lmdb")
    }

    func store(_ table: PersonaTable) throws -> PersonaStore {
        try PersonaStoreWriter.write(table, toDirectory: folder.path("p"))
        return try PersonaStore(directory: folder.path("p"))
    }
}

extension Persona {
    /// `Acme .5 Lumen .5` of a dimension.
    func text(_ dimension: PersonaDimension) -> String {
        let list = affinities.first { $0.dimension == dimension }?.list ?? []
        return list.map { "\($0.path.joined(separator: ">")) \($0.share)" }.joined(separator: ", ")
    }
}
