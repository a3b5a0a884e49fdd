import CommandLineInterface
import EventLoop
import ServerConfiguration

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `foretaste-server`: answers from an index until SIGTERM.
@main
struct Main {
    static func main() {
        let invocation = ServerInvocation(
            arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessEnvironment.variables())
        exit(ServerProgram.run(invocation).rawValue)
    }
}
