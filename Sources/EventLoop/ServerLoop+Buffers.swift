// When all buffers together hold more than is allowed, the connection that holds most gives way, of equals the one that was
// silent longest: on this loop at once, on another one by a message to it.

extension ServerLoop {
    /// Called where a connection holds more than before.
    func didGrow(_ connection: Connection, isOverBudget: Bool) {
        if connection.heldBytes > reportedLargest { reportLargest(connection.heldBytes) }
        if isOverBudget { relieve() }
    }

    private func relieve() {
        guard let own = largestHolder() else { return }
        reportLargest(own.heldBytes)
        let most = shared.buffers.loopWithLargest()
        if most.loop != index, most.byteCount > own.heldBytes {
            _ = shared.mailboxes[most.loop].post { loop in loop.relieveIfNeeded() }
            // The other loop needs a moment; a flood on this one must not use it.
            guard shared.buffers.heldBytes > shared.buffers.limitBytes / 8 * 9 else { return }
        }
        own.giveWay()
    }

    private func relieveIfNeeded() {
        guard shared.buffers.heldBytes > shared.buffers.limitBytes, let own = largestHolder() else { return }
        own.giveWay()
        reportLargest(largestHolder()?.heldBytes ?? 0)
    }

    /// At every check of the times, so that what has shrunk is known.
    func reportLargest() { reportLargest(reportedLargest == 0 ? 0 : largestHolder()?.heldBytes ?? 0) }

    private func reportLargest(_ byteCount: Int) {
        guard byteCount != reportedLargest else { return }
        reportedLargest = byteCount
        shared.buffers.report(largest: byteCount, ofLoop: index)
    }

    /// O(connections).
    private func largestHolder() -> Connection? {
        var found: Connection?
        for connection in connections where connection.heldBytes > 0 {
            guard let best = found else {
                found = connection
                continue
            }
            if (connection.heldBytes, best.lastActivity) > (best.heldBytes, connection.lastActivity) {
                found = connection
            }
        }
        return found
    }
}
