import CommandLineInterface
import EventLoop
import RecommendationServer
import Telemetry
import TestSupport
import Testing

@testable import ServerConfiguration

@Suite struct ServerOptionTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func read(
        _ arguments: [String] = [], file: String? = nil, _ environment: [String: String] = [:]
    ) throws -> ParsedCommand {
        let path = try file.map { ["--config", try folder.write($0, to: "server.conf")] } ?? []
        let invocation = ServerInvocation(arguments: arguments + path, environment: environment)
        return try #require(try invocation.parsed())
    }

    private func refusal(
        _ arguments: [String] = [], file: String? = nil, _ environment: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> String {
        let error = #expect(throws: UsageError.self, sourceLocation: sourceLocation) {
            let parsed = try read(arguments, file: file, environment)
            _ = try (ServerSettings(parsed), LogLevel(parsed))
        }
        return error.map { $0.text.replacing(folder.path(""), with: "") } ?? ""
    }

    @Test func theCommandLineWinsOverVariablesAndThoseOverTheFile() throws {
        let file = """
            # a comment
            index = of-file
            slow = 1
              grace=2
            log-level = error
            insecure
            http-origin = https://a.example
            http-origin = https://b.example

            """
        let environment = [
            "FORETASTE_SLOW": "11", "FORETASTE_GRACE": "12", "FORETASTE_INSECURE": "no", "FORETASTE_LISTEN": "",
            "FORETASTE_OPTIONS": "--whatever", "FORETASTE_PORT_7411_TCP_ADDR": "10.0.0.1", "HOME": "/",
        ]
        let parsed = try read(["--slow", "21"], file: file, environment)
        let settings = try ServerSettings(parsed)
        #expect(settings.indexPath == "of-file")
        #expect(settings.slowMilliseconds == 21)
        #expect(settings.graceMilliseconds == 12_000)
        #expect(!settings.isInsecureAllowed)
        #expect(settings.listenAddress.port == 7411)
        #expect(try LogLevel(parsed) == .error)
        #expect(parsed.strings("http-origin") == ["https://a.example", "https://b.example"])
        #expect(parsed.source("grace") == .environment("FORETASTE_GRACE"))
        #expect(parsed.source("index") == .file(path: folder.path("server.conf"), lineNumber: 2))
        #expect(parsed.source("slow") == .commandLine)
        #expect(parsed.source("listen") == nil)
        // A layer that names an option stands for all that those below say of it.
        let origins = try read([], file: file, ["FORETASTE_HTTP_ORIGIN": "https://c.example https://d.example"])
        #expect(origins.strings("http-origin") == ["https://c.example", "https://d.example"])
        #expect(try ServerSettings(read([], file: file)).isInsecureAllowed)
    }

    @Test func whatIsWrongIsNamedWithItsPlace() {
        #expect(
            refusal(file: "index = i\n\nlog-levle = info\n")
                == "server.conf, line 3: there is no option 'log-levle' for a file. Did you mean 'log-level'?")
        #expect(
            refusal(file: "index = i\nslow = fast\n")
                == "'slow = fast' in server.conf, line 2: expected a whole number from 0 to 3600000.")
        #expect(
            refusal(["--index", "i"], file: "log-level = loud")
                == "'log-level = loud' in server.conf, line 1: expected debug, info, warning or error.")
        #expect(
            refusal(["--index", "i"], ["FORETASTE_SLOW": "-1"])
                == "'FORETASTE_SLOW=-1' in the environment: expected a whole number from 0 to 3600000.")
        #expect(
            refusal(["--index", "i"], ["FORETASTE_LOGLEVEL": "info"])
                == "the variable 'FORETASTE_LOGLEVEL' is none of the options. Did you mean 'FORETASTE_LOG_LEVEL'?")
        #expect(
            refusal(file: "index = i\nslow = 1\nslow = 2\n")
                == "server.conf, line 3: 'slow' stands there a second time. Keep one of them.")
        #expect(
            refusal(file: "index =\n")
                == "server.conf, line 1: 'index' needs a value. Write 'index = DIR', or leave the line out.")
        #expect(refusal(file: "index\n").hasPrefix("server.conf, line 1: 'index' needs a value."))
        #expect(
            refusal(["--index", "i"], file: "insecure = perhaps\n")
                == "'insecure = perhaps' in server.conf, line 1: expected 'yes' or 'no'.")
        #expect(
            refusal(["--index", "i"], file: "config = other.conf\n").hasSuffix(
                "It stands on the command line or in the environment."))
        #expect(refusal(["--index", "i"], file: "tls-key = k\n").contains("'tls-key = k' in server.conf, line 1"))
        #expect(
            refusal(["--index", "i"], file: "http-origin = shop.example\n").contains(
                "'http-origin = shop.example' in server.conf, line 1"))
        #expect(refusal(["--config", "no-such-file"]).contains("no-such-file: cannot open"))
        #expect(refusal([], ["FORETASTE_CONFIG": "no-such-file"]).contains("no-such-file: cannot open"))
        #expect(refusal(["--index", "i", "--config", "/"]).contains("--config /"))
        #expect(refusal() == "'--index DIR' is needed and was not given.")
        for name in ["help", "print-config"] {
            #expect(refusal(["--index", "i"], file: name).contains("there is no option '\(name)'"))
        }
    }

    @Test func thePrintedFileListsEveryOptionAndIsReadAsItWas() throws {
        let blank = ConfigurationText.text(for: try read(["--print-config"]))
        for option in ServerOptions.all {
            #expect(blank.contains("\n# \(option.name) = "), "\(option.name)")
        }
        #expect(OptionLines(blank).lines.isEmpty)
        // Each line, taken out of its comment, is a line of a file.
        let uncommented = blank.split(separator: "\n").compactMap { line -> String? in
            let words = line.dropFirst(2)
            let name = words.prefix { $0 != " " }
            return ServerOptions.all.contains { words.hasPrefix("\($0.name) = ") } && !name.isEmpty
                ? String(words) : nil
        }
        #expect(uncommented.count == ServerOptions.all.count)
        let all = try read([], file: uncommented.joined(separator: "\n"))
        #expect(all.source("tls-client-ca") != nil && !all.flag("insecure"))

        let arguments = [
            "--index", "shop index", "--http", "127.0.0.1:0", "--insecure", "--http-origin", "https://a.example",
            "--http-origin", "https://b.example", "--slow", "10",
        ]
        let environment = ["FORETASTE_GRACE": "7"]
        let printed = ConfigurationText.text(for: try read(arguments, environment))
        #expect(printed.contains("# From FORETASTE_GRACE:\ngrace = 7\n"))
        let again = try read([], file: printed)
        let (before, after) = (try ServerSettings(read(arguments, environment)), try ServerSettings(again))
        #expect("\(before)" == "\(after)")
        #expect(ConfigurationText.text(for: again) == printed.replacing("# From FORETASTE_GRACE:\n", with: ""))
    }

    @Test func everyOptionHasAVariableOfItsOwn() {
        let variables = ServerOptions.all.map(\.variable)
        #expect(Set(variables).count == variables.count)
        #expect(variables.contains("FORETASTE_TLS_CLIENT_CA"))
    }
}
