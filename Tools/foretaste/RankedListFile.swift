import CommandLineInterface

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One system's lists as CSV without a head, `user,item,item,...` a test user, best first: what another program needs to
/// score them beside its own. A user whose list is empty has a line too. Written as a whole by `write`.
struct RankedListFile {
    private let directory: String
    private let name: String
    private var text = Data()

    init(of system: String, in directory: String) {
        name = system
        self.directory = directory
    }

    mutating func add(user: String, items: [String]) {
        text.append(contentsOf: (SplitFiles.row([user] + items) + "\n").utf8)
    }

    /// `DIRECTORY/SYSTEM.csv`, made anew.
    func write() throws {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try text.write(to: URL(filePath: "\(directory)/\(name).csv"), options: .atomic)
        } catch {
            throw RunFailure(description: "cannot write the lists into \(directory): \(error)")
        }
    }
}
