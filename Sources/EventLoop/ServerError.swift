internal import CUV

/// Why a server could not be set up. Errors of single connections are `CloseReason`s.
package struct ServerError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// `host:port` could not be read or the name could not be resolved.
        case invalidAddress
        case addressInUse
        case permissionDenied
        /// Other machines can reach the address, and the configuration does not allow it.
        case notLoopback
        /// Any other refusal of the operating system.
        case systemCallFailed
    }

    package let code: Code
    /// The call or the step that failed.
    package let operation: String
    package let expected: String
    package let found: String
    package let advice: String

    package var description: String {
        "\(operation): expected \(expected), found \(found). \(advice)"
    }

    static func invalidAddress(_ text: String, operation: String, found: String) -> ServerError {
        ServerError(
            code: .invalidAddress, operation: operation, expected: "an address such as 127.0.0.1:7411 or [::1]:7411",
            found: "\"\(text)\" (\(found))", advice: "Name a host or its address, a colon and a port from 0 to 65535.")
    }

    static func notLoopback(_ address: SocketAddress) -> ServerError {
        ServerError(
            code: .notLoopback, operation: "choose the address to listen on",
            expected: "one that only this machine can reach", found: "\(address)",
            advice: "Listen on 127.0.0.1 or [::1].")
    }

    /// - Parameter number: an `errno` value.
    package static func systemCall(_ operation: String, number: Int32, subject: String) -> ServerError {
        let (code, advice): (Code, String) =
            switch number {
            case EADDRINUSE:
                (.addressInUse, "Stop the process that listens there, or choose another port (0 takes a free one).")
            case EACCES, EPERM:
                (.permissionDenied, "Choose a port of 1024 or above, or grant the right to use this one.")
            case EADDRNOTAVAIL:
                (.systemCallFailed, "Choose an address of this machine.")
            case EMFILE, ENFILE:
                (.systemCallFailed, "Raise the limit of open files (ulimit -n).")
            default:
                (.systemCallFailed, "See the system's documentation of this call.")
            }
        return ServerError(
            code: code, operation: operation, expected: "success for \(subject)",
            found: describeErrorNumber(number), advice: advice)
    }

    /// - Parameter status: a negative libuv status, which is a negated `errno` on the supported systems.
    static func libuv(_ operation: String, status: Int32) -> ServerError {
        systemCall(operation, number: -status, subject: "an event loop")
    }
}

/// `name: text` of an `errno` value, without the shared buffer of `strerror`.
func describeErrorNumber(_ number: Int32) -> String {
    let name = unsafe uv_err_name(-number).map { unsafe String(cString: $0) } ?? "error \(number)"
    let text = unsafe uv_strerror(-number).map { unsafe String(cString: $0) } ?? "unknown"
    return "\(name): \(text)"
}
