/// One message of a topic.
package struct KafkaMessage: Sendable, Equatable {
    package let topic: String
    package let partition: Int32
    package let offset: Int64
    /// Empty for a message without a value, which says that a key is gone.
    package let value: [UInt8]

    package init(topic: String, partition: Int32, offset: Int64, value: [UInt8]) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.value = value
    }
}

/// A partition of a topic.
package struct KafkaPartition: Sendable, Hashable, Comparable {
    package let topic: String
    package let number: Int32

    package init(topic: String, number: Int32) {
        self.topic = topic
        self.number = number
    }

    package static func < (left: KafkaPartition, right: KafkaPartition) -> Bool {
        (left.topic, left.number) < (right.topic, right.number)
    }
}

/// What librdkafka said.
package struct KafkaError: Error, Sendable, Equatable, CustomStringConvertible {
    package let operation: String
    package let found: String
    package let remedy: String

    package var description: String { "cannot \(operation): \(found). \(remedy)" }
}
