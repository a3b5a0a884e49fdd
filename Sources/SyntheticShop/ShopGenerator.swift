internal import StoredFiles

/// A deterministic shop with planted structure, for demonstrations and for tests that must know the right answer.
///
/// ```
/// 12 style clusters -- each --> words, brands, prices          (content tells)
///        |          -- each --> 3 hidden circles of friends    (only interactions tell)
/// items: one cluster, one circle, popularity 1/rank            users: one or two tastes = cluster + circle + brands
/// sessions over 180 days: week, growth, seasons, drifting tastes; search -> view -> cart -> purchase
/// ```
/// Items are held in memory; users are made, written and forgotten one after another, so memory does not grow with the
/// number of interactions.
package enum ShopGenerator {
    /// Where asked for: what was planted for analyses to find, as JSON Lines with a `kind` each.
    package static let truthFile = "truth.jsonl"

    /// Progress is told after this many users.
    private static let progressStep = 64

    /// Writes the files of `ShopFile` into the folder, which is made if it is missing; files of those names are replaced,
    /// all together when all are whole.
    ///
    /// - Parameter progress: told the number of users done; the last call tells all of them.
    package static func generate(
        _ configuration: ShopConfiguration, to directory: String, progress: (Int) -> Void = { _ in }
    ) throws(ShopError) -> ShopSummary {
        try configuration.validate()
        do throws(FileError) {
            try FileSystem.makeDirectories(directory)
        } catch {
            throw ShopError(error, code: .folderNotCreated)
        }
        let catalogue = Catalogue(configuration)
        var writer = try ShopWriter(configuration, directory: directory)
        try writer.write(catalogue)
        let planting = configuration.isPlanted ? Planting(catalogue, configuration) : nil
        if let planting { try writer.write(planting) }
        var visits = Visits(catalogue, seed: configuration.seed)
        for index in 0..<configuration.userCount {
            let shopper = Shopper(index: index, seed: configuration.seed, clusterCount: catalogue.clusterCount)
            let events = visits.events(of: shopper, index: index)
            if let planting {
                try writer.write(shopper, index: index, planting: planting, events: events)
            } else {
                try writer.write(shopper, index: index, events: events)
            }
            if (index + 1).isMultiple(of: progressStep) || index + 1 == configuration.userCount {
                progress(index + 1)
            }
        }
        return try writer.finish()
    }
}
