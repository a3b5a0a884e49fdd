import CommandLineInterface
import EventLoop
import RecommendationServer
import Telemetry
import TransportSecurity

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `foretaste-server`: answers from an index until SIGTERM.
@main
struct Main {
    private static let program = Program(
        version: RecommendationServer.version,
        command: Command(
            name: "foretaste-server", summary: "Serve recommendations from an index over TCP.",
            discussion:
                "SIGTERM or SIGINT stops it once everything is answered, within --grace; sent again they change nothing. SIGHUP looks "
                + "for a new version of the index at once, which is otherwise taken over within half a second, and reads the keys again, which otherwise takes a second. SIGUSR1 logs a line of "
                + "figures, SIGUSR2 nothing.",
            options: [
                .required("index", "DIR", help: "The directory of the index, as 'foretaste build' made it."),
                .value("personas", "DIR", help: "Personas, as 'foretaste segment personas' made them."),
                .value(
                    "live", "DIR",
                    help:
                        "Where events, items and people are kept that change while the server runs; made where it is missing."
                ),
                .value(
                    "keys", "FILE",
                    help: "Ask every client for a key of this file, as 'foretaste keys create' makes it."),
                .value(
                    "listen", "HOST:PORT", default: "127.0.0.1:7411", help: "Where to listen; port 0 takes a free one."),
                .value(
                    "listen-tls", "HOST:PORT",
                    help: "Speak TLS 1.2 and 1.3 there too; needs --tls-certificate and --tls-key."),
                .value(
                    "tls-certificate", "FILE",
                    help: "PEM: the server's certificate, then those above it. Read again when it changes."),
                .value("tls-key", "FILE", help: "PEM: its key."),
                .value(
                    "tls-client-ca", "FILE", help: "PEM: clients must show a certificate of one of these authorities."),
                .value("listen-unix", "PATH", help: "A Unix socket for clients of this machine."),
                .value("threads", "N", help: "Loops, one thread each. Default: one per core."),
                .value(
                    "grace", "SECONDS", default: "5", help: "How long a stop waits for clients to take their answers."),
                .value(
                    "buffers", "MIB", default: "256",
                    help: "What half requests and unread answers of all clients together may take."),
                .value(
                    "http", "HOST:PORT",
                    help: "Answer HTTP there too: methods, probes, metrics. /docs says more. Port 0 takes a free one."),
                .value("http-threads", "N", help: "Threads for HTTP. Default: 2."),
                .repeated(
                    "http-origin", "ORIGIN",
                    help: "A site, such as https://shop.example, whose pages may ask over HTTP. Default: none."),
                .value(
                    "log-level", "LEVEL", default: "info",
                    help: "debug, info, warning or error; debug tells each request that failed."),
                .value("log-format", "FORMAT", default: "text", help: "text, or json: an object for each line."),
                .value(
                    "slow", "MS", default: "10",
                    help: "Requests that took so many milliseconds are kept for the method slowlog.get, the latest 128."
                ),
                .flag(
                    "insecure",
                    help:
                        "Allow an address that other machines reach without keys or without TLS, such as behind a proxy."
                ),
            ],
            examples: [
                .init("foretaste-server --index shop.index", "Listen on 127.0.0.1:7411."),
                .init(
                    "foretaste-server --index shop.index --http 127.0.0.1:7480",
                    "With curl: curl -H 'Content-Type: application/json' -d '{\"userId\":\"u1\"}' 127.0.0.1:7480/v1/recommend.user"
                ),
                .init("foretaste-server --index shop.index --listen '[::1]:0'", "A free port; the log says which."),
            ]), manualSection: 8)

    static func main() {
        exit(program.run { parsed in try serve(parsed) }.rawValue)
    }

    private static func serve(_ parsed: ParsedCommand) throws {
        let address = try parsed.address("listen")
        guard let level = LogLevel(name: try parsed.string("log-level")) else {
            throw parsed.refusal(
                "log-level", value: try parsed.string("log-level"), expected: "debug, info, warning or error")
        }
        var settings = ServerSettings(
            indexPath: try parsed.string("index"),
            listenAddress: ListenAddress(host: address.host, port: address.port),
            isInsecureAllowed: parsed.flag("insecure"),
            graceMilliseconds: try parsed.integer("grace", in: 0...3600) * 1000,
            bufferBytes: try parsed.integer("buffers", in: 8...1_048_576) << 20)
        settings.keysPath = parsed.optionalString("keys")
        settings.personasPath = parsed.optionalString("personas")
        settings.livePath = parsed.optionalString("live")
        if let count = try parsed.optionalInteger("threads", in: 1...256) { settings.threadCount = count }
        settings.http = try http(parsed)
        settings.tls = try tls(parsed)
        settings.unixSocketPath = parsed.optionalString("listen-unix")
        settings.slowMilliseconds = try parsed.integer("slow", in: 0...3_600_000)
        let format = try parsed.choice("log-format", of: LogFormat.self)
        try RecommendationServer(settings, log: Log(level: level, format: format)).run()
    }

    private static func tls(_ parsed: ParsedCommand) throws -> TLSSettings? {
        guard parsed.optionalString("listen-tls") != nil else {
            for name in ["tls-certificate", "tls-key", "tls-client-ca"] {
                if let value = parsed.optionalString(name) {
                    throw parsed.refusal(
                        name, value: value, expected: "--listen-tls beside it, which says where to speak TLS")
                }
            }
            return nil
        }
        let address = try parsed.address("listen-tls")
        return TLSSettings(
            listenAddress: ListenAddress(host: address.host, port: address.port),
            files: TLSFiles(
                certificate: try parsed.string("tls-certificate"), key: try parsed.string("tls-key"),
                clientAuthorities: parsed.optionalString("tls-client-ca")))
    }

    private static func http(_ parsed: ParsedCommand) throws -> HTTPSettings? {
        guard parsed.optionalString("http") != nil else { return nil }
        let address = try parsed.address("http")
        var settings = HTTPSettings(listenAddress: ListenAddress(host: address.host, port: address.port))
        if let count = try parsed.optionalInteger("http-threads", in: 1...256) { settings.threadCount = count }
        settings.origins = parsed.strings("http-origin")
        for origin in settings.origins where !HTTPSettings.isOrigin(origin) {
            throw parsed.refusal(
                "http-origin", value: origin, expected: "a scheme and a host, such as https://shop.example")
        }
        return settings
    }
}
