/// A pool of connections to one or several servers that answer alike, for any number of tasks. Cancelling a task gives its
/// request up.
public final class Client: Sendable {
    private let options: ClientOptions
    private let engine: Engine

    /// - Throws: `InvalidRequest` where an option is wrong.
    public init(_ options: ClientOptions = ClientOptions()) throws {
        self.options = options
        engine = try Engine(options)
    }

    deinit {
        close()
    }

    /// Ends the connections; calls that wait for an answer fail.
    public func close() {
        engine.run { [engine] in engine.close() }
    }

    /// The result of any method.
    public func call(
        _ method: String, _ params: JSONValue = [:], options: CallOptions = CallOptions()
    ) async throws -> JSONValue {
        try await request(method, params, options: options).result
    }

    /// As `call`, with the reply's `meta`.
    public func request(
        _ method: String, _ params: JSONValue = [:], options: CallOptions = CallOptions()
    ) async throws -> Reply {
        var params = params
        if method == "hello", self.options.strict, case .object(let members) = params {
            // A `hello` that did not say so would end the strictness of its connection.
            params = .object(members.merging(["strictParams": true]) { given, _ in given })
        }
        let call = try Call(method, params, options, self.options)
        let engine = engine
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                engine.run {
                    call.wait(continuation)
                    engine.begin(call)
                }
            }
        } onCancel: {
            engine.run { engine.giveUp(call, CancellationError()) }
        }
    }
}
