import Interactions
import ItemFilter
import Testing

@Suite struct FilterLanguageTests {
    private static let schema = FilterSchema(itemTypes: [
        "price": .number, "brand": .string, "tags": .strings, "launch": .time, "adult": .boolean, "ownerId": .string,
        "category": .string, "margin": .number,
    ])

    private static func error(_ text: String) -> FilterError? {
        do {
            _ = try FilterTyping.filter(try FilterParser.parse(text), schema)
            return nil
        } catch {
            return error
        }
    }

    @Test func theExampleOfTheSpecification() throws {
        let text =
            #"price < 50 and category in ["shoes","bags"] and not tags contains "adult" and launch > now() - 30d "#
            + "and brand != context.brand and ownerId != user.id"
        let filter = try FilterTyping.filter(try FilterParser.parse(text), Self.schema)
        #expect(filter.usesNow)
        #expect(filter.contextProperties == ["brand"] && filter.userProperties == ["id"])
        #expect(
            filter.text
                == #"price < 50 and category in ["shoes", "bags"] and not tags contains "adult" and launch > now() - 30d "#
                + "and brand != context.brand and ownerId != user.id")
    }

    @Test(arguments: [
        ("a = 1 AND b = 2 Or not c = 3", "a = 1 and b = 2 or not c = 3"),
        ("(a + b) * c - (d - e)", "(a + b) * c - (d - e)"),
        ("((a)) == - - 5", "a = 5"),
        ("a not in ['x', \"y\"]", #"not a in ["x", "y"]"#),
        ("2w = 1.5h", "14d = 90min"),
        ("`or` = 1 or `unit price` > .5e1", "`or` = 1 or `unit price` > 5"),
        (#"a starts with 'it\'s \u00e9\ud83d\ude00'"#, "a starts with \"it's é😀\""),
        ("launch > time(\"2024-02-29T12:00:00+01:00\")", #"launch > time("2024-02-29T11:00:00Z")"#),
        ("min(a, b, 3) < `context`", "min(a, b, 3) < `context`"),
        ("(a and b) and c", "(a and b) and c"),
        ("x in [-1, 2, 30d]", "x in [-1, 2, 30d]"),
    ]) func canonicalText(written: String, canonical: String) throws {
        let node = try FilterParser.parse(written)
        #expect(node.text == canonical)
        #expect(try FilterParser.parse(canonical) == node)
        #expect(try FilterDocumentReader.parse(node.document) == node)
    }

    @Test(arguments: [
        ("", 0, "a property, a value or '('"), ("price <", 7, "a property, a value or '('"),
        ("price < 50 adn brand = 'x'", 11, "an operator, 'and', 'or' or the end"), ("price << 5", 7, "a property"),
        ("price < 5 < 6", 6, "'and' between"), ("price & 5", 6, nil), ("brand = 'x", 8, "' behind it"),
        ("brand = 'a\\x'", 10, "one of"), ("price < 30x", 10, "one of w"), ("brand in ['a' 'b']", 14, "']'"),
        ("(price < 5", 10, "')'"), ("price < 5)", 9, "the end"), ("brand starts 'a'", 13, "'with'"),
        ("`price < 5", 0, "`"),
        ("price < 1e999", 8, nil), ("é < 5 and price ! 5", 17, "'not'"), ("brand = 'x' && adult", 12, "'and'"),
    ]) func syntaxErrors(text: String, offset: Int, expected: String?) throws {
        let error = try #require(Self.error(text))
        guard case .text(offset, _, _) = error.place else {
            Issue.record("\(text): \(error.place), \(error.message)")
            return
        }
        if let expected { #expect(error.expected?.contains(expected) == true, "\(error.message)") }
    }

    @Test(arguments: [
        ("pirce < 5", 0, "price"), ("price < 5 adn adult", 10, "and"), ("contxt.brand = 'x'", 0, "context"),
        ("launch > nwo()", 9, "now"), ("brand = context.barnd", 8, "brand"), ("user.di = 'x'", 0, "id"),
    ]) func nearestNames(text: String, offset: Int, nearest: String) throws {
        let error = try #require(Self.error(text))
        #expect(error.nearest == nearest, "\(error.message)")
        if case .text(let found, _, _) = error.place { #expect(found == offset) }
    }

    @Test(arguments: [
        "price", "brand", "price + 1", "price < brand", "brand < 'x'", "tags = 'x'", "tags contains 5",
        "price contains 'x'",
        "launch > 'soon'", "launch + launch > launch", "launch > 5", "price in ['x']", "brand in [1]", "adult = 1",
        "adult and price", "not brand", "brand in 'x'", "tags in ['x']", "tags contains ['x']", "[1] = null",
        "launch * 2 > launch", "abs(launch) > 1d", "min(price, launch) > 1", "log(1d) > 1", "-launch > launch",
        "brand overlaps ['x']", "price < null", "brand in [true]", "sin(price) > 1",
    ]) func typeErrors(text: String) throws {
        let error = try #require(Self.error(text))
        #expect(error.message.hasPrefix("At character "), "\(error.message)")
    }

    @Test(arguments: ["adult", "price < 5", "brand"]) func boostsAreNumbers(text: String) throws {
        #expect(throws: FilterError.self) { try FilterTyping.boost(try FilterParser.parse(text), Self.schema) }
    }

    @Test func lineAndColumnCountCharacters() throws {
        let error = try #require(Self.error("price < 5\nand é = 3"))
        #expect(error.place == .text(offset: 14, line: 2, column: 5))
    }

    @Test func limits() {
        let long = "brand = '" + String(repeating: "x", count: FilterLimits.textBytes) + "'"
        #expect(Self.error(long)?.message.contains("8192") == true)
        let depths = [10: true, 100: false, 3_000: false]
        for (depth, fits) in depths {
            let brackets = String(repeating: "(", count: depth) + "adult" + String(repeating: ")", count: depth)
            #expect((Self.error(brackets) == nil) == fits)
            #expect((Self.error(String(repeating: "not ", count: min(depth, 2_000)) + "adult") == nil) == fits)
            let sum = Array(repeating: "1", count: depth).joined(separator: "+") + " > price"
            #expect((Self.error(sum) == nil) == fits)
        }
        #expect(Self.error(Array(repeating: "adult", count: 500).joined(separator: " or ")) == nil)
        let many = Array(repeating: "price < 1", count: FilterLimits.operators + 1).joined(separator: " or ")
        #expect(Self.error(many)?.message.contains("operators") == true)
        let values = Array(repeating: "1", count: FilterLimits.listValues + 1).joined(separator: ",")
        #expect(Self.error("price in [\(values)]")?.message.contains("1000 values") == true)
    }

    @Test(arguments: [
        (FilterDocument.object([]), ""), (.object([.init("<", .list([.number(1)]))]), "<"),
        (.object([.init("all", .list([.object([.init("lt", .list([]))])]))]), "all[0].lt"),
        (.object([.init("property", .number(1))]), "property"), (.object([.init("time", .string("soon"))]), "time"),
        (.object([.init("duration", .string("30"))]), "duration"), (.object([.init("now", .list([.null]))]), "now"),
        (.object([.init("in", .list([.number(1), .list([.list([])])]))]), "in[1][0]"),
    ]) func errorsInDocuments(document: FilterDocument, path: String) {
        #expect { try FilterDocumentReader.parse(document) } throws: { error in
            (error as? FilterError)?.place == .member(path)
        }
    }

    @Test func aDeepDocumentIsRefused() {
        var document = FilterDocument.boolean(true)
        for _ in 0..<2_000 { document = .object([.init("not", document)]) }
        #expect(throws: FilterError.self) { try FilterDocumentReader.parse(document) }
    }

    @Test func resultsThatUseTheTimeHoldForAMinute() throws {
        let schema = Self.schema
        let timed = try FilterTyping.filter(try FilterParser.parse("launch > now() - 1d"), schema)
        let timeless = try FilterTyping.filter(try FilterParser.parse("price < 5"), schema)
        let times = [Int64(60_000), 119_999, 120_000, -1].map { FilterBindings(now: $0) }
        #expect(timed.key(times[0]) == timed.key(times[1]) && timed.key(times[1]) != timed.key(times[2]))
        #expect(timed.key(times[0]) != timed.key(times[3]))
        #expect(timeless.key(times[0]) == timeless.key(times[3]))
    }

    @Test func keysDoNotRunIntoOneAnother() throws {
        let filter = try FilterTyping.filter(
            try FilterParser.parse("brand = context.brand and category = context.category"), Self.schema)
        func key(_ brand: PropertyValue?, _ category: PropertyValue?) -> FilterKey {
            var context: [String: PropertyValue] = [:]
            context["brand"] = brand
            context["category"] = category
            return filter.key(FilterBindings(now: 0, context: context))
        }
        #expect(key(.string("ab"), .string("c")) != key(.string("a"), .string("bc")))
        #expect(key(.string(""), nil) != key(nil, .string("")))
        #expect(key(.string("\u{e9}"), nil) != key(.string("e\u{301}"), nil))
        #expect(key(.string("a"), nil) == key(.string("a"), nil))
    }

    @Test func resultsDependOnTheContextThatIsUsed() throws {
        let filter = try FilterTyping.filter(try FilterParser.parse("brand = context.brand"), Self.schema)
        func key(_ brand: String, price: Double) -> FilterKey {
            filter.key(FilterBindings(now: 0, context: ["brand": .string(brand), "price": .number(price)]))
        }
        #expect(key("a", price: 1) == key("a", price: 2) && key("a", price: 1) != key("b", price: 1))
    }
}
