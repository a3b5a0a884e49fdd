import Foundation
import TestSupport
import Testing

@Suite struct RunningServerTests {
    /// Listens to nothing, and ends well on SIGTERM.
    private let script =
        "tail -f /dev/null & trap 'kill $!; echo bye; exit 0' TERM; echo listening on 127.0.0.1:4242 >&2; wait"

    @Test func theAnnouncedPortIsReadAndSIGTERMEndsIt() throws {
        let server = try RunningServer(path: "/bin/sh", ["-c", script])
        #expect(server.port == 4242)
        #expect(server.log == "listening on 127.0.0.1:4242\n")
        let outcome = try server.stop()
        #expect(outcome.exitCode == 0)
        #expect(outcome.output == "listening on 127.0.0.1:4242\nbye\n")
    }

    @Test func aKilledOneTellsTheSignal() throws {
        let server = try RunningServer(
            path: "/bin/sh", ["-c", "echo listening on 127.0.0.1:1; exec tail -f /dev/null"])
        #expect(try server.stop(signal: SIGKILL).signal == SIGKILL)
    }

    @Test func oneThatEndsAtOnceIsToldWithItsWords() {
        let error = #expect(throws: TestSupportError.self) {
            try RunningServer(path: "/bin/sh", ["-c", "echo no index >&2; exit 1"])
        }
        #expect(error?.description == "/bin/sh did not say where it listens; it wrote: no index\n")
    }

    @Test func aServerWithoutAnIndexDoesNotRun() {
        #expect(throws: TestSupportError.self) { try RunningServer(["--index", "/no/such/index"]) }
    }
}
