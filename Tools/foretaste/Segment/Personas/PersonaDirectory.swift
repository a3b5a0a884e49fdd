import CommandLineInterface
import Interactions
import PersonaMessages
import Personas
import WireProtocol

/// The directory that `foretaste segment personas` writes.
struct PersonaDirectory {
    let path: String

    /// The store last of all: where it is new, so are the others. `listLength` nil: the store alone.
    func write(_ table: PersonaTable, _ report: ReadReport, listLength: Int?) throws -> PersonaStore {
        guard let listLength else {
            try PersonaStoreWriter.write(table, toDirectory: path)
            return try PersonaStore(directory: path)
        }
        // The others are written from a finished store, which then takes its name.
        let staged = try PersonaStoreWriter.stage(table, inDirectory: path)
        let store = try staged.open()
        try writeLines(store, listLength: listLength)
        var page = try PersonaTextFile("\(path)/report.html")
        let html = PersonaReportPage(store: store, source: report).html
        try page.append { $0 += html.utf8 }
        try page.finish()
        try staged.publish()
        return store
    }

    private func writeLines(_ store: PersonaStore, listLength: Int) throws {
        var lines = try PersonaTextFile("\(path)/personas.jsonl")
        for user in 0..<store.userCount {
            try lines.append { buffer in
                var writer = JSONWriter(appendingTo: &buffer)
                writer.persona(store.persona(user, count: listLength))
                writer.finish(into: &buffer)
                buffer.append(UInt8(ascii: "\n"))
            }
        }
        try lines.finish()
    }
}

/// What the command says when it has finished.
struct PersonaSummary {
    let store: PersonaStore
    let source: PersonaSource
    /// Users in the events of this run.
    let changedCount: Int
    let isAddition: Bool

    var json: JSONText {
        [
            "users": .integer(store.userCount), "changed_users": .integer(changedCount),
            "events": .integer(source.report.goodRowCount), "bad_rows": .integer(source.report.badRows.total),
            "genders": .object(store.genderCounts.map { .init($0.gender.name, .integer($0.count)) }),
            "brands": .integer(store.valueCount(.brand)), "generic_names": .integer(store.valueCount(.generic)),
            "categories": .array(PersonaDimension.categories.map { .integer(store.valueCount($0)) }),
            "city_tiers": .integer(store.valueCount(.cityTier)), "products": .integer(store.valueCount(.item)),
            "bytes": .integer(store.byteCount),
        ]
    }

    var text: String {
        func count(_ value: Int) -> String { ReadableNumber.count(value) }
        var text = "\(count(source.report.goodRowCount)) events of \(count(changedCount)) users; "
        if isAddition { text += "added to the store, " }
        text += "\(count(store.userCount)) personas, \(ReadableNumber.byteCount(store.byteCount))\n"
        text += store.genderCounts.map { "\($0.gender.name) \(count($0.count))" }.joined(separator: ", ") + "\n\n"
        for (title, dimension) in [
            ("brand", PersonaDimension.brand), ("generic name", .generic), ("category", .category1),
        ] {
            let values = store.top(dimension, count: 5)
            guard !values.isEmpty else { continue }
            var table = TextTable([.left(title, columnLimit: 40), .right("share"), .right("users")])
            for value in values {
                table.add([
                    value.path.last ?? "", ReadableNumber.fixed(100 * Double(value.share), 2) + " %",
                    count(value.userCount),
                ])
            }
            text += table.text + "\n"
        }
        return text
    }
}
