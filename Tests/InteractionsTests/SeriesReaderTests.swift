import Testing

@testable import Interactions

@Suite struct SeriesReaderTests {
    private func read(
        _ text: String, options: SourceOptions = SourceOptions()
    ) throws -> (log: SeriesLog, report: ReadReport) {
        let file = try TemporaryFile(text)
        return try SeriesReader.read(path: file.path, options: options)
    }

    @Test func rowsKeepTheirOrderAndEmptyCellsAreGaps() throws {
        let (log, report) = try read("timestamp,value\n2014-04-01 00:00:00,20.5\n2014-04-01 00:05:00,\n2014-04-01,3\n")
        #expect(log.values == [20.5, nil, 3])
        #expect(log.times[1] - log.times[0] == 300_000)
        #expect(log.times[2] == log.times[0])
        #expect(report.goodRowCount == 3)
    }

    @Test func keysOfJSONLinesMayBeNamed() throws {
        let (log, _) = try read(
            "{\"at\":\"2020-01-01\",\"visits\":7}\n{\"at\":\"2020-01-02\",\"visits\":null}\n",
            options: SourceOptions(columns: try ColumnMapping(parsing: "time=at,value=visits")))
        #expect(log.values == [7, nil])
    }

    @Test func whatIsNoNumberIsABadRow() {
        #expect(throws: ReadError.self) { try read("time,value\n2020-01-01,seven\n2020-01-02,1e16\n") }
    }

    @Test(arguments: ["time,amounts\n2020-01-01,1\n", "when,value\n2020-01-01,1\n"])
    func aColumnThatIsMissingIsNamed(text: String) {
        #expect { try read(text) } throws: { error in (error as? ReadError)?.code == .missingColumn }
    }

    @Test func aMisspeltPartIsRefused() throws {
        let options = SourceOptions(columns: try ColumnMapping(parsing: "values=v"))
        #expect { try read("time,v\n2020-01-01,1\n", options: options) } throws: { error in
            (error as? ReadError)?.remedy == "Did you mean value?"
        }
    }
}
