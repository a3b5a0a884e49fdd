import Foundation
import TestSupport
import Testing

/// A server that takes its options from a file and variables, and reads the file again.
@Suite struct ServerConfigurationFlowTests {
    @Test func aFileIsReadAgainOnSIGHUPAndABrokenOneChangesNothing() throws {
        let shop = try DoctorTests.shop.get()
        let folder = try TemporaryDirectory()
        let path = try folder.write("index = \(shop.indexPath)\nslow = 50\nthreads = 1\n", to: "server.conf")
        let server = try RunningServer(["--config", path], environment: ["FORETASTE_GRACE": "3"])
        func threshold() throws -> Double? {
            try TestClient(port: server.port).request("slowlog.get")["result"]?["thresholdMs"]?.number
        }
        #expect(try threshold() == 50)
        _ = try folder.write(
            "index = \(shop.indexPath)\nslow = 70\nthreads = 2\nlog-level = debug\n", to: "server.conf")
        server.send(signal: SIGHUP)
        #expect(server.logs(#""options read again" changed=3"#), "\(server.log)")
        #expect(server.log.contains(#""option taken over" option=slow from=50 to=70"#), "\(server.log)")
        #expect(
            server.log.contains(#"warning "option changed that counts at the next start" option=threads from=1 to=2"#),
            "\(server.log)")
        #expect(try threshold() == 70)
        _ = try folder.write("index = \(shop.indexPath)\nslow = 90\nthreds = 2\n", to: "server.conf")
        server.send(signal: SIGHUP)
        #expect(server.logs("everything stays as it was"), "\(server.log)")
        #expect(server.log.contains("server.conf, line 3: there is no option 'threds'"), "\(server.log)")
        #expect(try threshold() == 70)
        #expect(try server.stop().exitCode == 0)
    }

    @Test func theOptionsArePrintedAsAFile() throws {
        let outcome = try Subprocess.run(
            "foretaste-server", ["--print-config"], environment: ["FORETASTE_INDEX": "shop.index"])
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("\n# From FORETASTE_INDEX:\nindex = shop.index\n"), "\(outcome.output)")
    }
}
