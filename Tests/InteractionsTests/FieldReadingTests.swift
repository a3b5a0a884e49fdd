import TestSupport
import Testing

@testable import Interactions

/// Missing values, ids and numbers, as every reader takes them.
struct FieldReadingTests {
    private let markers = ["nan", "NaN", "NULL", "\\N", "None", "N/A", "<NA>", "undefined", "-", "#N/A", "  ", "na"]

    @Test func interactionsWithoutAnIdAreBadRows() throws {
        let rows = markers.map { "\"\($0)\",i\nu,\"\($0)\"\n" }.joined()
        let (log, report) = try readRows("user,item\nu,i\n" + rows + "nancy,null-set\n", options: lenient())
        #expect(log.rows.map(\.user) == ["u", "nancy"] && log.rows.map(\.item) == ["i", "null-set"])
        #expect(report.badRows[.missingUserId] == markers.count && report.badRows[.missingItemId] == markers.count)
        #expect(report.notes.first?.contains("--missing-values keep") == true)
        var options = lenient()
        options.ids = IdRules(missingMarkers: "keep")
        #expect(try readRows("user,item\nnan,NULL\n-,None\n", options: options).log.count == 2)
        options.ids = IdRules(missingMarkers: "Nobody,0")
        #expect(try readRows("user,item\nNOBODY,i\n0,i\nnan,i\n", options: options).log.rows.map(\.user) == ["nan"])
    }

    @Test func otherReadersKnowTheSameMarkers() throws {
        let json = "{\"user\":\"NULL\",\"order\":\"1\",\"time\":\"2024-01-01\",\"price\":2}\n"
        let orders = try TemporaryFile(json + json.replacing("NULL", with: "ann"), name: "o.jsonl")
        let log = try TransactionReader.read(path: orders.path).log
        #expect(log.customerIndexes == [-1, 0] && log.customers.id(at: 0) == "ann")
        let items = try TemporaryFile("item\tbrand\tprice\n1\tNone\t2\n2\tnan\tN/A\n3\tAcme\t4\n", name: "i.tsv")
        let (found, report) = try ItemReader.read(path: items.path)
        #expect(found.map { $0["brand"] } == [nil, nil, .string("Acme")])
        #expect(found.map { $0["price"] } == [.number(2), nil, .number(4)] && report.notes.count == 1)
        let table = try TemporaryFile("a;b\n1;NA\n2;3\n", name: "t.csv")
        let columns = try TableReader.read(path: table.path).columns
        #expect(columns[1].missingCount == 1 && columns[1].filledNumbers == [3, 3])
        let events = try TemporaryFile("user,item,channel\nu,i,NULL\nv,j,web\n-,k,web\n", name: "e.csv")
        let behaviour = try BehaviourReader.read(
            path: events.path, options: lenient(), weights: .standard
        ).log
        #expect(behaviour.channelIndexes == [-1, 0] && behaviour.users.count == 2)
    }

