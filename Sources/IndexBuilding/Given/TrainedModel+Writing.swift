import Embeddings
import Interactions
import LinearAlgebra
package import StoredFiles

extension TrainedModel {
    /// Writes the folder that `GivenFiles.read` reads, all files together or none; files of an earlier run go. A model without
    /// links and factors cannot be given.
    ///
    /// - Parameter madeBy: for the manifest, such as "foretaste 0.1.0".
    package func write(to directory: String, madeBy: String) throws(FileError) {
        guard let name = CollaborativeModel(rawValue: model) else { preconditionFailure("no model is called \(model)") }
        var manifest = GivenManifest(model: name)
        manifest.madeBy = madeBy
        manifest.foldIn = foldIn
        manifest.histories = .init(
            hasTimes: hasTimes, referenceTime: referenceTime, interactions: interactionCount)
        try FileSystem.makeDirectories(directory)
        var output = OutputFiles()
        var names: Set<String> = [GivenManifest.fileName]
        func path(_ name: String) -> String {
            names.insert(name)
            return "\(directory)/\(name)"
        }
        if links.storedCount > 0 {
            output.add(try linksFile(at: path("item-links.csv")))
            manifest.rowCounts[GivenTable.itemLinks.rawValue] = links.storedCount
        }
        if let factors {
            let rows = (0..<factors.rowCount).filter { row in
                (0..<factors.columnCount).contains { factors[row, $0] != 0 }
            }
            let kept = DenseMatrix(
                rowCount: rows.count, columnCount: factors.columnCount,
                values: rows.flatMap { row in (0..<factors.columnCount).map { factors[row, $0] } })
            try output.add(VectorFile.npy(kept), at: path("item-factors.npy"))
            try output.add(rows.map { itemIds[$0] + "\n" }.joined(), at: path("item-factors.ids"))
            manifest.rowCounts[GivenTable.itemFactors.rawValue] = rows.count
        }
        output.add(try popularityFile(at: path("popularity.csv")))
        manifest.rowCounts[GivenTable.popularity.rawValue] = itemIds.count
        output.add(try historiesFile(at: path("histories.csv")))
        manifest.rowCounts[GivenTable.histories.rawValue] = histories.itemIndexes.count
        try output.add(manifest.encoded(), at: path(GivenManifest.fileName))
        for name in ["item-links.csv", "item-factors.npy", "item-factors.ids"] where !names.contains(name) {
            output.addRemoval(of: "\(directory)/\(name)")
        }
        try output.publish()
    }

    private func linksFile(at path: String) throws(FileError) -> StagedFile {
        let ids = itemIds.map(Self.quoted)
        let file = try StagedFile(path)
        try file.append("itemId,neighbourId,score\n")
        for row in 0..<links.rowCount {
            for place in links.range(ofRow: row) {
                try file.append("\(ids[row]),\(ids[Int(links.columnIndexes[place])]),\(links.values[place])\n")
            }
        }
        return file
    }

    private func popularityFile(at path: String) throws(FileError) -> StagedFile {
        let file = try StagedFile(path)
        try file.append("itemId,allTime,recent,trending\n")
        for (item, id) in itemIds.enumerated() {
            try file.append(
                "\(Self.quoted(id)),\(popularity.allTime[item]),\(popularity.recent[item]),\(popularity.trending[item])\n"
            )
        }
        return file
    }

    private func historiesFile(at path: String) throws(FileError) -> StagedFile {
        let ids = itemIds.map(Self.quoted)
        let file = try StagedFile(path)
        try file.append("userId,itemId,sum,time\n")
        for (user, id) in userIds.enumerated() {
            let id = Self.quoted(id)
            for entry in histories.range(ofUser: user) {
                let item = ids[Int(histories.itemIndexes[entry])]
                try file.append("\(id),\(item),\(histories.sums[entry]),\(histories.times[entry])\n")
            }
        }
        return file
    }

    /// As a field of CSV; ids have no controls.
    private static func quoted(_ id: String) -> String {
        "\"" + id.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
