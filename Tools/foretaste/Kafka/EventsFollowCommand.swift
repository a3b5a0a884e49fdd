import CommandLineInterface
import KafkaTopics
import ServerClient

/// `foretaste events follow`
enum EventsFollowCommand {
    static let command = Command(
        name: "events follow", summary: "Send events of Kafka topics to a running server as they come.",
        discussion: """
            Messages are JSON events as events.put takes them, or events of User Behavior Insights as they are. Offsets are confirmed \
            once the server has the events on its disk, and an event without an eventId gets one of topic, partition and offset: \
            however often this command or the server is stopped or killed, each event counts once. Several followers of one group \
            share the partitions.

            What is no event goes to the file of dead letters with the reason and is passed over. Stop it by SIGTERM or Control-C.
            """,
        options: ServerReach.options + [
            .required("kafka", "HOST:PORT", help: "Brokers, separated by commas."),
            CommandOption.required("topic", "NAME", help: "May be repeated.").repeatable,
            .required("group", "NAME", help: "The group of consumers whose offsets are kept by Kafka."),
            .required("dead-letters", "FILE", help: "Where messages go that are no events; lines are added.").asOutput,
            .value("timeout", "SECONDS", default: "60", help: "How long one request of 1,000 events may take."),
            .value(
                "kafka-options", "FILE",
                help: "Settings of librdkafka, a line each: security.protocol=SASL_SSL, sasl.password=... "
                    + "A file keeps secrets out of the list of processes."),
            .value(
                "metrics", "FILE",
                help: "Write counts and lags here every few seconds, as Prometheus' node exporter takes text files."
            ).asOutput,
            .flag("until-end", help: "End once all partitions have been read to where they end now."),
            .flag("quiet", short: "q", help: "No progress."),
        ],
        examples: [
            .init(
                "foretaste events follow --kafka broker:9092 --topic clicks --group foretaste --dead-letters dead.jsonl",
                "Everything that comes, from the beginning of the topic the first time.")
        ])

    /// With a partition's number and an offset an id has at most 256 bytes.
    private static let longestTopic = 220

    static func run(_ parsed: ParsedCommand) throws {
        let topics = parsed.strings("topic")
        for topic in topics where topic.isEmpty || topic.utf8.count > longestTopic {
            throw parsed.refusal("topic", value: topic, expected: "a name of 1 to \(longestTopic) bytes")
        }
        StopSignals.note()
        let follower = TopicFollower(
            consumer: try KafkaConsumer(
                brokers: try parsed.string("kafka"), topics: topics, group: try parsed.string("group"),
                options: try options(parsed.optionalString("kafka-options"))),
            sink: EventSink(
                try ServerReach(parsed, variable: AskingOptions.serversVariable),
                timeoutSeconds: try parsed.integer("timeout", in: 1...3600), reconnects: true),
            deadLetters: try DeadLetters(try parsed.string("dead-letters")),
            metricsPath: parsed.optionalString("metrics"), isQuiet: parsed.flag("quiet"))
        try follower.run(untilEnd: parsed.flag("until-end")) { StopSignals.areAsked }
        let total = follower.total
        Terminal.standardOutput.write(
            "\(ReadableNumber.count(total.stored)) stored, \(ReadableNumber.count(total.duplicates)) known already, "
                + "\(ReadableNumber.count(total.deadLetters)) dead letters\n")
    }

    /// `name=value` a line; lines that begin with # are none.
    private static func options(_ path: String?) throws -> [(name: String, value: String)] {
        guard let path else { return [] }
        let source = try LineSource(path)
        var options: [(name: String, value: String)] = []
        while let line = try source.next() {
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix("#") || text.allSatisfy({ $0 == " " }) { continue }
            guard let mark = text.firstIndex(of: "="), mark != text.startIndex else {
                throw RunFailure(
                    description:
                        "\(path), line \(source.lineNumber): expected name=value, such as security.protocol=SSL")
            }
            options.append((String(text[..<mark]), String(text[text.index(after: mark)...])))
        }
        return options
    }
}
