import CommandLineInterface
import RecommendationIndex
import ServerClient
import StoredFiles

/// `foretaste bench`
enum BenchCommand {
    static let command = Command(
        name: "bench", summary: "Load a running server with requests and tell how long answers took.",
        discussion:
            "With --rate requests are due at fixed moments, as independent clients would send them, and times count from when a request was due: "
            + "a pause of the server counts for all that waited meanwhile. Without it each reply is followed by the next request, as "
            + "fast as the server answers.\n\n"
            + "--mix is a file with a line for each kind of request: a weight, a method, its parameters as JSON, '#' for comments. {user} and {item} in "
            + "the parameters stand for ids that are drawn from --index, or from --users and --items, files of an id a line.",
        options: ServerReach.options + [
            .value("mix", "FILE", help: "What is asked; one of --mix and --method."),
            .value("method", "METHOD", help: "One method alone."),
            .value("params", "JSON", help: "Its parameters."),
            .value("index", "DIR", help: "Ids for {user} and {item}: those of this index."),
            .value("users", "FILE", help: "Ids for {user}, one a line."),
            .value("items", "FILE", help: "Ids for {item}, one a line."),
            .value("rate", "N", help: "Requests a second over all connections. Default: as many as are answered."),
            .value("connections", "N", default: "8", help: "Connections at once."),
            .value("depth", "N", default: "1", help: "Requests on their way in each; with --rate 16 or more."),
            .value("seconds", "N", default: "10", help: "How long to measure."),
            .value("warm-up", "N", default: "1", help: "Seconds before that, not counted."),
            .value("timeout", "SECONDS", default: "10", help: "How long the last answers are waited for."),
            .value("seed", "N", default: "1", help: "Which requests and ids are drawn."),
            .flag("json", help: "The figures as JSON, times in milliseconds."),
        ],
        examples: [
            .init(
                #"foretaste bench --method recommend.user --params '{"userId":"{user}"}' --index shop.index --rate 2000"#,
                "How long answers take at 2,000 requests a second."),
            .init("foretaste bench --mix shop.mix --users users.txt --items items.txt", "As fast as it answers."),
        ])

    /// So many different requests are asked over and over.
    private static let requestCount = 8192
    private static let byteLimit = 256 << 20

    static func run(_ parsed: ParsedCommand) throws {
        AskingOptions.ignoreClosedConnections()
        let reach = try ServerReach(parsed, variable: AskingOptions.serversVariable)
        let mix = try mix(parsed)
        let (users, items) = try ids(parsed, for: mix)
        var plan = LoadPlan()
        plan.connectionCount = try parsed.integer("connections", in: 1...10_000)
        plan.depth = try parsed.integer("depth", in: 1...128)
        plan.perSecond = try parsed.optionalNumber("rate", in: 0.1...10_000_000)
        plan.seconds = try parsed.integer("seconds", in: 1...86_400)
        plan.warmUpSeconds = try parsed.integer("warm-up", in: 0...3_600)
        plan.timeoutSeconds = try parsed.integer("timeout", in: 1...3_600)
        let requests = mix.requests(
            count: requestCount, users: users, items: items, seed: UInt64(try parsed.integer("seed", in: 0...Int.max)))
        let report = try LoadRun(plan, mix, requests, to: reach).run()
        Terminal.standardOutput.write(parsed.flag("json") ? report.json.indented + "\n" : report.text)
    }

    private static func mix(_ parsed: ParsedCommand) throws -> RequestMix {
        switch (parsed.optionalString("mix"), parsed.optionalString("method")) {
        case (let path?, nil):
            if let parameters = parsed.optionalString("params") {
                throw parsed.refusal("params", value: parameters, expected: "--method beside it; a mix has its own")
            }
            let bytes = try FileSystem.readFile(path, byteLimit: byteLimit)
            return try RequestMix(String(decoding: bytes, as: UTF8.self), path: path)
        case (nil, let method?):
            return try RequestMix(method: method, parameters: parsed.optionalString("params"))
        case (_, let method):
            throw parsed.refusal("method", value: method ?? "", expected: "either --mix FILE or --method METHOD")
        }
    }

    /// Only what the mix draws is read.
    private static func ids(
        _ parsed: ParsedCommand, for mix: RequestMix
    ) throws -> (users: [String], items: [String]) {
        let index = try parsed.optionalString("index").map { try RecommendationIndex.open($0) }
        func ids(_ option: String, isNeeded: Bool, ofIndex: (RecommendationIndex) -> [String]) throws -> [String] {
            guard isNeeded else { return [] }
            let found: [String]
            if let path = parsed.optionalString(option) {
                let bytes = try FileSystem.readFile(path, byteLimit: byteLimit)
                found = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map { String($0) }
            } else if let index {
                found = ofIndex(index)
            } else {
                throw RunFailure(
                    description:
                        "the requests have a place for ids: --\(option) FILE or --index DIR says which there are")
            }
            guard !found.isEmpty else { throw RunFailure(description: "there are no ids to draw for --\(option)") }
            return found
        }
        return (
            try ids("users", isNeeded: mix.needsUsers) { index in
                (0..<index.userCount).map { index.users.string(at: $0) }
            },
            try ids("items", isNeeded: mix.needsItems) { index in
                (0..<index.itemCount).map { index.items.string(at: $0) }
            }
        )
    }
}
