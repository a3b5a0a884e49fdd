import CommandLineInterface
import Interactions
import PersonaMessages
import Personas
import WireProtocol

/// `foretaste segment personas query`
enum PersonaQueryCommand {
    static let command = Command(
        name: "segment personas query", summary: "Find the users who like something most.",
        discussion: """
            Score: 0.15 city tier + 0.35 brand + 0.20 generic name + 0.30 category, each the share of the user's affinity; \
            0.5 where the query is silent, the population's mean share where nothing is known of the user. Several values \
            of one option are alternatives: --brand Acme --brand Lumen.
            """,
        options: [
            .required("personas", "DIR", help: "The directory that 'foretaste segment personas' wrote."),
            .repeated("gender", "NAME", help: "Only these: men, women, unisex."),
            .repeated("city-tier", "NAME", help: "City tiers."), .repeated("brand", "NAME", help: "Brands."),
            .repeated("generic", "NAME", help: "Generic names of products."),
            .repeated("category1", "NAME", help: "Categories of the first level."),
            .repeated("category2", "NAME", help: "Categories of the second level, below those of the first if given."),
            .repeated("category3", "NAME", help: "Categories of the third level."),
            .value("count", "N", default: "\(PersonaTop.personaCount)", help: "Users at most."),
            .flag("json", help: "The answer as 'personas.query' gives it."),
        ],
        examples: [
            .init(
                "foretaste segment personas query --personas personas --brand Acme --city-tier 'Tier 1'",
                "Acme's friends.")
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let store = try PersonaStore(directory: try parsed.string("personas"))
        var filter = PersonaFilter()
        filter.gender = try list(parsed, "gender")
        filter.cityTier = try list(parsed, "city-tier")
        filter.brand = try list(parsed, "brand")
        filter.generic = try list(parsed, "generic")
        filter.category1 = try list(parsed, "category1")
        filter.category2 = try list(parsed, "category2")
        filter.category3 = try list(parsed, "category3")
        let matches: [PersonaMatch]
        do {
            matches = try store.query(filter, count: try parsed.integer("count", in: 1...500))
        } catch let error as PersonaFilterError {
            let advice = error.nearest.map { " Did you mean '\($0)'?" } ?? ""
            let option = error.field == "cityTier" ? "city-tier" : error.field
            throw RunFailure(description: "--\(option): \(error.text)\(advice)")
        }
        Terminal.standardOutput.write(parsed.flag("json") ? PersonaJSON.text { $0.personas(matches) } : text(matches))
    }

    private static func list(_ parsed: ParsedCommand, _ name: String) throws -> [String] {
        let values = parsed.strings(name)
        guard values.count <= PersonaFilter.maximumValueCount else {
            throw parsed.refusal(
                name, value: "\(values.count) values", expected: "at most \(PersonaFilter.maximumValueCount)")
        }
        return values
    }

    private static func text(_ matches: [PersonaMatch]) -> String {
        var table = TextTable([
            .left("user", columnLimit: 30), .left("gender"), .right("score"), .right("city"), .right("brand"),
            .right("generic"), .right("category"), .left("products", columnLimit: 40), .left("terms", columnLimit: 30),
        ])
        for match in matches {
            let parts = [match.score, match.city, match.brand, match.generic, match.category]
            table.add(
                [match.userId, match.gender.name] + parts.map { ReadableNumber.fixed(Double($0), 3) } + [
                    match.products.map { $0.title.isEmpty ? $0.id : $0.title }.joined(separator: "; "),
                    match.terms.compactMap(\.path.first).joined(separator: "; "),
                ])
        }
        return matches.isEmpty ? "nobody matches\n" : table.text
    }
}

/// `foretaste segment personas of`
enum PersonaOfCommand {
    static let command = Command(
        name: "segment personas of", summary: "Show all that is known of a user.",
        options: [
            .required("personas", "DIR", help: "The directory that 'foretaste segment personas' wrote."),
            .required("user", "ID", help: "The user."),
            .value("count", "N", default: "20", help: "Entries of a list at most."),
            .flag("json", help: "The answer as JSON, which is the only form there is."),
        ],
        examples: [.init("foretaste segment personas of --personas personas --user u00001", "A persona.")])

    /// Of so many users the nearest name is looked for.
    private static let nearestLimit = 200_000

    static func run(_ parsed: ParsedCommand) throws {
        let directory = try parsed.string("personas")
        let store = try PersonaStore(directory: directory)
        let id = try parsed.string("user")
        guard let user = store.user(id) else {
            let ids = IdentifierTable((0..<min(store.userCount, Self.nearestLimit)).map { store.userId($0) })
            let nearest = ids.nearest(to: id).map { " Did you mean '\($0)'?" } ?? ""
            throw RunFailure(
                description:
                    "NOT_FOUND: \(directory) has no persona of '\(id)'.\(nearest) A user has one from the first event on: add "
                    + "new events with 'foretaste segment personas --previous'.")
        }
        let count = try parsed.integer("count", in: 1...500)
        Terminal.standardOutput.write(PersonaJSON.text { $0.persona(store.persona(user, count: count)) })
    }
}

/// `foretaste segment personas top`
enum PersonaTopCommand {
    static let command = Command(
        name: "segment personas top", summary: "List the brands, products or categories that users like most.",
        options: [
            .required("personas", "DIR", help: "The directory that 'foretaste segment personas' wrote."),
            .value(
                "dimension", "NAME", default: "brand", help: "brand, generic, category (a tree), cityTier or channel."),
            .value("count", "N", help: "Values at most, of each level. Default: 300 brands, 500 of the others."),
            .flag("json", help: "The answer as 'personas.top' gives it."),
        ],
        examples: [.init("foretaste segment personas top --personas personas --dimension generic", "Generic names.")])

    static func run(_ parsed: ParsedCommand) throws {
        let store = try PersonaStore(directory: try parsed.string("personas"))
        let list = try parsed.choice("dimension", of: PersonaTopList.self)
        let count = try parsed.optionalInteger("count", in: 1...500) ?? list.defaultCount
        guard let dimension = list.dimension else {
            let tree = store.categoryTree(count: count)
            Terminal.standardOutput.write(
                parsed.flag("json") ? PersonaJSON.text { $0.personaCategories(tree) } : text(tree, indent: ""))
            return
        }
        let values = store.top(dimension, count: count)
        guard !parsed.flag("json") else {
            Terminal.standardOutput.write(PersonaJSON.text { $0.personaTop(list.rawValue, values) })
            return
        }
        var table = TextTable([.left(list.rawValue, columnLimit: 60), .right("share"), .right("users")])
        for value in values {
            table.add([value.path.last ?? "", percentage(value.share), ReadableNumber.count(value.userCount)])
        }
        Terminal.standardOutput.write(table.text)
    }

    private static func text(_ tree: [PersonaCategory], indent: String) -> String {
        tree.map { node in
            "\(indent)\(node.name)  \(percentage(node.share))\n" + text(node.children, indent: indent + "  ")
        }.joined()
    }

    private static func percentage(_ share: Float) -> String { ReadableNumber.fixed(100 * Double(share), 2) + " %" }
}

/// One JSON value and a line feed.
private enum PersonaJSON {
    static func text(_ write: (inout JSONWriter) -> Void) -> String {
        var bytes: [UInt8] = []
        var writer = JSONWriter(appendingTo: &bytes)
        write(&writer)
        writer.finish(into: &bytes)
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }
}
