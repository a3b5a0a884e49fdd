package import Embeddings
import Interactions
import LinearAlgebra
import RecommendationIndex
import StoredFiles

// DIR/given.json                                   what the files are
// DIR/item-links  .jsonl .csv ... or a folder      itemId, neighbourId, score
// DIR/item-factors  .jsonl, .npy with .ids, folder {"itemId":"...","vector":[...]}
// DIR/user-factors                                 {"id":"...","vector":[...]}
// DIR/item-vectors                                 as item-factors, of content
// DIR/popularity                                   itemId, allTime, recent, trending
// DIR/histories                                    userId, itemId, sum, time

/// A folder of given files, read.
package struct GivenFiles: Sendable {
    package var model: GivenModel
    /// Of content; nil: they are made from the items' properties.
    package var itemVectors: ItemVectors?
    /// What a reader of the notes should know.
    package var notes: [String] = []

    /// Reads all files of a folder, and checks them: names, columns, numbers, each pair once, as many rows as were told.
    package static func read(
        _ path: String, threadCount: Int, observer: some BuildObserver
    ) throws -> GivenFiles {
        let manifestPath = "\(path)/\(GivenManifest.fileName)"
        let manifest = try GivenManifest(WholeFile.bytes(manifestPath), path: manifestPath)
        let folder = try GivenFolder(path)
        try checkTables(manifest, folder)
        var reader = GivenReader(folder: folder, manifest: manifest, threadCount: threadCount)
        var files = GivenFiles(model: GivenModel(model: manifest.model))
        files.model.madeBy = manifest.madeBy
        files.model.foldIn = manifest.foldIn
        files.model.links = try reader.pairs(
            .itemLinks, .init(first: "itemId", second: "neighbourId", value: "score"), observer)
        files.model.factors = try reader.vectors(.itemFactors, observer)
        files.model.userFactors = try reader.vectors(.userFactors, observer)
        files.itemVectors = try reader.vectors(.itemVectors, observer)
        files.model.popularity = try reader.popularity(observer)
        if let facts = manifest.histories {
            let columns = PairReader.Columns(
                first: "userId", second: "itemId", value: "sum", time: "time")
            if let sums = try reader.pairs(.histories, columns, observer) {
                files.model.histories = GivenModel.Histories(
                    sums: sums, hasTimes: facts.hasTimes, referenceTime: facts.referenceTime,
                    interactionCount: facts.interactions)
            }
        }
        files.model.sources = reader.sources
        files.notes = reader.notes
        return files
    }

    private static func checkTables(_ manifest: GivenManifest, _ folder: GivenFolder) throws(ReadError) {
        for table in manifest.neededTables where folder.files[table] == nil {
            throw ReadError(
                .fileNotFound, operation: "take the given files", path: folder.path,
                expected: "\(table.rawValue), as the model is \(manifest.model.rawValue)", found: "none",
                remedy: "Write it, or name another model in \(GivenManifest.fileName).")
        }
        for table in [GivenTable.itemLinks, .itemFactors]
        where folder.files[table] != nil && !manifest.neededTables.contains(table) {
            throw ReadError(
                .unknownFormat, operation: "take the given files", path: folder.path,
                expected: "no \(table.rawValue), as the model is \(manifest.model.rawValue)", found: "some",
                remedy: "Remove it, or name another model in \(GivenManifest.fileName): ease+ials has both.")
        }
        if (manifest.histories == nil) != (folder.files[.histories] == nil) {
            throw ReadError(
                .badHeader, operation: "take the given files", path: folder.path,
                expected: "histories with \"histories\":{\"hasTimes\":true,\"interactions\":N} in "
                    + "\(GivenManifest.fileName), or neither",
                found: "one of the two", remedy: "Add what is missing.")
        }
    }
}

/// Reads table after table, and keeps what files they were.
private struct GivenReader {
    let folder: GivenFolder
    let manifest: GivenManifest
    let threadCount: Int
    private(set) var sources: [IndexFacts.SourceFile] = []
    private(set) var notes: [String] = []

    init(folder: GivenFolder, manifest: GivenManifest, threadCount: Int) {
        self.folder = folder
        self.manifest = manifest
        self.threadCount = threadCount
    }

