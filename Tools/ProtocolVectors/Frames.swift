/// A payload with its length before it.
package func framed(_ payload: [UInt8]) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: payload.count >> (24 - 8 * $0)) } + payload
}

package func framed(_ payload: String) -> [UInt8] { framed(Array(payload.utf8)) }

/// The payloads of the frames in `bytes`, by a reader that shares nothing with the server's.
package func payloads(_ bytes: [UInt8]) -> [[UInt8]] {
    var rest = bytes[...]
    var payloads: [[UInt8]] = []
    while rest.count >= 4 {
        let count = rest.prefix(4).reduce(0) { $0 << 8 + Int($1) }
        payloads.append(Array(rest.dropFirst(4).prefix(count)))
        rest = rest.dropFirst(4 + count)
    }
    return payloads
}
