import CommandLineInterface
import StoredFiles

/// One system's lists as CSV without a head, `user,item,item,...` a test user, best first: what another program needs to
/// score them beside its own. A user whose list is empty has a line too.
struct RankedListFile {
    /// `DIRECTORY/SYSTEM.csv`, not yet in its place.
    let file: StagedFile

    init(of system: String, in directory: String) throws {
        try FileSystem.makeDirectories(directory)
        file = try StagedFile("\(directory)/\(system).csv")
    }

    func add(user: String, items: [String]) throws {
        try file.append(SplitFiles.row([user] + items) + "\n")
    }
}
