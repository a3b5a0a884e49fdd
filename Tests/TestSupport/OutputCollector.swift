import Foundation

/// Reads a pipe to its end on a thread of its own, so that the writer never blocks, and lets others wait for what they
/// expect.
///
// SAFETY: `bytes` and `isComplete` are only touched while `condition` is locked; `source` only by the reading thread.
final class OutputCollector: @unchecked Sendable {
    private let condition = NSCondition()
    private let source: FileHandle
    private var bytes: [UInt8] = []
    private var isComplete = false

    init(reading pipe: Pipe) {
        source = pipe.fileHandleForReading
        let thread = Thread { self.readToEnd() }
        thread.start()
    }

    /// All that was written, once the last writer closed; nil where that did not happen before the deadline.
    func complete(before deadline: Date) -> [UInt8]? {
        condition.lock()
        defer { condition.unlock() }
        while !isComplete {
            guard condition.wait(until: deadline) else { return isComplete ? bytes : nil }
        }
        return bytes
    }

    /// What was written up to now.
    func soFar() -> [UInt8] {
        condition.lock()
        defer { condition.unlock() }
        return bytes
    }

    /// The first value that `find` makes of the text so far; nil at the deadline, or when nothing more can come.
    func first<Found>(before deadline: Date, _ find: (String) -> Found?) -> Found? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let found = find(String(decoding: bytes, as: UTF8.self)) { return found }
            guard !isComplete, condition.wait(until: deadline) else {
                return find(String(decoding: bytes, as: UTF8.self))
            }
        }
    }

    private func readToEnd() {
        while true {
            let chunk = source.availableData
            condition.lock()
            if chunk.isEmpty {
                isComplete = true
            } else {
                bytes += chunk
            }
            condition.broadcast()
            condition.unlock()
            if chunk.isEmpty { return }
        }
    }
}
