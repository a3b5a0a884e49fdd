import Interactions
import Testing

struct ItemReaderTests {
    @Test func declaredTypesAreKept() throws {
        let text = "item\tprice\tcode\na\t007\t12\nb\tabc\t13\nc\t2.5\t14\n"
        var options = SourceOptions(maxBadRows: .count(1))
        options.propertyTypes = ["price": .number, "code": .text]
        let file = try TemporaryFile(text, name: "i.tsv")
        let (items, report) = try ItemReader.read(path: file.path, options: options)
        #expect(items.map(\.id) == ["a", "c"] && items[0]["price"] == .number(7) && items[1]["price"] == .number(2.5))
        #expect(items[0]["code"] == .string("12") && report.warnings == [])
        #expect(report.badRows.samples.map(\.lineNumber) == [3] && report.badRows.samples[0].detail == "price \"abc\"")
        options.propertyTypes = ["prize": .number]
        let error = #expect(throws: ReadError.self) {
            try ItemReader.read(path: file.path, options: options)
        }
        #expect(error?.remedy.contains("Did you mean \"price\"?") == true)
    }

    private func items(
        _ bytes: [UInt8], name: String = "items.csv", options: SourceOptions = SourceOptions(), lists: [String] = []
    ) throws -> (items: [Item], report: ReadReport) {
        let file = try TemporaryFile(bytes, name: name)
        return try ItemReader.read(path: file.path, options: options, listColumns: lists)
    }

    private func items(
        _ text: String, name: String = "items.csv", options: SourceOptions = SourceOptions(), lists: [String] = []
    ) throws -> (items: [Item], report: ReadReport) {
        try items(Array(text.utf8), name: name, options: options, lists: lists)
    }

    @Test func typesOfColumns() throws {
        let (items, _) = try items(
            """
            itemId,title,price,inStock,launched,code,mixed,tags,nothing
            b,"Chair, red",19.90,true,2024-01-02T03:04:05Z,007,1,a|b,
            a,Table,-5,FALSE,2024-01-02,012,x,c,
            c,,,,,,,,
            """, lists: ["tags"])
        #expect(items.map(\.id) == ["b", "a", "c"])
        #expect(
            items[0].properties == [
                .init("title", .string("Chair, red")), .init("price", .number(19.9)), .init("inStock", .boolean(true)),
                .init("launched", .time(1_704_164_645_000)), .init("code", .string("007")),
                .init("mixed", .string("1")),
                .init("tags", .strings(["a", "b"])),
            ])
        #expect(items[1]["inStock"] == .boolean(false) && items[1]["launched"] == .time(1_704_153_600_000))
        #expect(items[1]["tags"] == .strings(["c"]))
        #expect(items[2].properties.isEmpty)
    }

    @Test func onlyMappedPropertiesWhereTheMappingNamesAny() throws {
        let text = "StockCode,Description,Quantity\n1,Lamp,3\n"
        let named = try items(
            text, options: SourceOptions(columns: try ColumnMapping(parsing: "itemId=StockCode,title=Description")))
        #expect(named.items == [Item(id: "1", properties: [.init("title", .string("Lamp"))])])
        #expect(named.report.columns.description == "itemId=StockCode,title=Description")
        let all = try items(text, options: SourceOptions(columns: try ColumnMapping(parsing: "itemId=stockcode")))
        #expect(all.items[0].properties.map(\.name) == ["Description", "Quantity"])
        #expect(throws: ReadError.self) {
            try items(text, options: SourceOptions(columns: try ColumnMapping(parsing: "itemId=StockCode,title=Descr")))
        }
        #expect(throws: ReadError.self) { try items(text.replacing("StockCode", with: "Code")) }
        #expect(throws: ReadError.self) { try items("itemId,a\n1,2\n", lists: ["b"]) }
    }

    @Test func mostFrequentValueWins() throws {
        let (items, report) = try items(
            """
            itemId,title,brand
            1,?,
            1,LAMP,B
            1,LAMP,C
            2,first,
            2,second,
            1,damaged,C
            """)
        #expect(report.rowCount == 6)
        #expect(items[0].properties == [.init("title", .string("LAMP")), .init("brand", .string("C"))])
        #expect(items[1].properties == [.init("title", .string("first"))])
    }

    /// 3 MiB, so that records are cut by the borders of the reader's chunks and windows.
    @Test(arguments: [1, 2])
    func quotedFieldsComeBackAsTheyWere(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("xyz,\"\n\r é😀").map(String.init)
        var bytes = Array("itemId,text,more\r\n".utf8)
        var expected: [[String]] = []
        for row in 0..<60_000 {
            let fields = (0..<2).map { _ in
                let count = Int.random(in: 1...20, using: &generator)
                return "t"
                    + (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }.joined()
            }
            expected.append(fields)
            let quoted = fields.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }
            bytes += Array("\(row),\(quoted[0]),\(quoted[1])\r\n".utf8)
        }
        for source in [bytes, StoredGzip.member(bytes, blockByteCount: 4097)] {
            let (items, report) = try items(source)
            #expect(report.badRows.total == 0)
            let found = items.map { item in
                item.properties.map { property in
                    if case .string(let text) = property.value { text } else { "?" }
                }
            }
            #expect(found == expected)
        }
    }

    @Test func badItemRows() throws {
        let (items, report) = try items(
            "itemId,t\n,x\na\tb,x\n1,x,y\n2,x\n", options: SourceOptions(maxBadRows: .share(1)))
        #expect(items.map(\.id) == ["2"])
        #expect(report.badRows[.missingItemId] == 1 && report.badRows[.controlCharacterInId] == 1)
        #expect(report.badRows[.columnCount] == 1)
    }

    @Test func jsonLines() throws {
        let (items, report) = try items(
            """
            {"itemId":"a","title":"Caf\\u00e9","price":10,"tags":["x, y","\\"q\\"",3,null,[1]],"ok":true,"dims":{"w":1}}
            {"id2":1,"itemId":7,"title":"12","price":2.5,"tags":[],"ok":false,"since":"2024-01-02T00:00:00Z"}
            {"title":"no id"}
            """, name: "items.jsonl", options: SourceOptions(maxBadRows: .count(1)))
        #expect(report.badRows[.missingItemId] == 1)
        #expect(
            items == [
                Item(
                    id: "a",
                    properties: [
                        .init("title", .string("Café")), .init("price", .number(10)),
                        .init("tags", .strings(["x, y", "\"q\"", "3"])), .init("ok", .boolean(true)),
                    ]),
                Item(
                    id: "7",
                    properties: [
                        .init("title", .string("12")), .init("price", .number(2.5)), .init("ok", .boolean(false)),
                        .init("id2", .number(1)), .init("since", .time(1_704_153_600_000)),
                    ]),
            ])
    }

    @Test func movieLens100k() throws {
        let flags = "0|0|0|1|1|1|0|0|0|0|0|0|0|0|0|0|0|0|0"
        let line = Array("1|Mis".utf8) + [0xe9] + Array("rables, Les (1995)|01-Jan-1995||http://x|\(flags)\n".utf8)
        let unknown = Array("267|unknown||||1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0\n".utf8)
        let (items, _) = try items(line + unknown, name: "u.item", options: SourceOptions(format: .movielens100k))
        #expect(
            items == [
                Item(
                    id: "1",
                    properties: [
                        .init("title", .string("Misérables, Les (1995)")), .init("year", .number(1995)),
                        .init("genres", .strings(["Animation", "Children's", "Comedy"])),
                    ]),
                Item(id: "267", properties: [.init("title", .string("unknown"))]),
            ])
    }

    @Test func movieLens1mAndCSV() throws {
        let dat = try items(
            Array("1::Caf".utf8) + [0xe9] + Array(": a \"film\" (2000)::Drama|War\n".utf8), name: "movies.dat",
            options: SourceOptions(format: .movielens1m))
        #expect(
            dat.items[0].properties == [
                .init("title", .string("Café: a \"film\" (2000)")), .init("year", .number(2000)),
                .init("genres", .strings(["Drama", "War"])),
            ])
        let csv = try items(
            "movieId,title,genres\n1,\"1984 (1956) \",(no genres listed)\n2,2012,Action\n", name: "movies.csv",
            options: SourceOptions(format: .movielensCSV))
        #expect(csv.items[0].properties == [.init("title", .string("1984 (1956) ")), .init("year", .number(1956))])
        #expect(csv.items[1].properties == [.init("title", .string("2012")), .init("genres", .strings(["Action"]))])
    }
}
