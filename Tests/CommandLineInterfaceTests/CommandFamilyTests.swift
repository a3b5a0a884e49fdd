import CommandLineInterface
import Testing

struct CommandFamilyTests {
    private let program = Program(
        name: "shop", version: "1", summary: "A shop.",
        commands: [
            Command(name: "open", summary: "Open."),
            Command(name: "sort up", summary: "Upwards.", arguments: [CommandArgument("FILE", help: "A file.")]),
            Command(name: "sort down", summary: "Downwards."),
            Command(name: "sort down twice", summary: "Downwards and downwards."),
        ])

    private func refusal(_ words: [String]) throws -> UsageError? {
        do throws(UsageError) {
            _ = try program.parse(words)
            return nil
        } catch {
            return error
        }
    }

    @Test func twoWordsNameACommand() throws {
        guard case .run(let parsed) = try program.parse(["sort", "up", "x"]) else {
            Issue.record("it did not run")
            return
        }
        #expect(parsed.name == "sort up" && parsed.operation == "shop sort up")
        #expect(try parsed.argument("FILE") == "x")
    }

    private func help(_ words: [String]) throws -> String {
        guard case .show(let text) = try program.parse(words) else { return "no help for \(words)" }
        return text
    }

    @Test func helpKnowsTwoWords() throws {
        for words in [["sort", "up", "--help"], ["help", "sort", "up"]] {
            let text = try help(words)
            #expect(text.hasPrefix("Upwards.\n\nUsage: shop sort up") && !text.contains("Commands:"))
        }
    }

    /// A command whose name begins others lists them beside its own options.
    @Test func helpOfACommandWithASubcommand() throws {
        for words in [["sort", "down", "-h"], ["help", "sort", "down"]] {
            let text = try help(words)
            #expect(text.hasPrefix("Downwards.\n\nUsage: shop sort down [options]\n"))
            #expect(
                text.contains("Commands:\n  sort down twice         Downwards and downwards.\n\nOptions:"), "\(text)")
        }
    }

    @Test(arguments: [["sort", "--help"], ["sort", "-h"], ["help", "sort"]])
    func helpOfHalfANameListsTheRest(words: [String]) throws {
        #expect(
            try help(words) == """
                Usage: shop sort COMMAND [options]

                Commands:
                  sort up                 Upwards.
                  sort down               Downwards.
                  sort down twice         Downwards and downwards.

                See 'shop sort COMMAND --help' for a command's options and examples.

                """)
    }

    @Test func halfANameIsToldTheRest() throws {
        #expect(
            try refusal(["sort"])?.text
                == "'sort' is followed by a second word, and it was given alone. There are sort up, sort down and "
                + "sort down twice.")
        #expect(try refusal(["sort", "left"])?.code == .unknownCommand)
        #expect(try refusal(["opne"])?.text == "there is no command 'opne'. Did you mean 'open'?")
    }
}
