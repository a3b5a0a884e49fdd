import Foundation

/// A client of HTTP/1.1 that sends what it is told, good or bad, on one connection.
package final class HTTPTestClient {
    package struct Reply: Sendable {
        package let status: Int
        /// Names in lower case.
        package let headers: [String: String]
        package let body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
        package func json() throws -> JSON { try JSON.parse(body) }
    }

    private let client: TestClient

    package init(port: UInt16) throws { client = try TestClient(port: port) }

    package func send(_ text: String) throws { try client.send(Array(text.utf8)) }
    package func finishSending() { client.finishSending() }

    /// One request and its reply.
    package func ask(
        _ method: String, _ path: String, _ headers: [String] = [], body: String? = nil
    ) throws -> Reply {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: test"] + headers
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        try send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
        return try receive(hasBody: method != "HEAD")
    }

    /// A method of the protocol.
    package func call(_ method: String, _ parameters: String = "{}", query: String = "") throws -> Reply {
        try ask("POST", "/v1/\(method)\(query)", ["Content-Type: application/json"], body: parameters)
    }

    /// The next reply, interim ones included.
    package func receive(hasBody: Bool = true) throws -> Reply {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) { head += try client.receive(exactly: 1) }
        let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
        guard let status = lines[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw TestSupportError("no status line: \(lines[0])")
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] =
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        let length = hasBody ? headers["content-length"].flatMap { Int($0) } ?? 0 : 0
        return Reply(status: status, headers: headers, body: try client.receive(exactly: length))
    }

    package func receiveUntilClose() throws -> String {
        String(decoding: try client.receiveUntilClose(), as: UTF8.self)
    }
}
