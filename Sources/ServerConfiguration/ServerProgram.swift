package import CommandLineInterface
import RecommendationServer
import Synchronization
import Telemetry

/// `foretaste-server` as a whole: from its words to its exit code.
package enum ServerProgram {
    package static func run(_ invocation: ServerInvocation) -> ExitCode {
        ServerOptions.program.run(invocation.arguments, lower: invocation.layers) { parsed in
            if parsed.flag(ServerOptions.printing) {
                Terminal.standardOutput.write(ConfigurationText.text(for: parsed))
            } else {
                try serve(parsed, invocation)
            }
        }
    }

    private static func serve(_ parsed: ParsedCommand, _ invocation: ServerInvocation) throws {
        let settings = try ServerSettings(parsed)
        let log = Log(level: try LogLevel(parsed), format: try parsed.choice("log-format", of: LogFormat.self))
        let server = try RecommendationServer(settings, log: log)
        let reload = Mutex(ConfigurationReload(parsed))
        server.onHangUp { [weak server] in
            reload.withLock { reload in
                reload.run(log: log, read: invocation.parsed) { settings in try server?.apply(settings) }
            }
        }
        try server.run()
    }
}
