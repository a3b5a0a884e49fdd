import CommandLineInterface
import Testing

struct CommandFamilyTests {
    private let program = Program(
        name: "shop", version: "1", summary: "A shop.",
        commands: [
            Command(name: "open", summary: "Open."),
            Command(name: "sort up", summary: "Upwards.", arguments: [CommandArgument("FILE", help: "A file.")]),
            Command(name: "sort down", summary: "Downwards."),
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

    @Test func helpKnowsTwoWords() throws {
        for words in [["sort", "down", "--help"], ["help", "sort", "down"]] {
            guard case .show(let text) = try program.parse(words) else {
                Issue.record("no help for \(words)")
                continue
            }
            #expect(text.hasPrefix("Downwards.\n\nUsage: shop sort down"))
        }
    }

    @Test func halfANameIsToldTheRest() throws {
        #expect(
            try refusal(["sort"])?.text
                == "'sort' is followed by a second word, and it was given alone. There are sort up and sort down.")
        #expect(try refusal(["sort", "left"])?.code == .unknownCommand)
        #expect(try refusal(["opne"])?.text == "there is no command 'opne'. Did you mean 'open'?")
    }
}
