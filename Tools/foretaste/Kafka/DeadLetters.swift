import CommandLineInterface
import KafkaTopics

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Messages that are no events, in a file of JSON Lines, so that the others behind them go on.
final class DeadLetters {
    private(set) var count = 0
    private let path: String
    private let descriptor: Int32

    /// What is there stays: lines are added.
    init(_ path: String) throws {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
    }

    deinit { close(descriptor) }

    /// On the disk when this returns: the message will not come again.
    func add(_ letters: [(message: KafkaMessage, reason: String)]) throws {
        guard !letters.isEmpty else { return }
        var text: [UInt8] = []
        for letter in letters {
            let message = letter.message
            var members: [JSONText.Member] = [
                .init("topic", .string(message.topic)), .init("partition", .integer(Int(message.partition))),
                .init("offset", .integer(Int(message.offset))), .init("reason", .string(letter.reason)),
            ]
            if let value = String(validating: message.value, as: UTF8.self) {
                members.append(.init("message", .string(value)))
            } else {
                members.append(.init("bytes", .array(message.value.map { .integer(Int($0)) })))
            }
            text += Array(JSONText.object(members).compact.utf8) + [UInt8(ascii: "\n")]
        }
        var start = 0
        while start < text.count {
            let written = unsafe text[start...].withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw Self.failure("write", path) }
            start += written
        }
        guard fsync(descriptor) == 0 else { throw Self.failure("write", path) }
        count += letters.count
    }

    private static func failure(_ operation: String, _ path: String) -> RunFailure {
        RunFailure(
            description: "\(path): cannot \(operation): \(unsafe String(cString: strerror(errno))). "
                + "Messages that are no events must be kept somewhere: name a file that can be written by --dead-letters."
        )
    }
}
