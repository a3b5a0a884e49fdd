import CommandLineInterface
import IndexBuilding
import Interactions
import RecommendationIndex
import StoredFiles

/// Keeps an export that was cut off from going live: a build that has far less than the version that is current is refused.
enum ShrinkGate {
    static let options: [CommandOption] = [
        .value(
            "max-shrink", "SHARE", default: "50%",
            help: "Refuse (exit 3) a build with that much fewer users, items or interactions than the current version."),
        .flag("force", help: "Publish however much smaller the index has become."),
    ]

    /// Before the training: what was read is compared with what the current version was built from.
    static func check(
        _ loaded: LoadedInputs, against directory: IndexDirectory, _ parsed: ParsedCommand, _ observer: ProgressObserver
    ) throws {
        let limit = try parsed.share("max-shrink")
        guard try FileSystem.kind(of: directory.path + "/CURRENT", followingLinks: false) == .file else { return }
        let manifest: IndexManifest
        do {
            manifest = try RecommendationIndex.open(directory.path).manifest
        } catch {
            observer.warn(
                "the current version of \(directory.path) cannot be opened, so that this build is compared with nothing: "
                    + "\(error)")
            return
        }
        var items = loaded.log.items
        for item in loaded.items { items.intern(item.id) }
        let before = manifest.facts.counts.first { $0.name == "interactions" }?.count
        let figures = [
            ("users", manifest.userCount, loaded.log.users.count), ("items", manifest.itemCount, items.count),
            ("interactions", before ?? loaded.interactionCount, loaded.interactionCount),
        ]
        let shrunk = figures.filter { Double($0.2) < (1 - limit) * Double($0.1) }
        guard !shrunk.isEmpty else { return }
        let text = shrunk.map { name, before, now in
            "\(ReadableNumber.count(now)) \(name) instead of \(ReadableNumber.count(before))"
        }.joined(separator: ", ")
        if parsed.flag("force") {
            observer.warn("far less than in the current version: \(text)")
            return
        }
        observer.end()
        throw RefusedRun(
            description:
                "this build would have \(text) in the current version of \(directory.path), which stays as it is. "
                + "Is an input cut off? Where it is meant, say --force, or another limit by --max-shrink (now "
                + "\(ReadableNumber.fixed(100 * limit, 0)) %).")
    }
}
