package import CommandLineInterface
import RecommendationServer

// Every setting of the server, declared once. The command line, FORETASTE_* variables, the file, --help, the manual page, shell
// completions, --print-config and what SIGHUP takes over are all made of this table.

package enum ServerOptions {
    /// Of variables.
    package static let prefix = "FORETASTE_"
    /// The option that names the file; it stands in none.
    package static let file = "config"
    static let printing = "print-config"

    package static let all: [ServerOption] = places + security + behaviour

    private static let places = [
        ServerOption(.required("index", "DIR", help: "The directory of the index, as 'foretaste build' made it.")),
        ServerOption(.value("personas", "DIR", help: "Personas, as 'foretaste segment personas' made them.")),
        ServerOption(
            .value(
                "analytics", "DIR",
                help:
                    "An analysis, as 'foretaste analyse all' writes it; a newer one is taken over within half a second."
            )),
        ServerOption(
            .value(
                "live", "DIR",
                help:
                    "Where events, items and people are kept that change while the server runs; made where it is missing."
            )),
        ServerOption(
            .value(
                "listen", "HOST:PORT", default: "127.0.0.1:7411", help: "Where to listen; port 0 takes a free one.")),
        ServerOption(.value("listen-unix", "PATH", help: "A Unix socket for clients of this machine.")),
        ServerOption(
            .value(
                "http", "HOST:PORT",
                help: "Answer HTTP there too: methods, probes, metrics. /docs says more. Port 0 takes a free one.")),
        ServerOption(.value("http-threads", "N", help: "Threads for HTTP. Default: 2.")),
        ServerOption(
            .flag(
                "dashboard",
                help:
                    "Show pages for people at /dashboard of --http: to who has a key (--keys), or to this machine alone."
            )),
        ServerOption(
            .repeated(
                "http-origin", "ORIGIN",
                help: "A site, such as https://shop.example, whose pages may ask over HTTP. Default: none."), .applied),
    ]

    private static let security = [
        ServerOption(
            .value(
                "keys", "FILE", help: "Ask every client for a key of this file, as 'foretaste keys create' makes it."),
            .replaced),
        ServerOption(
            .value(
                "listen-tls", "HOST:PORT",
                help: "Speak TLS 1.2 and 1.3 there too; needs --tls-certificate and --tls-key.")),
        ServerOption(
            .value(
                "tls-certificate", "FILE",
                help: "PEM: the server's certificate, then those above it. Read again when it changes."), .replaced),
        ServerOption(.value("tls-key", "FILE", help: "PEM: its key."), .replaced),
        ServerOption(
            .value("tls-client-ca", "FILE", help: "PEM: clients must show a certificate of one of these authorities."),
            .replaced),
        ServerOption(
            .flag(
                "insecure",
                help: "Allow an address that other machines reach without keys or without TLS, such as behind a proxy.")
        ),
    ]

    private static let behaviour = [
        ServerOption(.value("threads", "N", help: "Loops, one thread each. Default: one per core.")),
        ServerOption(
            .value("grace", "SECONDS", default: "5", help: "How long a stop waits for clients to take their answers."),
            .applied),
        ServerOption(
            .value(
                "buffers", "MIB", default: "256",
                help: "What half requests and unread answers of all clients together may take.")),
        ServerOption(
            .value(
                "log-level", "LEVEL", default: "info",
                help: "debug, info, warning or error; debug tells each request that failed."), .applied),
        ServerOption(
            .value("log-format", "FORMAT", default: "text", help: "text, or json: an object for each line.")),
        ServerOption(
            .value(
                "slow", "MS", default: "10",
                help: "Requests that took so many milliseconds are kept for the method slowlog.get, the latest 128."),
            .applied),
    ]

    package static let program = Program(
        version: RecommendationServer.version,
        command: Command(
            name: "foretaste-server", summary: "Serve recommendations from an index over TCP.",
            discussion:
                "SIGTERM or SIGINT stops it once everything is answered, within --grace; sent again they change nothing. SIGUSR1 logs a "
                + "line of figures, SIGUSR2 nothing.\n\n"
                + "SIGHUP reads the --config file, the keys and the certificate again, and looks for a new version of the index, which is otherwise "
                + "taken over within half a second. The log says which options have changed, and which of them count at the next start only. "
                + "What is wrong is told, and then everything stays as it was.\n\n"
                + "Every option is also a line of the --config file, 'name = value', and a variable: FORETASTE_LOG_LEVEL is --log-level, and a flag is "
                + "yes or no. The command line wins over variables, and those over the file.",
            options: all.map(\.option) + [
                .value(file, "FILE", help: "Take options from FILE; --print-config shows what it may hold."),
                CommandOption.flag(printing, help: "Print all options as such a file, with the values they have here.")
                    .asInquiry,
            ],
            examples: [
                .init("foretaste-server --index shop.index", "Listen on 127.0.0.1:7411."),
                .init(
                    "foretaste-server --index shop.index --http 127.0.0.1:7480",
                    "With curl: curl -H 'Content-Type: application/json' -d '{\"userId\":\"u1\"}' 127.0.0.1:7480/v1/recommend.user"
                ),
                .init("foretaste-server --index shop.index --listen '[::1]:0'", "A free port; the log says which."),
                .init(
                    "foretaste-server --index shop.index --print-config > server.conf",
                    "A file to begin with; 'foretaste-server --config server.conf' then does the same."),
            ]), manualSection: 8)
}
