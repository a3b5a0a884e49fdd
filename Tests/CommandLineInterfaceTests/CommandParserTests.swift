import CommandLineInterface
import Testing

@Suite struct CommandParserTests {
    @Test func readsEveryFormOfAnOption() throws {
        let command = try SampleProgram.run([
            "build", "--interactions=a=b.csv", "first", "-f", "64", "--columns", "userId=U", "-q", "--columns=itemId=I",
            "--items", "-", "--", "--second", "-x",
        ])
        #expect(command.operation == "foretaste build")
        #expect(try command.string("interactions") == "a=b.csv")
        #expect(try command.integer("factors", in: 1...512) == 64)
        #expect(command.strings("columns") == ["userId=U", "itemId=I"])
        #expect(command.flag("quiet"))
        #expect(command.optionalString("items") == "-")
        #expect(command.optionalArgument("NAME") == "first")
        #expect(command.remainingArguments("FILE") == ["--second", "-x"])
    }

    @Test func defaultsStandInForWhatIsNotGiven() throws {
        let command = try SampleProgram.build()
        #expect(try command.integer("factors", in: 1...512) == 128)
        #expect(!command.isGiven("factors"))
        #expect(command.isGiven("interactions"))
        #expect(!command.flag("quiet"))
        #expect(command.optionalString("items") == nil)
        #expect(command.strings("columns") == [])
        #expect(command.remainingArguments("FILE") == [])
        let error = #expect(throws: UsageError.self) { try command.string("items") }
        #expect(error?.code == .missingOption)
    }

    @Test func aNegativeNumberIsAValueAndAnArgument() throws {
        let command = try SampleProgram.build("--shrinkage", "-2.5", "-7")
        #expect(try command.number("shrinkage", in: -10...10) == -2.5)
        #expect(command.optionalArgument("NAME") == "-7")
    }

    @Test func anEmptyValueIsAValue() throws {
        #expect(try SampleProgram.build("--items=").optionalString("items") == "")
        #expect(try SampleProgram.build("--items", "").optionalString("items") == "")
    }

    @Test(arguments: [
        (["evalaute"], UsageError.Code.unknownCommand, "there is no command 'evalaute'. Did you mean 'evaluate'?"),
        (["eval"], .unknownCommand, "there is no command 'eval'. Did you mean 'evaluate'?"),
        (
            ["zzzzzz"], .unknownCommand,
            "there is no command 'zzzzzz'. The commands are build, evaluate and inspect."
        ),
        ([], .missingCommand, "no command was given. The commands are build, evaluate and inspect."),
        (
            ["--quiet", "build"], .unknownOption,
            "'--quiet' stands before the command. Options follow it: 'foretaste COMMAND --quiet'."
        ),
        (
            ["build", "--interaction", "F"], .unknownOption,
            "there is no option '--interaction'. Did you mean '--interactions'?"
        ),
        (
            ["build", "--fcators=3"], .unknownOption,
            "there is no option '--fcators'. Did you mean '--factors'?"
        ),
        (
            ["build", "--unheard-of"], .unknownOption,
            "there is no option '--unheard-of'. An argument that begins with '-' is written after '--'."
        ),
        (["build"], .missingOption, "'--interactions FILE' is needed and was not given."),
        (
            ["build", "--interactions"], .missingValue,
            "'--interactions' needs a value, FILE, but it is the last word. Write '--interactions FILE'."
        ),
        (
            ["build", "--interactions", "--quiet"], .missingValue,
            "'--interactions' needs a value, FILE, but it is followed by '--quiet'. Write '--interactions FILE'."
        ),
        (
            ["build", "--quiet=yes", "--interactions", "F"], .unexpectedValue,
            "'--quiet' takes no value, but 'yes' was given."
        ),
        (
            ["build", "--interactions", "F", "--interactions", "G"], .repeatedOption,
            "'--interactions' is given twice. Keep one of them."
        ),
        (
            ["inspect", "here"], .unexpectedArgument,
            "'here' is not expected here. An option's name begins with '--'."
        ),
        (["help", "biuld"], .unknownCommand, "there is no command 'biuld'. Did you mean 'build'?"),
    ])
    func refuses(words: [String], code: UsageError.Code, text: String) {
        let error = #expect(throws: UsageError.self) { try SampleProgram.program.parse(words) }
        #expect(error?.code == code)
        #expect(error?.text == text)
    }

    @Test func aRefusalNamesTheHelpThatExplains() {
        let error = #expect(throws: UsageError.self) { try SampleProgram.run(["build", "--nothing-like-it"]) }
        #expect(error?.description.hasSuffix("\nSee 'foretaste build --help'.") == true)
        #expect(error?.description.hasPrefix("foretaste build: there is no option") == true)
    }

    @Test func aMissingArgumentIsNamed() {
        let program = Program(
            version: "1", command: Command(name: "ask", summary: "", arguments: [CommandArgument("METHOD", help: "")]))
        let error = #expect(throws: UsageError.self) { try program.parse([]) }
        #expect(error?.code == .missingArgument)
        #expect(error?.text == "METHOD is needed and was not given.")
        #expect(error?.operation == "ask")
    }

    @Test func runMapsOutcomesToExitCodes() {
        struct Failure: Error, CustomStringConvertible { let description = "the disk is full" }
        let (output, errors) = (TextCapture(), TextCapture())
        func code(_ words: [String], _ body: (ParsedCommand) throws -> Void = { _ in }) -> ExitCode {
            SampleProgram.program.run(words, to: output.terminal, errors: errors.terminal, body)
        }
        #expect(code(["inspect"]) == .success)
        #expect(code(["inspect", "--wrong"]) == .usage)
        #expect(code(["inspect"]) { _ in throw Failure() } == .failure)
        #expect(code(["--version"]) == .success)
        #expect(output.text == "foretaste 1.2.3\n")
        #expect(
            errors.text == """
                foretaste inspect: there is no option '--wrong'. An argument that begins with '-' is written after '--'.
                See 'foretaste inspect --help'.
                foretaste: the disk is full

                """)
        #expect([ExitCode.success, .failure, .usage].map(\.rawValue) == [0, 1, 2])
    }
}
