import Interactions
import TestSupport
import Testing

@Suite struct TableReaderTests {
    @Test func columnsAreNumbersOrCategories() throws {
        let file = try TemporaryFile("a;b;c\n1;x;TRUE\n;y;FALSE\n2.5;x;\n", name: "t.csv")
        let (columns, report) = try TableReader.read(path: file.path)
        #expect(columns.map(\.name) == ["a", "b", "c"])
        guard case .numbers(let a) = columns[0].values else { throw TestSupportError("a is no column of numbers") }
        #expect(a[0] == 1 && a[1].isNaN && a[2] == 2.5)
        #expect(columns[1].values == .categories([0, 1, 0], names: ["x", "y"]))
        let truths = try #require(columns[2].numbers)
        #expect(truths[0] == 1 && truths[1] == 0 && truths[2].isNaN)
        #expect(columns[1].numbers == nil && report.rowCount == 3 && report.format == .semicolonCSV)
    }

    @Test func chosenColumnsComeInTheirOrder() throws {
        let file = try TemporaryFile("a,b,c\n1,2,3\n", name: "t.csv")
        #expect(try TableReader.read(path: file.path, columns: ["c", "a"]).columns.map(\.name) == ["c", "a"])
        let error = #expect(throws: ReadError.self) { try TableReader.read(path: file.path, columns: ["bb"]) }
        #expect(error?.remedy.contains("Did you mean \"b\"?") == true)
    }

    @Test func keysMayComeLate() throws {
        let file = try TemporaryFile("{\"a\":1}\n{\"a\":2,\"b\":\"x\"}\n", name: "t.jsonl")
        let columns = try TableReader.read(path: file.path).columns
        #expect(columns[1].values == .categories([-1, 0], names: ["x"]))
    }
}
