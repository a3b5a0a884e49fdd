import EventLoop

/// What commands that ask a server take from the environment.
enum AskingOptions {
    static var serversVariable: String? { ProcessEnvironment.variables()["FORETASTE_SERVERS"] }
}
