internal import CUV

extension Connection {
    /// A client that has more of its answers still to take is cut without a word: it would have to take them first.
    private static let tellableBytes = 64 << 10

    /// Brings the budget of all buffers in line with what this connection holds now. Called at the end of everything that
    /// changes it.
    func accountBuffers() {
        let queued = unsafe inFlight?.count ?? 0
        let now =
            phase == .closed
            ? 0 : (isHandshaking ? Self.handshakeBytes : 0) + input.capacity + output.count + queued + handlerBytes
        guard now != heldBytes else { return }
        let grew = now > heldBytes
        let isOver = loop.shared.buffers.change(by: now - heldBytes)
        heldBytes = now
        if grew { loop.didGrow(self, isOverBudget: isOver) }
    }

    /// All buffers together hold too much, and this connection holds most: its memory goes at once, and it is told where
    /// that is possible.
    func giveWay() {
        loop.count(.budgetCloses)
        let waiting = unsafe inFlight?.count ?? 0
        guard phase == .open, !isDelivering, waiting <= Self.tellableBytes else { return close(.gaveWay) }
        input.removeAll()
        owesDelivery = false
        // It begins with a whole message: what was begun is in flight.
        output = []
        isOutputPaused = false
        handler?.willClose(self, cause: .bufferBudget)
        if phase == .open { closeAfterFlush(.orderly(.bufferBudget)) }
        accountBuffers()
    }
}
