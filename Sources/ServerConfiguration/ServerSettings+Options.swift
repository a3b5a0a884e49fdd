package import CommandLineInterface
import EventLoop
package import RecommendationServer
package import Telemetry
import TransportSecurity

extension ServerSettings {
    /// What the options say, each looked at as far as no file has to be opened for it.
    package init(_ parsed: ParsedCommand) throws(UsageError) {
        let address = try parsed.address("listen")
        self.init(
            indexPath: try parsed.string("index"),
            listenAddress: ListenAddress(host: address.host, port: address.port),
            isInsecureAllowed: parsed.flag("insecure"),
            graceMilliseconds: try parsed.integer("grace", in: 0...3600) * 1000,
            bufferBytes: try parsed.integer("buffers", in: 8...1_048_576) << 20)
        keysPath = parsed.optionalString("keys")
        personasPath = parsed.optionalString("personas")
        analyticsPath = parsed.optionalString("analytics")
        livePath = parsed.optionalString("live")
        if let count = try parsed.optionalInteger("threads", in: 1...256) { threadCount = count }
        http = try Self.http(parsed)
        tls = try Self.tls(parsed)
        unixSocketPath = parsed.optionalString("listen-unix")
        slowMilliseconds = try parsed.integer("slow", in: 0...3_600_000)
    }

    private static func tls(_ parsed: ParsedCommand) throws(UsageError) -> TLSSettings? {
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

    private static func http(_ parsed: ParsedCommand) throws(UsageError) -> HTTPSettings? {
        let origins = parsed.strings("http-origin")
        for origin in origins where !HTTPSettings.isOrigin(origin) {
            throw parsed.refusal(
                "http-origin", value: origin, expected: "a scheme and a host, such as https://shop.example")
        }
        let threadCount = try parsed.optionalInteger("http-threads", in: 1...256)
        guard parsed.optionalString("http") != nil else {
            if parsed.flag("dashboard") {
                throw UsageError(
                    code: .missingOption, operation: "foretaste-server",
                    text: "--dashboard needs --http HOST:PORT beside it, which says where its pages are shown.")
            }
            return nil
        }
        let address = try parsed.address("http")
        var settings = HTTPSettings(listenAddress: ListenAddress(host: address.host, port: address.port))
        if let threadCount { settings.threadCount = threadCount }
        settings.origins = origins
        settings.hasDashboard = parsed.flag("dashboard")
        return settings
    }
}

extension LogLevel {
    package init(_ parsed: ParsedCommand) throws(UsageError) {
        let name = try parsed.string("log-level")
        guard let level = LogLevel(name: name) else {
            throw parsed.refusal("log-level", value: name, expected: "debug, info, warning or error")
        }
        self = level
    }
}