    mutating func pairs(
        _ table: GivenTable, _ columns: PairReader.Columns, _ observer: some BuildObserver
    ) throws(ReadError) -> PairLog? {
        guard let paths = folder.files[table] else { return nil }
        var log = PairLog()
        for path in paths {
            observer.reading(path)
            let report = try PairReader.append(path, to: &log, columns: columns) { done, total in
                observer.progress(done: done, total: total)
            }
            observer.read(report)
            note(report, table)
        }
        try check(table, rowCount: log.count)
        if let pair = log.repeatedPair {
            throw damaged(
                table, expected: "each pair once", found: "\(pair.first) with \(pair.second) twice",
                remedy: "Is a file there twice, or of an earlier run?")
        }
        if table == .itemLinks {
            let linksToItself = (0..<log.count).first { row in
                log.seconds.index(of: log.firsts.bytes(at: Int(log.firstIndexes[row])).span) == log.secondIndexes[row]
            }
            if let row = linksToItself {
                throw damaged(
                    table, expected: "no item beside itself",
                    found: log.firsts.id(at: Int(log.firstIndexes[row])), remedy: "Leave such rows out.")
            }
        }
        return log
    }

    mutating func vectors(_ table: GivenTable, _ observer: some BuildObserver) throws -> ItemVectors? {
        guard let paths = folder.files[table] else { return nil }
        var (ids, values, dimension): ([String], [Float], Int?) = ([], [], nil)
        for path in paths {
            observer.stage("read \(path)")
            let isNumPy = path.hasSuffix(".npy")
            let part =
                isNumPy
                ? try VectorFile.read(npy: path, ids: String(path.dropLast(3)) + "ids")
                : try VectorFile.read(jsonLines: path, threadCount: threadCount)
            let width = part.vectors.columnCount
            if let dimension, dimension != width, !part.ids.isEmpty {
                throw damaged(
                    table, expected: "vectors of \(dimension) numbers, as in \(paths[0])",
                    found: "\(width) in \(path)", remedy: "Use vectors of one model.")
            }
            if !part.ids.isEmpty { dimension = width }
            ids += part.ids
            values += part.vectors.values
        }
        try check(table, rowCount: ids.count)
        return try ItemVectors(
            ids: ids, vectors: DenseMatrix(rowCount: ids.count, columnCount: dimension ?? 0, values: values))
    }

    mutating func popularity(_ observer: some BuildObserver) throws(ReadError) -> GivenModel.Popularity? {
        guard let paths = folder.files[.popularity] else { return nil }
        var popularity = GivenModel.Popularity()
        let names = ["allTime", "recent", "trending"]
        var options = SourceOptions(maxBadRows: .count(0))
        options.ids = IdRules(missingMarkers: "keep")
        var types = ["itemId": TableColumnType.text]
        for name in names { types[name] = .number }
        for path in paths {
            observer.reading(path)
            let (columns, report) = try TableReader.read(
                path: path, columns: ["itemId"] + names, types: types, options: options)
            observer.read(report)
            note(report, .popularity)
            let numbers = columns.dropFirst().map { $0.numbers ?? [] }
            for (row, id) in columns[0].texts.enumerated() {
                let found = numbers.map { $0[row] }
                guard !id.isEmpty, found.allSatisfy({ $0 >= 0 }) else {
                    throw damaged(
                        .popularity, expected: "an id and three numbers from 0 on",
                        found: "\"\(id)\" and \(found) in row \(row + 1) of \(path)", remedy: "Mend the row.")
                }
                guard Int(popularity.items.intern(id)) == popularity.allTime.count else {
                    throw damaged(
                        .popularity, expected: "each item once", found: "\"\(id)\" twice",
                        remedy: "Is a file there twice, or of an earlier run?")
                }
                popularity.allTime.append(Float(found[0]))
                popularity.recent.append(Float(found[1]))
                popularity.trending.append(Float(found[2]))
            }
        }
        try check(.popularity, rowCount: popularity.allTime.count)
        return popularity
    }

    private mutating func note(_ report: ReadReport, _ table: GivenTable) {
        sources.append(report.fingerprint.source(named: Self.name(report.path, table)))
    }

    private static func name(_ path: String, _ table: GivenTable) -> String {
        let last = String(path.split(separator: "/").last ?? "")
        return last.hasPrefix(table.rawValue) ? last : "\(table.rawValue)/\(last)"
    }

    private mutating func check(_ table: GivenTable, rowCount: Int) throws(ReadError) {
        guard let told = manifest.rowCounts[table.rawValue] else {
            notes.append(
                "\(table.rawValue): \(rowCount) rows; \(GivenManifest.fileName) does not tell how many there should be")
            return
        }
        guard told == rowCount else {
            throw damaged(
                table, expected: "\(told) rows, as \(GivenManifest.fileName) tells", found: "\(rowCount)",
                remedy: "Copy the folder again, or run the job again that wrote it.")
        }
    }

    private func damaged(_ table: GivenTable, expected: String, found: String, remedy: String) -> ReadError {
        ReadError(
            .badLine, operation: "take \(table.rawValue)", path: folder.path, expected: expected, found: found,
            remedy: remedy)
    }
}

extension SourceFingerprint {
    fileprivate func source(named name: String) -> IndexFacts.SourceFile {
        .init(name: name, byteCount: byteCount, crc32: crc32)
    }
}