    @Test func wholeNumbersWithAPoint() throws {
        let text = "user,item\n17850.0,i\n17850,i\n17851.00,i\n1.5,i\nx.0,i\n"
        let (log, report) = try readRows(text)
        #expect(log.users.count == 5)
        #expect(
            report.warnings.first?.contains("17850.0") == true && report.warnings.first?.contains("--whole-ids") == true
        )
        var options = SourceOptions()
        options.ids.areWholeNumbers = true
        #expect(try readRows(text, options: options).log.rows.map(\.user) == ["17850", "17850", "17851", "1.5", "x.0"])
        let json = "{\"user\":17850.0,\"item\":\"i\"}\n"
        #expect(try readRows(json, name: "r.jsonl", options: options).log.rows.map(\.user) == ["17850"])
        #expect(try readRows(json, name: "r.jsonl", options: options).report.badRows.total == 0)
    }

    @Test func guestsAndReturnsAreCountedApart() throws {
        let text = "user,item,quantity\nu,i,1\n,i,1\nNULL,i,2\nu,i,-1\nu,j,0\n"
        let (log, report) = try readRows(text)
        #expect(log.count == 1 && report.badRows.total == 4 && report.badRows.faultCount == 0)
        #expect(report.badRows[.missingUserId] == 2 && report.badRows[.nonPositiveQuantity] == 2)
        // A view without a user is a bad row, and so is a rating.
        for text in ["user,item\n,i\nu,i\n", "user,item,rating\n,i,3\nu,i,4\n", "user,item,type\n,i,view\nu,i,view\n"] {
            #expect(try readError(text)?.code == .tooManyBadRows)
        }
        #expect(try readRows("user,item,type\n,i,purchase\nu,i,view\n").report.badRows.apartCount == 1)
        #expect(try readError("user,item,quantity\n,i,1\n,j,2\n")?.code == .noUsableRow)
    }

    @Test(arguments: [
        ("1,5", "--decimal comma"), ("1.234,50", "--decimal comma --thousands point"),
        ("1,234.50", "--thousands comma"),
        ("1 234,5", "--decimal comma --thousands space"), ("1'234.5", "--thousands apostrophe"),
        ("1,234", "--decimal comma or --thousands comma"),
    ])
    func otherFormsOfNumbersAreSuggested(text: String, option: String) throws {
        let error = try readError("user;item;value\nu;i;\(text)\n")
        #expect(error?.remedy.contains(option) == true, "\(error?.remedy ?? "")")
    }

    @Test func formsOfNumbers() throws {
        var options = SourceOptions()
        options.numbers = NumberForm(decimal: .comma, grouping: .point)
        let text = "user;item;value\nu;i;1,5\nu;j;1.234,5\nu;k;12.345.678\nu;l;7\n"
        #expect(try readRows(text, options: options).log.values == [1.5, 1234.5, 12_345_678, 7])
        for wrong in ["1.23", "1.2345", "1,5,0", "1,234.5", ".5"] {
            #expect(try readError("user;item;value\nu;i;\(wrong)\n", options: options) != nil, "\(wrong)")
        }
        let json = "{\"user\":\"u\",\"item\":\"i\",\"value\":1.5}\n"
        #expect(try readRows(json, name: "r.jsonl", options: options).log.values == [1.5])
    }

    @Test func cellsThatDoNotFitAreNamed() throws {
        let rows = (0..<20).map { "\($0),\($0)\n" }.joined()
        let file = try TemporaryFile("a,b\n" + rows + "x,20\n", name: "t.csv")
        let column = try TableReader.read(path: file.path).columns[0]
        #expect(column.misfit == .init(text: "x", lineNumber: 22, count: 1, numberCount: 20, form: ""))
        let error = #expect(throws: ReadError.self) { try TableReader.read(path: file.path, types: ["a": .number]) }
        #expect(error?.found == "\"x\" on line 22")
        #expect(try TableReader.read(path: file.path, types: ["a": .text]).columns[0].misfit == nil)
        #expect(try TableReader.read(path: file.path).columns[1].isNumbering)
        let items = try TemporaryFile("item,price\n" + rows + "x,\"1,5\"\n", name: "i.csv")
        let warning = try #require(ItemReader.read(path: items.path).report.warnings.first)
        #expect(warning.contains("price is text") && warning.contains("\"1,5\"") && warning.contains("--decimal comma"))
    }

    @Test func ordersMayBeRowsOrDaysAndAmountsOfRows() throws {
        let text = "user,date,amount\nu,2024-01-01 10:00,2\nu,2024-01-01 12:00,3\nu,2024-01-02,-4\n"
        let file = try TemporaryFile(text, name: "o.csv")
        let rows = try TransactionReader.read(path: file.path, orders: .rows).log
        #expect(rows.orders.count == 3 && rows.prices == [2, 3, 4] && rows.quantities == [1, 1, -1])
        #expect(try TransactionReader.read(path: file.path, orders: .days).log.orders.count == 2)
        let error = #expect(throws: ReadError.self) { try TransactionReader.read(path: file.path) }
        #expect(error?.remedy.contains("--orders rows") == true)
        let both = try TemporaryFile("user,order,date,qty,amount\nu,1,2024-01-01,3,6\n", name: "b.csv")
        let open = #expect(throws: ReadError.self) { try TransactionReader.read(path: both.path) }
        #expect(open?.remedy.contains("--columns amount=amount") == true)
        for (mapping, worth) in [("amount=amount", 6.0), ("price=amount", 18)] {
            let options = SourceOptions(columns: try ColumnMapping(parsing: mapping))
            let log = try TransactionReader.read(path: both.path, options: options).log
            #expect(log.quantities[0] * log.prices[0] == worth)
        }
    }

    /// Most cells are numbers, or would be in another form: the rest are told, the column is not taken for words.
    @Test(arguments: [
        (["9,44", "7,82", "4,38"], NumberForm.plain, "9,44", "--decimal comma"),
        (["1,200", "3,400", "800"], .plain, "1,200", "--thousands comma"),
        (["1", "2", "3", "n.b."], .plain, "n.b.", ""),
        (["1.234,5", "7", "x"], .plain, "1.234,5", "--decimal comma --thousands point"),
        (["0.123", "1.5", "2.25"], NumberForm(decimal: .comma, grouping: nil), "0.123", "--decimal point"),
    ])
    func columnsOfNumbersInAnotherFormAreNoWords(
        cells: [String], form: NumberForm, text: String, advice: String
    ) throws {
        var options = SourceOptions()
        options.numbers = form
        let file = try TemporaryFile("a\tb\n" + cells.map { "\($0)\t1\n" }.joined(), name: "t.tsv")
        let misfit = try #require(try TableReader.read(path: file.path, options: options).columns[0].misfit)
        #expect(misfit.text == text && misfit.lineNumber == 2 + (cells.firstIndex(of: text) ?? 0))
        #expect(advice.isEmpty ? misfit.advice.isEmpty : misfit.advice.contains(advice), "\(misfit.advice)")
    }

    @Test(arguments: [
        (["1.5", "abc", "2"], "because of 1 of 3 values, such as \"abc\""),
        (["1,200", "3,400", "5,600"], "--thousands comma"),
        (["0,5", "1,5", "2"], "--decimal comma"),
        ([String](repeating: "9.99", count: 10), "the same in all 10 rows that have it, \"9.99\""),
    ])
    func propertiesThatTellLessThanTheyMightAreTold(cells: [String], words: String) throws {
        let rows = cells.enumerated().map { "i\($0.offset)\t\($0.element)\n" }.joined()
        let file = try TemporaryFile("item\tprice\n" + rows, name: "i.tsv")
        let warnings = try ItemReader.read(path: file.path).report
            .warnings
        #expect(warnings.count == 1 && warnings[0].hasPrefix("price is") && warnings[0].contains(words), "\(warnings)")
    }

    @Test func wordsAreWords() throws {
        let file = try TemporaryFile("size\n40\n42\nS\nM\nL\n", name: "t.tsv")
        let column = try TableReader.read(path: file.path).columns[0]
        #expect(column.misfit == nil && column.numbers == nil)
    }

    @Test(arguments: [
        (["17850", "17851"], ["17850.0", "17851.0"], "--whole-ids"), (["A1", "B2"], ["a1", "b2"], "Capital"),
        (["1", "2"], [" 1", "2 "], "blanks"), (["007", "012"], ["7", "12"], "zeros"),
        (["i1", "i2"], ["1", "2"], "letters"), (["u1", "u2"], ["z1", "z2"], "other letters"),
        (["x"], ["y"], ""),
    ])
    func joinsSayWhatKeepsThemApart(left: [String], right: [String], cause: String) {
        for (one, other) in [(left, right), (right, left)] {
            let join = KeyJoin("users of a", IdentifierTable(one), "users of b", IdentifierTable(other))
            #expect(join.verdict == .none && join.metCount == 0)
            #expect(cause.isEmpty ? join.cause.isEmpty : join.cause.contains(cause), "\(join.cause)")
            #expect(join.explanation.contains("\"\(one[0])\" and \"\(other[0])\""))
        }
    }

    /// A catalogue that was cut off has all of its items in the interactions, and these have few of theirs in it.
    @Test func joinsAreMeasuredByBothSides() {
        let many = IdentifierTable((0..<10).map { "\($0)" })
        func verdict(_ ids: [String]) -> KeyJoin.Verdict { KeyJoin("a", IdentifierTable(ids), "b", many).verdict }
        let five = ["1", "2", "3", "4", "5"]
        #expect(verdict(five) == .good && verdict(five + ["x"]) == .good && verdict(["1", "2"]) == .poor)
        #expect(verdict(five + ["a", "b", "c", "d", "e", "f"]) == .poor && verdict(["1", "x", "y"]) == .poor)
        #expect(verdict(["x"]) == .none && verdict([]) == .good)
        // Of a test part, only its own users need be known.
        #expect(KeyJoin("a", IdentifierTable(["1"]), "b", many, isPart: true).verdict == .good)
        #expect(KeyJoin("a", IdentifierTable(["1", "x", "y"]), "b", many, isPart: true).verdict == .poor)
        let join = KeyJoin("a", IdentifierTable(["1", "x"]), "b", many)
        #expect(join.text == "1 of 2 a (50 %) are among the 10 b (10 % of these).")
        #expect(many.nearest(to: "1.0") == "1" && IdentifierTable(["alice", "bob"]).nearest(to: "alise") == "alice")
    }
}
