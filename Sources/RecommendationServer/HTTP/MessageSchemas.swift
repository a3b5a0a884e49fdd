/// A schema of Protocol/Messages as a component of OpenAPI.
struct MessageSchema: Sendable {
    let name: String
    /// An object without members is valid.
    let acceptsEmpty: Bool
    let json: String

    init(_ name: String, acceptsEmpty: Bool, _ json: String) {
        self.name = name
        self.acceptsEmpty = acceptsEmpty
        self.json = json
    }
}

/// By name: `METHOD.params`, `METHOD.result`, and parts of replies.
enum MessageSchemas {
    /// The methods `recommend.*` have one result.
    static func result(of method: String) -> String {
        let own = "\(method).result"
        return all.contains { $0.name == own } ? own : "\(method.prefix { $0 != "." }).result"
    }

    /// Whether the method can be asked without parameters.
    static func acceptsNoParameters(_ method: String) -> Bool {
        all.first { $0.name == "\(method).params" }?.acceptsEmpty ?? true
    }
}
