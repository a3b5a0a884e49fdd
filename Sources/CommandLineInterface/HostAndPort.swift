/// A TCP address as a person writes it: `127.0.0.1:7411`, `shop.example:7411`, `[::1]:7411`.
package struct HostAndPort: Equatable, Sendable, CustomStringConvertible {
    /// Without brackets.
    package let host: String
    /// 0 asks the system for a free one.
    package let port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Nil where there is no host, no port, or an IPv6 host without brackets.
    package init?(parsing text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: port)
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
