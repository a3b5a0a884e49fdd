import Testing
import Tuning

@Suite struct TuningJournalTests {
    private static let records = [
        TrialRecord(trial: 0, stage: 0, score: 0.125, standardError: 0.01, contentShare: 0.4, seconds: 1.5),
        TrialRecord(
            trial: 7, stage: 1, score: nil, standardError: nil, contentShare: nil, seconds: 0.25,
            failure: "no\tmemory\nleft"),
    ]

    private static var text: String {
        var journal = TuningJournal(subject: "shop.csv\t12ab")
        journal.records = records
        return journal.text
    }

    @Test func whatIsWrittenIsRead() throws {
        let journal = try TuningJournal(parsing: Self.text)
        #expect(journal.subject == "shop.csv 12ab")
        #expect(journal.records[0] == Self.records[0])
        #expect(journal.records[1].failure == "no memory left")
        #expect(journal.records[1].score == nil && journal.records.count == 2)
    }

    @Test(arguments: ["", "foretaste-tune 1", "userId,itemId\n1,2\n", "foretaste-tune 2\tx\n", "\n"])
    func otherFilesAreRefused(_ text: String) {
        #expect(throws: TuningJournal.Fault.notAJournal) { try TuningJournal(parsing: text) }
    }

    @Test(arguments: [
        "1\t0\t0.5\t-\t-\t1", "x\t0\t0.5\t-\t-\t1\t", "1\t-1\t0.5\t-\t-\t1\t", "1\t0\tnan\t-\t-\t1\t", "",
    ])
    func aBadLineIsNamed(_ line: String) {
        #expect(throws: TuningJournal.Fault.badLine(4)) { try TuningJournal(parsing: Self.text + line + "\n1\n") }
    }
}
