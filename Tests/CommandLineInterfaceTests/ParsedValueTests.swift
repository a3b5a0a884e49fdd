import CommandLineInterface
import Testing

@Suite struct ParsedValueTests {
    @Test(arguments: [
        ("0", "'--factors 0': expected a whole number from 1 to 512."),
        ("513", "'--factors 513': expected a whole number from 1 to 512."),
        ("many", "'--factors many': expected a whole number from 1 to 512."),
        ("1.5", "'--factors 1.5': expected a whole number from 1 to 512."),
        ("", "'--factors ': expected a whole number from 1 to 512."),
        ("99999999999999999999", "'--factors 99999999999999999999': expected a whole number from 1 to 512."),
    ])
    func refusesIntegers(value: String, text: String) throws {
        let command = try SampleProgram.build("--factors", value)
        let error = #expect(throws: UsageError.self) { try command.integer("factors", in: 1...512) }
        #expect(error?.code == .badValue)
        #expect(error?.text == text)
    }

    @Test func namesOneSidedAndMissingLimits() throws {
        let command = try SampleProgram.build("--factors", "x", "--shrinkage", "nan")
        func text<Value>(_ read: () throws -> Value) -> String? {
            #expect(throws: UsageError.self) { _ = try read() }?.text
        }
        #expect(text { try command.integer("factors", in: 1 ... .max) }?.hasSuffix("of at least 1.") == true)
        #expect(text { try command.integer("factors", in: .min...9) }?.hasSuffix("of at most 9.") == true)
        #expect(text { try command.integer("factors", in: .min ... .max) }?.hasSuffix("without a limit.") == true)
        #expect(
            text { try command.number("shrinkage", in: 0...1) }
                == "'--shrinkage nan': expected a number from 0.0 to 1.0.")
    }

    @Test func readsIntegersAndLists() throws {
        #expect(try SampleProgram.build("-f", "512").integer("factors", in: 1...512) == 512)
        #expect(try SampleProgram.build("--at", "5").integers("at", in: 1...100) == [5])
        #expect(try SampleProgram.build().integers("at", in: 1...100) == [10, 20])
        #expect(try SampleProgram.build().optionalInteger("factors", in: 1...512) == 128)
        #expect(throws: UsageError.self) { try SampleProgram.build("--at", "5,,6").integers("at", in: 1...100) }
        #expect(throws: UsageError.self) { try SampleProgram.build("--at", "5,101").integers("at", in: 1...100) }
        #expect(try SampleProgram.build("--items", "3").optionalNumber("items", in: 0...3) == 3)
        #expect(try SampleProgram.build().optionalNumber("items", in: 0...3) == nil)
    }

    @Test(arguments: [("0.1%", 0.001), ("30%", 0.3), ("0", 0), ("1", 1), ("100%", 1), ("0.25", 0.25)])
    func readsShares(text: String, share: Double) throws {
        #expect(try abs(SampleProgram.build("--max-bad-rows", text).share("max-bad-rows") - share) < 1e-15)
    }

    @Test(arguments: ["30", "101%", "-1%", "some", "%", "nan"])
    func refusesShares(text: String) throws {
        let command = try SampleProgram.build("--max-bad-rows", text)
        let error = #expect(throws: UsageError.self) { try command.share("max-bad-rows") }
        #expect(error?.text.hasPrefix("'--max-bad-rows \(text)': expected a share") == true)
    }

    @Test func readsChoices() throws {
        #expect(try SampleProgram.build().choice("split", of: SampleProgram.Kind.self) == .temporal)
        let command = try SampleProgram.build("--split", "temproal")
        let error = #expect(throws: UsageError.self) { try command.choice("split", of: SampleProgram.Kind.self) }
        #expect(
            error?.text == "'--split temproal': expected one of 'leave-last-one', 'temporal' and 'random'. "
                + "Did you mean 'temporal'?")
        let far = try SampleProgram.build("--split", "q")
        let second = #expect(throws: UsageError.self) { try far.choice("split", of: SampleProgram.Kind.self) }
        #expect(second?.text == "'--split q': expected one of 'leave-last-one', 'temporal' and 'random'.")
    }

    @Test func readsPairsInTheirOrder() throws {
        let command = try SampleProgram.build("--columns", "userId=Customer ID,itemId=a=b", "--columns", "time=")
        let pairs = try command.pairs("columns")
        #expect(pairs.map(\.key) == ["userId", "itemId", "time"])
        #expect(pairs.map(\.value) == ["Customer ID", "a=b", ""])
        #expect(try SampleProgram.build().pairs("columns").isEmpty)
    }

    @Test(arguments: ["userId", "=x", "a=1,,b=2", "a=1,a=2"])
    func refusesPairs(text: String) throws {
        let command = try SampleProgram.build("--columns", text)
        let error = #expect(throws: UsageError.self) { _ = try command.pairs("columns") }
        #expect(error?.code == .badValue)
    }

    @Test(arguments: [
        ("127.0.0.1:7411", "127.0.0.1", UInt16(7411)), ("shop.example:0", "shop.example", 0),
        ("[::1]:65535", "::1", 65535),
    ])
    func readsAddresses(text: String, host: String, port: UInt16) throws {
        let address = try SampleProgram.build("--listen", text).address("listen")
        #expect(address == HostAndPort(host: host, port: port))
        #expect(address.description == text)
    }

    @Test(arguments: ["7411", ":7411", "host:", "host:65536", "::1:80", "host:-1", "[]:1"])
    func refusesAddresses(text: String) throws {
        let command = try SampleProgram.build("--listen", text)
        let error = #expect(throws: UsageError.self) { try command.address("listen") }
        #expect(error?.text.contains("expected HOST:PORT") == true)
    }
}
