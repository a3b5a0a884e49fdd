import CommandLineInterface
import Interactions
import PersonaMessages
import Personas
import StoredFiles
import WireProtocol

/// The directory that `foretaste segment personas` writes.
struct PersonaDirectory {
    let path: String

    private static let linesName = "personas.jsonl"
    private static let pageName = "report.html"
    static let fileNames = [PersonaFiles.storeName, linesName, pageName]

    /// The paths of unfinished files of a run that was killed. The directory is locked.
    func removeLeftovers() throws -> [String] {
        try PersonaFiles.removeLeftovers(
            in: path, [PersonaFiles.storeName, Self.linesName, Self.pageName])
    }

    /// The files appear together. `listLength` nil: the store alone.
    func write(_ table: PersonaTable, _ origin: PersonaOrigin, listLength: Int?) throws -> PersonaStore {
        let staged = try PersonaStoreWriter.stage(table, inDirectory: path)
        var files = OutputFiles()
        // The others are written from the finished store, which then takes its name.
        let store = try staged.open()
        if let listLength {
            files.add(try lines(store, listLength: listLength))
            try files.add(PersonaReportPage(store: store, origin: origin).html, at: "\(path)/\(Self.pageName)")
        }
        files.add(try staged.file())
        try files.publish()
        return store
    }

    private func lines(_ store: PersonaStore, listLength: Int) throws -> StagedFile {
        let lines = try StagedFile("\(path)/\(Self.linesName)")
        for user in 0..<store.userCount {
            try lines.append { buffer in
                var writer = JSONWriter(appendingTo: &buffer)
                writer.persona(store.persona(user, count: listLength))
                writer.finish(into: &buffer)
                buffer.append(UInt8(ascii: "\n"))
            }
        }
        return lines
    }
}

/// What a store was made from.
struct PersonaOrigin {
    let events: ReadReport
    /// Users in these events.
    let changedCount: Int
    /// The store that they were added to.
    let previous: String?
}

/// What the command says when it has finished.
struct PersonaSummary {
    let store: PersonaStore
    let origin: PersonaOrigin

    var json: JSONText {
        [
            "users": .integer(store.userCount), "changed_users": .integer(origin.changedCount),
            "events": .integer(origin.events.goodRowCount), "bad_rows": .integer(origin.events.badRows.total),
            "genders": .object(store.genderCounts.map { .init($0.gender.name, .integer($0.count)) }),
            "brands": .integer(store.valueCount(.brand)), "generic_names": .integer(store.valueCount(.generic)),
            "categories": .array(PersonaDimension.categories.map { .integer(store.valueCount($0)) }),
            "city_tiers": .integer(store.valueCount(.cityTier)), "products": .integer(store.valueCount(.item)),
            "bytes": .integer(store.byteCount),
        ]
    }

    var text: String {
        func count(_ value: Int) -> String { ReadableNumber.count(value) }
        var text = "\(count(origin.events.goodRowCount)) events of \(count(origin.changedCount)) users; "
        if let previous = origin.previous { text += "added to \(previous), " }
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
