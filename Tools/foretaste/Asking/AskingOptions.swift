import EventLoop

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What commands that ask a server take from the environment, and from the system.
enum AskingOptions {
    /// A server that closes while something is on its way to it is an error to be told, not the end of the program.
    static func ignoreClosedConnections() { signal(SIGPIPE, SIG_IGN) }

    static var serversVariable: String? { ProcessEnvironment.variables()["FORETASTE_SERVERS"] }
}
