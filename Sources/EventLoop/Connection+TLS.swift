internal import CUV
internal import TransportSecurity

// The byte stage of a connection: plain, or TLS.
//
//     network ──▶ (plain) ─────────────────────▶ handler's bytes          handler's output ─────────────▶ (plain) ──▶ network
//             └─▶ cipherBuffer ──▶ TLSSession ──▶ the same                                  └─▶ TLSSession ──▶ records ──┘
//
// All that has arrived is decrypted at once, so nothing encrypted is kept but the beginning of a record, and output is encrypted when it
// leaves, so what is counted and held back is plain text. Before both sides have agreed on keys output waits.

extension Connection {
    /// What is counted for a session until it is established.
    static let handshakeBytes = 32 << 10

    var isHandshaking: Bool { tls.map { !$0.isEstablished } ?? false }

    /// Where the network's bytes go.
    var networkRoom: UnsafeMutableRawBufferPointer {
        guard tls != nil, phase == .open else { return unsafe readRoom() }
        return unsafe loop.cipherBuffer
    }

    /// - Parameter count: as of `readEnded`, of bytes in `networkRoom`.
    func networkRead(_ count: Int) {
        guard let tls, count > 0, phase == .open else { return readEnded(count) }
        let wasHandshaking = isHandshaking
        let cipher = unsafe UnsafeRawBufferPointer(rebasing: loop.cipherBuffer[..<count])
        unsafe decrypt(cipher, tls)
        if wasHandshaking, !isHandshaking {
            loop.count(.tlsHandshakes)
            settle(consumed: 0)
        }
    }

    private func decrypt(_ bytes: UnsafeRawBufferPointer, _ tls: TLSSession) {
        var bytes = unsafe bytes
        while phase == .open {
            let room = unsafe readRoom()
            var filled = 0
            var outcome = TLSSession.Outcome.text(0)
            while filled < room.count {
                outcome = unsafe tls.read(&bytes, into: UnsafeMutableRawBufferPointer(rebasing: room[filled...]))
                guard case .text(let count) = outcome else { break }
                filled += count
            }
            if filled > 0 { readEnded(filled) }
            switch outcome {
            case .text: continue
            case .needsMore:
                if tls.hasOutput { flush() }
                return
            case .ended: return didEndReading(status: UV_EOF.rawValue)
            case .failed(let reason):
                loop.count(.tlsFailures)
                // The client is told, where it listens.
                if phase != .closed { flush() }
                return close(.failed(name: "TLS: \(reason)"))
            }
        }
    }

    /// Puts what is to be sent over the network into the output's place.
    /// - Returns: text that cannot be encrypted yet.
    func seal(_ tls: TLSSession) -> [UInt8] {
        var text: [UInt8] = []
        swap(&text, &output)
        if tls.isEstablished, !text.isEmpty {
            let isWritten = unsafe text.withUnsafeBytes { unsafe tls.write($0) }
            loop.returnSpareBuffer(&text)
            text = []
            if !isWritten {
                close(.failed(name: "TLS: cannot encrypt"))
                return []
            }
        }
        if tls.hasOutput {
            output = loop.takeSpareBuffer()
            tls.takeOutput(appendingTo: &output)
        }
        return text
    }

    /// Says that nothing follows.
    func sealEnd() {
        guard let tls, tls.isEstablished else { return }
        tls.end()
        flush()
    }
}
