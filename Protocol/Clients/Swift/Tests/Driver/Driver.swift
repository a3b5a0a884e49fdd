// Plays transcripts: see ../../../README.md. With `live HOST:PORT` it asks a real server instead.

import ForetasteClient

@main struct Driver {
    static func main() async throws {
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "live" {
            try await LiveTest(address: CommandLine.arguments[2]).run()
            return
        }
        while let line = readLine() {
            let transcript = try JSONText.read(line)
            let outcomes = try await play(transcript)
            print(try JSONText.write(["id": transcript["id"] ?? .null, "outcomes": .object(outcomes)]))
        }
    }

    static func play(_ transcript: JSONValue) async throws -> [String: JSONValue] {
        let client = try Client(options(transcript["options"] ?? [:]))
        let calls = transcript["calls"]?.array ?? []
        let done = Progress()
        let outcomes = await withTaskGroup(of: (String, JSONValue).self) { group in
            for call in calls {
                let tag = call["tag"]?.string ?? ""
                group.addTask {
                    if let other = call["after"]?.string { await done.wait(other) }
                    let work = Task { await run(client, call) }
                    if let other = call["cancelWhen"]?.string {
                        await done.wait(other)
                        work.cancel()
                    }
                    let outcome = await work.value
                    await done.end(tag)
                    return (tag, outcome)
                }
            }
            var found: [String: JSONValue] = [:]
            for await (tag, outcome) in group { found[tag] = outcome }
            return found
        }
        client.close()
        return outcomes
    }

    static func run(_ client: Client, _ call: JSONValue) async -> JSONValue {
        guard let method = call["method"]?.string, method != "(close)" else {
            client.close()
            return ["result": [:]]
        }
        var params = call["params"]?.object ?? [:]
        if let count = call["padBytes"]?.integer { params["pad"] = .string(String(repeating: "x", count: count)) }
        if let count = call["padValues"]?.integer { params["pad"] = .array(Array(repeating: 0, count: count)) }
        let options = CallOptions(
            deadlineMs: call["deadlineMs"]?.integer, timeout: (call["timeoutMs"]?.integer).map { .milliseconds($0) },
            traceparent: call["traceparent"]?.string, idempotent: call["idempotent"]?.bool)
        do {
            let reply = try await client.request(method, .object(params), options: options)
            return ["result": reply.result, "meta": reply.meta]
        } catch {
            return outcome(error)
        }
    }

    static func outcome(_ error: any Error) -> JSONValue {
        switch error {
        case let error as ServerError:
            [
                "reason": .string(error.reason), "status": .string(error.status), "code": .integer(error.code),
                "message": .string(error.message), "retryable": .bool(error.retryable),
                "field": error.field.map(JSONValue.string) ?? .null,
            ]
        case let failed as ConnectionFailed:
            ["failed": .string(name(failed.kind)), "message": .string(failed.description)]
        case is TimedOut: ["failed": "TIMED_OUT"]
        case let invalid as InvalidRequest: ["failed": "INVALID", "message": .string(invalid.description)]
        case is CancellationError: ["failed": "CANCELLED"]
        default: ["failed": .string("OTHER \(error)")]
        }
    }

    static func name(_ kind: ConnectionFailed.Kind) -> String {
        switch kind {
        case .connect: "CONNECT"
        case .closed: "CLOSED"
        case .protocol: "PROTOCOL"
        case .clientClosed: "CLIENT_CLOSED"
        }
    }

    static func options(_ told: JSONValue) -> ClientOptions {
        func time(_ name: String) -> Duration { .milliseconds(told[name]?.integer ?? 0) }
        var options = ClientOptions(key: told["key"]?.string, name: told["name"]?.string)
        options.servers = told["servers"]?.array?.compactMap(\.string) ?? []
        options.strict = told["strict"]?.bool ?? false
        options.connections = told["connections"]?.integer ?? 1
        options.retries = told["retries"]?.integer ?? 0
        options.timeout = time("timeoutMs")
        options.connectTimeout = time("connectTimeoutMs")
        options.silenceTimeout = time("silenceMs")
        options.backoff = time("backoffMs")
        options.backoffLimit = time("backoffLimitMs")
        options.tls = told["tls"].map {
            TLSOptions(authorities: $0["ca"]?.string, serverName: $0["serverName"]?.string)
        }
        return options
    }
}

/// Which calls have ended.
actor Progress {
    private var ended: Set<String> = []
    private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]

    func wait(_ tag: String) async {
        if ended.contains(tag) { return }
        await withCheckedContinuation { waiting[tag, default: []].append($0) }
    }

    func end(_ tag: String) {
        ended.insert(tag)
        waiting.removeValue(forKey: tag)?.forEach { $0.resume() }
    }
}
