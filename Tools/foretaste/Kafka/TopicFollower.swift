import CommandLineInterface
import KafkaTopics
import StoredFiles
import Telemetry

/// Takes messages, sends them as events, and confirms their offsets once they are stored.
///
///     poll ▶ up to 1,000 messages ▶ events.put, again while the server is away ▶ what was refused to the dead letters ▶ commit
///
/// A kill between the last two makes messages come again: their ids are known then, and only dead letters are written twice.
final class TopicFollower {
    private static let batchMilliseconds: Int64 = 200
    private static let pollMilliseconds: Int32 = 100
    private static let reportMilliseconds: Int64 = 5_000

    private let consumer: KafkaConsumer
    private let sink: EventSink
    private let deadLetters: DeadLetters
    private let metricsPath: String?
    private let isQuiet: Bool
    /// Partitions of which nothing more is there now.
    private var ended: Set<KafkaPartition> = []
    /// The offset behind the last message of each partition that was confirmed.
    private var confirmed: [KafkaPartition: Int64] = [:]
    private var lastReport: Int64 = 0

    init(consumer: KafkaConsumer, sink: EventSink, deadLetters: DeadLetters, metricsPath: String?, isQuiet: Bool) {
        self.consumer = consumer
        self.sink = sink
        self.deadLetters = deadLetters
        self.metricsPath = metricsPath
        self.isQuiet = isQuiet
    }

    var total: (stored: Int, duplicates: Int, deadLetters: Int) {
        (sink.total.stored, sink.total.duplicates, deadLetters.count)
    }

    private static var milliseconds: Int64 { Int64(MonotonicClock.nanoseconds() / 1_000_000) }

    /// Until `isAsked`, or the end of all partitions.
    func run(untilEnd: Bool, isAsked: () -> Bool) throws {
        while !isAsked() {
            let messages = try batch(isAsked)
            try take(messages)
            try report(isLast: false)
            if untilEnd, messages.isEmpty, try isAtEnd() { break }
        }
        try report(isLast: true)
    }

    private func isAtEnd() throws -> Bool {
        let partitions = try consumer.assigned()
        return !partitions.isEmpty && partitions.allSatisfy { ended.contains($0) }
    }

    private func batch(_ isAsked: () -> Bool) throws -> [KafkaMessage] {
        var (messages, byteCount) = ([KafkaMessage](), 0)
        let end = Self.milliseconds + Self.batchMilliseconds
        while messages.count < EventBatch.countLimit, byteCount < EventBatch.byteLimit / 2, Self.milliseconds < end {
            switch try consumer.next(milliseconds: Self.pollMilliseconds) {
            case .message(let message)?:
                ended.remove(KafkaPartition(topic: message.topic, number: message.partition))
                messages.append(message)
                byteCount += message.value.count
            case .end(let partition)?: ended.insert(partition)
            case .notice(let text)?: Terminal.standardError.write("kafka: \(text)\n")
            case nil: if !messages.isEmpty || isAsked() { return messages }
            }
        }
        return messages
    }

    private func take(_ messages: [KafkaMessage]) throws {
        guard !messages.isEmpty else { return }
        var batch = EventBatch()
        var (sent, letters): ([KafkaMessage], [(message: KafkaMessage, reason: String)]) = ([], [])
        for message in messages {
            do throws(MessageEvent.Fault) {
                let text = try MessageEvent(
                    message, id: "\(message.topic)-\(message.partition)-\(message.offset)"
                ).text
                guard text.count <= EventBatch.byteLimit / 2 else {
                    letters.append((message, "an event of more than \(EventBatch.byteLimit / 2) bytes"))
                    continue
                }
                batch.texts.append(text)
                sent.append(message)
            } catch { letters.append((message, error.reason)) }
        }
        if !sent.isEmpty {
            try sink.send(batch) { index, reason in
                if sent.indices.contains(index) { letters.append((sent[index], reason)) }
            }
        }
        try deadLetters.add(letters)
        var offsets: [KafkaPartition: Int64] = [:]
        for message in messages {
            offsets[KafkaPartition(topic: message.topic, number: message.partition)] = message.offset + 1
        }
        if try consumer.commit(offsets) {
            confirmed.merge(offsets) { _, new in new }
        } else {
            Terminal.standardError.write(
                "kafka: another follower has taken partitions over; it meets these events again\n")
        }
    }

    // MARK: What has become of it

    private func report(isLast: Bool) throws {
        let now = Self.milliseconds
        guard isLast || now - lastReport >= Self.reportMilliseconds else { return }
        lastReport = now
        let lags = confirmed.sorted { $0.key < $1.key }.compactMap { partition, offset in
            consumer.end(of: partition).map { (partition: partition, lag: max(0, $0 - offset)) }
        }
        if !isQuiet {
            Terminal.standardError.write(
                "\(ReadableNumber.count(total.stored)) stored, \(ReadableNumber.count(total.duplicates)) known already, "
                    + "\(ReadableNumber.count(total.deadLetters)) dead letters, "
                    + "\(ReadableNumber.count(Int(lags.reduce(0) { $0 + $1.lag }))) behind\n")
        }
        guard let metricsPath else { return }
        var text = """
            # HELP foretaste_follow_events_total Events that the server has taken, by what became of them.
            # TYPE foretaste_follow_events_total counter
            foretaste_follow_events_total{outcome="stored"} \(total.stored)
            foretaste_follow_events_total{outcome="duplicate"} \(total.duplicates)
            foretaste_follow_events_total{outcome="dead-letter"} \(total.deadLetters)
            # HELP foretaste_follow_lag_messages Messages of a partition that are not confirmed yet.
            # TYPE foretaste_follow_lag_messages gauge

            """
        for (partition, lag) in lags {
            text +=
                "foretaste_follow_lag_messages{topic=\"\(partition.topic)\",partition=\"\(partition.number)\"} \(lag)\n"
        }
        var files = OutputFiles()
        try files.add(text, at: metricsPath)
        try files.publish()
    }
}
