internal import CRdKafka

/// A member of a group of consumers, by librdkafka. It confirms nothing by itself: `commit` says up to where messages are done with, and
/// what was not confirmed comes again. For one thread.
@safe package final class KafkaConsumer {
    package enum Event: Sendable, Equatable {
        case message(KafkaMessage)
        /// Nothing more lies in the partition now.
        case end(KafkaPartition)
        /// Something that librdkafka mends by itself: a broker that is away, a group that is divided anew.
        case notice(String)
    }

    /// What the group's work needs to be safe: a caller cannot change it.
    private static let fixed = [
        ("enable.auto.commit", "false"), ("enable.auto.offset.store", "false"), ("enable.partition.eof", "true"),
    ]
    private static let errorByteCount = 512

    private let client: OpaquePointer

    /// - Parameters:
    ///   - brokers: HOST:PORT, separated by commas.
    ///   - options: librdkafka's own settings, such as `security.protocol`; its CONFIGURATION.md lists them.
    package init(
        brokers: String, topics: [String], group: String, options: [(name: String, value: String)] = []
    ) throws(KafkaError) {
        let settings =
            [("bootstrap.servers", brokers), ("group.id", group), ("auto.offset.reset", "earliest")] + options
            + Self.fixed
        for (name, _) in options where Self.fixed.contains(where: { $0.0 == name }) {
            throw KafkaError(
                operation: "set \(name)",
                found: "that offsets are confirmed once events are stored, and by nobody else",
                remedy: "Leave the setting out.")
        }
        var text = [CChar](repeating: 0, count: Self.errorByteCount)
        let configuration = unsafe rd_kafka_conf_new()
        for (name, value) in settings {
            let result = unsafe rd_kafka_conf_set(configuration, name, value, &text, text.count)
            guard result == RD_KAFKA_CONF_OK else {
                unsafe rd_kafka_conf_destroy(configuration)
                throw KafkaError(
                    operation: "set \(name)", found: Self.string(text), remedy: "Correct the setting or its value.")
            }
        }
        // The client owns the configuration from here on.
        guard let made = unsafe rd_kafka_new(RD_KAFKA_CONSUMER, configuration, &text, text.count) else {
            unsafe rd_kafka_conf_destroy(configuration)
            throw KafkaError(operation: "start", found: Self.string(text), remedy: "Correct the settings.")
        }
        unsafe client = made
        let list = unsafe rd_kafka_topic_partition_list_new(Int32(topics.count))
        defer { unsafe rd_kafka_topic_partition_list_destroy(list) }
        for topic in topics { _ = unsafe rd_kafka_topic_partition_list_add(list, topic, RD_KAFKA_PARTITION_UA) }
        unsafe rd_kafka_poll_set_consumer(made)
        try unsafe Self.check(rd_kafka_subscribe(made, list), "follow \(topics.joined(separator: ", "))")
    }

    /// Leaves the group, so that others take over at once.
    deinit {
        _ = unsafe rd_kafka_consumer_close(client)
        unsafe rd_kafka_destroy(client)
    }

    /// The next thing that happens; nil where nothing does within the time.
    package func next(milliseconds: Int32) throws(KafkaError) -> Event? {
        guard let found = unsafe rd_kafka_consumer_poll(client, milliseconds) else { return nil }
        defer { unsafe rd_kafka_message_destroy(found) }
        let error = unsafe found.pointee.err
        let topic = unsafe found.pointee.rkt.map { unsafe String(cString: rd_kafka_topic_name($0)) } ?? ""
        let partition = unsafe found.pointee.partition
        switch error {
        case RD_KAFKA_RESP_ERR_NO_ERROR:
            let value = unsafe found.pointee.payload.map { start in
                unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: found.pointee.len))
            }
            return .message(
                KafkaMessage(
                    topic: topic, partition: partition, offset: unsafe found.pointee.offset, value: value ?? []))
        case RD_KAFKA_RESP_ERR__PARTITION_EOF: return .end(KafkaPartition(topic: topic, number: partition))
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR__AUTHENTICATION,
            RD_KAFKA_RESP_ERR__FATAL:
            throw KafkaError(
                operation: "follow \(topic)", found: unsafe Self.detail(found),
                remedy: "Check the topic's name and the rights of the user, see --kafka-options.")
        default: return .notice(unsafe Self.detail(found))
        }
    }

    /// The partitions that this member reads now.
    package func assigned() throws(KafkaError) -> [KafkaPartition] {
        var list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
        try unsafe Self.check(rd_kafka_assignment(client, &list), "ask for the partitions")
        guard let list = unsafe list else { return [] }
        defer { unsafe rd_kafka_topic_partition_list_destroy(list) }
        return unsafe (0..<Int(list.pointee.cnt)).map { place in
            let element = unsafe list.pointee.elems[place]
            return KafkaPartition(topic: unsafe String(cString: element.topic), number: unsafe element.partition)
        }
    }

    /// Confirms all messages below `offset` of each partition; it returns once the brokers have kept it. Partitions that
    /// others read by now are theirs to confirm: that is told by `false`, and their messages come again.
    package func commit(_ offsets: [KafkaPartition: Int64]) throws(KafkaError) -> Bool {
        guard !offsets.isEmpty else { return true }
        let list = unsafe rd_kafka_topic_partition_list_new(Int32(offsets.count))
        defer { unsafe rd_kafka_topic_partition_list_destroy(list) }
        for (partition, offset) in offsets.sorted(by: { $0.key < $1.key }) {
            let place = unsafe rd_kafka_topic_partition_list_add(list, partition.topic, partition.number)
            unsafe place?.pointee.offset = offset
        }
        let result = unsafe rd_kafka_commit(client, list, 0)
        switch result {
        case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
            RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST, RD_KAFKA_RESP_ERR__STATE:
            return false
        default:
            try Self.check(result, "confirm offsets")
            return true
        }
    }

    /// One more than the offset of the last message of a partition, as it was seen last; nil where that is not known yet.
    package func end(of partition: KafkaPartition) -> Int64? {
        var (low, high): (Int64, Int64) = (-1, -1)
        let result = unsafe rd_kafka_get_watermark_offsets(client, partition.topic, partition.number, &low, &high)
        return result == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? high : nil
    }

    private static func check(_ code: rd_kafka_resp_err_t, _ operation: String) throws(KafkaError) {
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        throw KafkaError(
            operation: operation, found: unsafe String(cString: rd_kafka_err2str(code)),
            remedy: "Check the brokers, the topic and the rights.")
    }

    private static func detail(_ message: UnsafeMutablePointer<rd_kafka_message_t>) -> String {
        unsafe String(cString: rd_kafka_message_errstr(message))
    }

    private static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
