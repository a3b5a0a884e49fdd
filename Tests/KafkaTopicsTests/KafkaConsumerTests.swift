import KafkaTopics
import Testing

/// What needs no broker but librdkafka's own, which each client makes for itself; `Tools/long/kafka` has the rest.
@Suite struct KafkaConsumerTests {
    private func consumer(_ options: [(name: String, value: String)]) throws -> KafkaConsumer {
        try KafkaConsumer(brokers: "127.0.0.1:1", topics: ["events"], group: "group", options: options)
    }

    @Test(arguments: [
        ("no.such.setting", "1", "no.such.setting"), ("session.timeout.ms", "soon", "session.timeout.ms"),
        ("enable.auto.commit", "true", "offsets are confirmed once events are stored"),
        ("enable.partition.eof", "false", "offsets are confirmed once events are stored"),
    ])
    func aWrongSettingIsNamed(name: String, value: String, says: String) throws {
        let error = #expect(throws: KafkaError.self) { try consumer([(name, value)]) }
        #expect(error?.description.contains(says) == true)
    }

    @Test func anEmptyTopicEnds() throws {
        let consumer = try consumer([("test.mock.num.brokers", "1"), ("topic.metadata.refresh.interval.ms", "100")])
        var ended: Set<KafkaPartition> = []
        // A topic that somebody asks for is made by the mock; until then it is unknown, which is told.
        for _ in 0..<600 where ended.isEmpty {
            do {
                if case .end(let partition)? = try consumer.next(milliseconds: 50) { ended.insert(partition) }
            } catch { #expect(error.description.contains("events")) }
        }
        let partition = try #require(ended.first)
        #expect(partition.topic == "events")
        #expect(try consumer.assigned().contains(partition))
        #expect(consumer.end(of: partition) == 0)
        #expect(try consumer.commit([:]))
        #expect(try consumer.commit([partition: 0]))
    }
}
