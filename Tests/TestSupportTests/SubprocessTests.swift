import Foundation
import TestSupport
import Testing

@Suite struct SubprocessTests {
    @Test func collectsOutputErrorsAndCode() throws {
        let outcome = try Subprocess.run(
            path: "/bin/sh", ["-c", "cat; echo problem >&2; exit 3"], input: [0, 65, 255])
        #expect(outcome.outputBytes == [0, 65, 255])
        #expect(outcome.errors == "problem\n")
        #expect(outcome.exitCode == 3)
        #expect(outcome.signal == nil)
    }

    @Test func neitherBigOutputNorUnreadInputBlocks() throws {
        let input = [UInt8](repeating: 120, count: 1_000_000)
        let echoed = try Subprocess.run(path: "/bin/sh", ["-c", "cat; cat /dev/null >&2"], input: input)
        #expect(echoed.outputBytes == input)
        let unread = try Subprocess.run(path: "/bin/sh", ["-c", "exit 0"], input: input)
        #expect(unread.exitCode == 0)
    }

    @Test func environmentAndDirectoryReachTheProgram() throws {
        let folder = try TemporaryDirectory()
        let outcome = try Subprocess.run(
            path: "/bin/sh", ["-c", "echo $FORETASTE_TRIAL; pwd -P"], environment: ["FORETASTE_TRIAL": "yes"],
            directory: folder.path)
        let real = URL(fileURLWithPath: folder.path).resolvingSymlinksInPath().path
        #expect(outcome.output.hasPrefix("yes\n"))
        #expect(outcome.output.contains(real))
    }

    @Test func aSignalIsTold() throws {
        let outcome = try Subprocess.run(path: "/bin/sh", ["-c", "kill -9 $$"])
        #expect(outcome.signal == SIGKILL)
        #expect(outcome.exitCode == nil)
    }

    @Test func aProgramThatDoesNotEndIsKilled() {
        let error = #expect(throws: TestSupportError.self) {
            try Subprocess.run(path: "/bin/sh", ["-c", "echo begun; exec tail -f /dev/null"], timeoutSeconds: 0.5)
        }
        #expect(error?.description.contains("did not end in 0.5 s") == true)
    }

    @Test func whatCannotBeStartedIsNamed() {
        let error = #expect(throws: TestSupportError.self) { try Subprocess.run(path: "/no/such/program") }
        #expect(error?.description.hasPrefix("/no/such/program cannot be started") == true)
        let unbuilt = #expect(throws: TestSupportError.self) { try Subprocess.run("no-such-product") }
        #expect(unbuilt?.description == "'no-such-product' is not built beside the tests: run 'swift build' first")
    }

    @Test func builtProgramsAreFound() throws {
        #expect(try BuiltProducts.path(of: "foretaste").hasSuffix("/foretaste"))
        #expect(try BuiltProducts.path(of: "foretaste-server").hasSuffix("/foretaste-server"))
    }
}
