internal import CUV

extension Connection {
    /// Called for every connection each `checkInterval`; a few comparisons.
    func checkTimes(now: UInt64) {
        let limits = loop.configuration
        func isOver(_ limit: Int, since start: UInt64) -> Bool { now >= start + UInt64(limit) }
        switch phase {
        case .closed:
            return
        case .lingering:
            if now >= lingerUntil { close(closeReason) }
            return
        case .open, .finishing:
            break
        }
        if unsafe inFlight != nil {
            let queued = Int(unsafe uv_stream_get_write_queue_size(tcp.asStream))
            if queued != lastQueuedInUV {
                lastQueuedInUV = queued
                lastWriteProgress = now
                lastActivity = now
            } else if isOver(limits.writeStallTimeout, since: lastWriteProgress) {
                loop.count(.stalledCloses)
                return close(.writeStalled)
            }
        }
        guard phase == .open else { return }
        if isHandshaking {
            guard now >= handshakeUntil else { return }
            loop.count(.stalledCloses)
            return close(.orderly(.partialInput))
        }
        if let deadline, now >= deadline {
            closeOrderly(.deadline)
        } else if let start = partialInputSince, !isOutputPaused, !owesDelivery,
            isOver(limits.partialInputTimeout, since: start)
        {
            loop.count(.stalledCloses)
            closeOrderly(.partialInput)
        } else if owedAnswers == 0, isOver(limits.idleTimeout, since: lastActivity) {
            loop.count(.idleCloses)
            closeOrderly(.idle)
        }
    }

    /// Tells the handler, which may send a last message, flushes and closes. At a shutdown the handler still gets the
    /// requests that were read but had to wait for the client to take earlier answers.
    func closeOrderly(_ cause: OrderlyCloseCause) {
        guard phase == .open else { return }
        if isHandshaking { return close(.orderly(cause)) }
        handler?.willClose(self, cause: cause)
        guard phase == .open else { return }
        if cause == .shutdown {
            closeReason = .orderly(.shutdown)
            phase = .finishing(deliversInput: owesDelivery || owedAnswers > 0)
            flushAndContinue()
        } else {
            closeAfterFlush(.orderly(cause))
        }
    }
}
