import Embeddings
import StoredFiles
import Tuning

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A search's journal on disk. Each record is in the file before the next trial begins, so a run that was stopped goes on
/// where it stood; the file is replaced whole, so it is never half a journal.
final class JournalFile {
    private var journal: TuningJournal
    /// Nil: the journal is kept in memory alone.
    private let path: String?

    /// Opens the journal of the same subject, or begins one.
    init(path: String?, subject: String) throws {
        self.path = path
        let found = path.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
        journal = try found.map { try Self.read($0, subject: subject) } ?? TuningJournal(subject: subject)
        try write()
    }

    func record(ofTrial trial: Int, stage: Int) -> TrialRecord? {
        journal.records.last { $0.trial == trial && $0.stage == stage }
    }

    func append(_ record: TrialRecord) throws {
        journal.records.append(record)
        try write()
    }

    private func write() throws {
        guard let path else { return }
        var files = OutputFiles()
        try files.add(journal.text, at: path)
        try files.publish()
    }

    private static func read(_ path: String, subject: String) throws -> TuningJournal {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw RunFailure(description: "cannot read the journal \(path): \(FileReading.reason(error))")
        }
        let journal: TuningJournal
        do {
            journal = try TuningJournal(parsing: text)
        } catch .badLine(let number) {
            throw RunFailure(
                description: "the journal \(path) is damaged in line \(number). Delete that line, or the file.")
        } catch .notAJournal {
            throw RunFailure(
                description: "\(path) is no journal of 'foretaste tune'. Name another file by --journal.")
        }
        // A subject is kept without tabs and line breaks.
        guard journal.subject == TuningJournal(subject: subject).subject else {
            throw RunFailure(
                description: """
                    the journal \(path) belongs to another search:
                      it has  \(journal.subject)
                      this is \(subject)
                    Name another file by --journal, or delete this one.
                    """)
        }
        return journal
    }
}
