/// What every loop counts. The raw value is the position in the loop's `CounterBlock`.
package enum LoopCounter: Int, CaseIterable, Sendable {
    case accepted, closed, rejected, acceptFailures
    case bytesReceived, bytesSent, reads
    /// Times that reading stopped because a client did not take its answers.
    case outputPauses
    case idleCloses, stalledCloses, limitCloses, budgetCloses
    case tlsHandshakes, tlsFailures

    package var name: String {
        switch self {
        case .accepted: "connections_accepted"
        case .closed: "connections_closed"
        case .rejected: "connections_rejected"
        case .acceptFailures: "accept_failures"
        case .bytesReceived: "bytes_received"
        case .bytesSent: "bytes_sent"
        case .reads: "reads"
        case .outputPauses: "output_pauses"
        case .idleCloses: "idle_closes"
        case .stalledCloses: "stalled_closes"
        case .limitCloses: "limit_closes"
        case .budgetCloses: "budget_closes"
        case .tlsHandshakes: "tls_handshakes"
        case .tlsFailures: "tls_failures"
        }
    }
}
