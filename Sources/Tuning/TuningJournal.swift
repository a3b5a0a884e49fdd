/// What one trial brought in one stage: a line of a search's journal.
package struct TrialRecord: Sendable, Equatable {
    package var trial: Int
    /// Counted from 0.
    package var stage: Int
    /// Mean of the metric over the validation users; nil where the trial failed.
    package var score: Double?
    /// Of the mean.
    package var standardError: Double?
    /// The share of content, from 0 to 1, that was best with these settings; nil where blend weights were not searched.
    package var contentShare: Double?
    /// Building and ranking.
    package var seconds: Double
    /// Why it failed; empty where it did not.
    package var failure: String

    package init(
        trial: Int, stage: Int, score: Double?, standardError: Double?, contentShare: Double?, seconds: Double,
        failure: String = ""
    ) {
        self.trial = trial
        self.stage = stage
        self.score = score
        self.standardError = standardError
        self.contentShare = contentShare
        self.seconds = seconds
        self.failure = failure
    }
}

/// The text of a journal: a line that tells what was searched, then one line per record, fields separated by tabs.
package struct TuningJournal: Sendable, Equatable {
    /// What two runs must agree in to share a journal; without tabs and line breaks.
    package let subject: String
    package var records: [TrialRecord] = []

    private static let title = "foretaste-tune 1"

    package init(subject: String) { self.subject = Self.field(subject) }

    package enum Fault: Error, Equatable {
        case notAJournal
        /// Counted from 1.
        case badLine(Int)
    }

    package var text: String {
        "\(Self.title)\t\(subject)\n" + records.map(Self.line).joined()
    }

    package init(parsing text: String) throws(Fault) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let head = lines[0].split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
        guard head.count == 2, head[0] == Self.title, lines.last?.isEmpty == true else { throw .notAJournal }
        subject = String(head[1])
        for (index, line) in lines.enumerated().dropFirst().dropLast() {
            guard let record = Self.record(line) else { throw .badLine(index + 1) }
            records.append(record)
        }
    }

    private static func line(_ record: TrialRecord) -> String {
        let fields = [
            "\(record.trial)", "\(record.stage)", text(record.score), text(record.standardError),
            text(record.contentShare), "\(record.seconds)", field(record.failure),
        ]
        return fields.joined(separator: "\t") + "\n"
    }

    private static func record(_ line: Substring) -> TrialRecord? {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count == 7, let trial = Int(fields[0]), trial >= 0, let stage = Int(fields[1]), stage >= 0,
            let seconds = Double(fields[5])
        else { return nil }
        var numbers: [Double?] = []
        for field in fields[2...4] {
            if field == "-" {
                numbers.append(nil)
            } else {
                guard let number = Double(field), number.isFinite else { return nil }
                numbers.append(number)
            }
        }
        return TrialRecord(
            trial: trial, stage: stage, score: numbers[0], standardError: numbers[1], contentShare: numbers[2],
            seconds: seconds, failure: String(fields[6]))
    }

    private static func text(_ number: Double?) -> String { number.map { "\($0)" } ?? "-" }

    /// Tabs and line breaks become spaces.
    private static func field(_ text: String) -> String {
        String(text.map { $0 == "\t" || $0.isNewline ? " " : $0 })
    }
}
