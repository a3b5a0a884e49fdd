import CommandLineInterface
import Testing

@Suite struct HelpTextTests {
    private func shown(_ words: [String], by program: Program = SampleProgram.program) throws -> String {
        switch try program.parse(words) {
        case .show(let text): return text
        case .run(let command): return "ran \(command.name)"
        }
    }

    @Test(arguments: [
        ["build", "--help"], ["build", "-h"], ["help", "build"], ["build", "--factors", "2", "--help", "--unread"],
    ])
    func ofACommand(words: [String]) throws {
        #expect(try shown(words) == Self.ofBuild)
    }

    private static let ofBuild = """
        Build an index from interactions and items.

        Usage: foretaste build --interactions FILE [options] [NAME] [FILE ...]

        Reads everything first, and publishes nothing unless the whole of it is right.

        Arguments:
          NAME                    What to call the result.
          FILE                    More files.

        Options:
          --interactions FILE     Who interacted with what. Required.
          --items FILE            The catalogue.
          -f, --factors N         Dimensions of an item's embedding, which is a long
                                  explanation that needs a second line. Default: 128.
          --max-bad-rows SHARE    Stop beyond it. Default: 0.1%.
          --split KIND            How to split. Default: temporal.
          --at K,K                Cut-offs. Default: 10,20.
          --shrinkage X           Of cosines. Default: 10.
          --listen HOST:PORT      Where. Default: 127.0.0.1:7411.
          --columns PAIRS         Columns by name. May be repeated.
          -q, --quiet             No progress.
          -h, --help              Show this help.

        Examples:
          foretaste build --interactions visits.csv.gz shop
              An index of the shop, from its visits.

        """

    @Test(arguments: [["--help"], ["-h"], ["help"]])
    func ofAProgram(words: [String]) throws {
        #expect(
            try shown(words) == """
                Builds, evaluates and asks indexes of recommendations.

                Usage: foretaste COMMAND [options]

                Commands:
                  build                   Build an index from interactions and items.
                  evaluate                Measure the quality of an index.
                  inspect                 Tell what is in an index.

                Options:
                  -h, --help              Show this help; after a command, that command's.
                  --version               Show the version.
                  --manual                Print the manual page, for 'man -l -'.
                  --completion SHELL      Print completions for bash, zsh or fish.

                See 'foretaste COMMAND --help' for a command's options and examples.

                """)
    }

    @Test func aProgramOfOneCommandShowsThatCommandAndTheVersion() throws {
        let command = Command(name: "foretaste-server", summary: "Serve an index.", options: [])
        let program = Program(version: "0.1", command: command)
        #expect(
            try shown(["--help"], by: program) == """
                Serve an index.

                Usage: foretaste-server [options]

                Options:
                  -h, --help              Show this help.
                  --version               Show the version.
                  --manual                Print the manual page, for 'man -l -'.
                  --completion SHELL      Print completions for bash, zsh or fish.

                """)
        #expect(try shown(["--version"], by: program) == "foretaste-server 0.1\n")
    }

    @Test func aLongOptionTakesALineOfItsOwn() throws {
        let option = CommandOption.value("a-very-long-option-name", "VALUE", help: "Meaning.")
        let program = Program(version: "1", command: Command(name: "p", summary: "S.", options: [option]))
        #expect(
            try shown(["--help"], by: program).contains(
                "  --a-very-long-option-name VALUE\n                          Meaning.\n"))
    }
}
