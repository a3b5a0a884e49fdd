import Foundation
import Interactions
import LinearAlgebra
import TestSupport
import Testing

@testable import Segmentation

/// Extreme, cancelling and denormal values end in finite results or in a refusal, never in a trap.
struct ExtremeNumberTests {
    static let extremes: [Double] = [
        1e15, 999_999_999_999_999, 1e-300, .leastNonzeroMagnitude, 1e-15, 1, 0.1, 3e7, 4_503_599_627_370_496, 1e8,
        2.2250738585072014e-308,
    ]
    static let times: [Int64] = [
        NumberLimits.greatestTimeMilliseconds, -NumberLimits.greatestTimeMilliseconds, -62_167_219_200_000, 0, -1, 1,
        1_700_000_000_000,
    ]

    private func isFinite(_ matrix: DenseMatrix) -> Bool { matrix.values.allSatisfy { $0.isFinite } }

    @Test(arguments: 0..<20) func customers(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        func any<Value>(_ values: [Value]) -> Value { values[Int(generator.unit() * Double(values.count))] }
        var log = TransactionLog()
        for row in 0..<40 {
            log.append(
                customer: "c\(row % 9)", order: "\(row)", time: any(Self.times), quantity: any(Self.extremes),
                price: any([1, 1e-300, .leastNonzeroMagnitude, 0.01]))
        }
        let table = try RFMTable(log)
        var configuration = RFMSegmentation.standardConfiguration
        configuration.clusterCount = min(3, table.count)
        configuration.initialisationCount = 2
        configuration.threadCount = 1
        let first = try RFMSegmentation(table, configuration)
        let second = try RFMSegmentation(table, configuration, previous: first.model)
        for model in [first.model, second.model] {
            #expect(isFinite(model.centres))
            let read = try #require(RFMModel(numbers: model.numbers, names: model.profiles.map(\.name)))
            for monetary in [0, .leastNonzeroMagnitude, .greatestFiniteMagnitude] as [Double] {
                let answer = try read.predict(
                    RFMValues(recency: .greatestFiniteMagnitude, frequency: 0, monetary: monetary))
                #expect(answer.distanceToCentre.isFinite && (0...1).contains(answer.confidence))
            }
        }
    }

    @Test(arguments: 0..<20) func visits(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        func any<Value>(_ values: [Value]) -> Value { values[Int(generator.unit() * Double(values.count))] }
        let signed = Self.extremes + Self.extremes.map { -$0 } + [0, -0.0]
        let features = (0..<4).map { column in
            VisitTable.Feature("f\(column)", (0..<30).map { _ in any(column == 0 ? Self.extremes : signed) })
        }
        let table = try VisitTable(ids: (0..<30).map { "\($0)" }, features: features, isConverted: nil)
        var configuration = KMeansConfiguration(clusterCount: 3)
        configuration.initialisationCount = 2
        configuration.threadCount = 1
        let first = try VisitSegmentation(table, configuration)
        #expect(isFinite(first.scaledRows))
        // Centres that another build, or somebody, wrote: of another kind of scale and as far off as they may be.
        let columns = features.map { _ in
            ColumnScaling.Column(
                isLogarithmic: generator.unit() < 0.5, mean: any(signed),
                deviation: any([1e15, NumberLimits.leastDeviation, 1]))
        }
        var centres = DenseMatrix(zeros: 3, 4)
        for place in centres.values.indices { centres.values[place] = Float(any(signed)) }
        let second = try VisitSegmentation(table, configuration, previous: (ColumnScaling(columns: columns), centres))
        #expect(isFinite(second.clustering.centres))
        #expect(second.clustering.sizes.reduce(0, +) == 30)
    }

    @Test func modelsOfImpossibleNumbersAreNone() throws {
        var log = TransactionLog()
        for customer in 0..<20 {
            log.append(customer: "c\(customer)", order: "\(customer)", time: Int64(customer) * 86_400_000, price: 2)
        }
        var configuration = RFMSegmentation.standardConfiguration
        configuration.clusterCount = 2
        let model = try RFMSegmentation(try RFMTable(log), configuration).model
        let names = model.profiles.map(\.name)
        // Time, a mean, a deviation, a centre, customers.
        for place in [0, 2, 5, 20, 22] {
            for number in [1e300, -1e300, 1e19, 9.3e18] {
                var numbers = model.numbers
                numbers[place] = number
                #expect(RFMModel(numbers: numbers, names: names) == nil, "\(place) \(number)")
            }
        }
    }

    @Test func referenceTimes() throws {
        var log = TransactionLog()
        log.append(customer: "c", order: "1", time: -NumberLimits.greatestTimeMilliseconds, price: 1)
        for time in [Int64.max, .min, -NumberLimits.greatestTimeMilliseconds - 1] {
            #expect(throws: SegmentationError.self) { try RFMTable(log, referenceTime: time) }
        }
        #expect(try RFMTable(log, referenceTime: NumberLimits.greatestTimeMilliseconds).recencies[0] > 5e6)
    }

    /// One time far from the others makes no period of each week between.
    @Test func periodsAreFew() throws {
        let week: Int64 = 7 * 86_400_000
        let near = VisitPeriods(from: 0, to: 3 * week)
        #expect(near.period(of: 3 * week) == 3 && near.name(ofPeriod: 3) == "week 4")
        let far = VisitPeriods(from: -NumberLimits.greatestTimeMilliseconds, to: NumberLimits.greatestTimeMilliseconds)
        let last = far.period(of: NumberLimits.greatestTimeMilliseconds)
        #expect(last > 100 && last < 520)
        #expect(far.name(ofPeriod: 0).hasPrefix("weeks 1 to "))
    }
}

/// The commands on files with such numbers: a refusal with line and value, and nothing written.
struct ExtremeFileTests {
    private func run(_ arguments: [String]) throws -> Subprocess.Outcome {
        try Subprocess.run("foretaste", arguments + ["--quiet", "--max-k", "3", "--threads", "1"])
    }

    private func files(in folder: TemporaryDirectory, _ name: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path(name)) {
            files[file] = try Data(contentsOf: URL(filePath: folder.path("\(name)/\(file)")))
        }
        return files
    }

    @Test func priceThatNoSumHolds() throws {
        let folder = try TemporaryDirectory()
        let rows = (0..<30).map { "c\($0 % 7),\($0),2024-01-\(10 + $0 % 9),1,\(5 + $0)\n" }.joined()
        let header = "user,order,time,quantity,price\n"
        let good = try folder.write(header + rows, to: "good.csv")
        let bad = try folder.write(header + rows + "c1,99,2024-01-09,1,1e19\n", to: "bad.csv")
        let out = folder.path("out")
        #expect(try run(["segment", "rfm", "--transactions", good, "--out", out, "--k", "2"]).exitCode == 0)
        let before = try files(in: folder, "out")
        let refused = try run(["segment", "rfm", "--transactions", bad, "--out", out, "--k", "2"])
        #expect(refused.exitCode == 1)
        #expect(refused.errors.contains("line 32") && refused.errors.contains("1e19"), "\(refused.errors)")
        #expect(try files(in: folder, "out") == before)
        let allowed = try run(
            ["segment", "rfm", "--transactions", bad, "--out", out, "--k", "2", "--max-bad-rows", "1", "--json"])
        #expect(allowed.exitCode == 0 && allowed.output.contains("\"unreadable\": 1"), "\(allowed.errors)")
        for reference in ["9223372036854775807", "-9223372036854775808", "1e19"] {
            let answer = try run(["segment", "rfm", "--transactions", good, "--out", out, "--reference", reference])
            #expect(answer.exitCode == 2)
        }
    }

    @Test func measureThatNoSumHolds() throws {
        let folder = try TemporaryDirectory()
        var text = "id,seconds,pages\n"
        for row in 0..<30 { text += "v\(row),\(row % 5),\(row == 20 ? "1e20" : "\(row % 3)")\n" }
        let visits = try folder.write(text, to: "visits.csv")
        let refused = try run(["segment", "visits", "--visits", visits, "--id", "id", "--out", folder.path("v")])
        #expect(refused.exitCode == 1)
        #expect(refused.errors.contains("line 22") && refused.errors.contains("1e20"), "\(refused.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("v")))
        let without = try run(
            ["segment", "visits", "--visits", visits, "--id", "id", "--without", "pages", "--out", folder.path("v")])
        #expect(without.exitCode == 0, "\(without.errors)")
    }

    /// Numbers of a model that are JSON and no numbers of a model.
    @Test func modelReadBack() throws {
        let folder = try TemporaryDirectory()
        let rows = (0..<30).map { "c\($0 % 7),\($0),2024-01-\(10 + $0 % 9),1,\(5 + $0)\n" }.joined()
        let path = try folder.write("user,order,time,quantity,price\n" + rows, to: "rows.csv")
        let out = folder.path("out")
        #expect(try run(["segment", "rfm", "--transactions", path, "--out", out, "--k", "2"]).exitCode == 0)
        let model = try folder.text(of: "out/rfm_model.json")
        for (name, number) in [
            ("reference_time", "9223372036854775807"), ("means", "[1e300, 1, 1]"), ("deviations", "[5e-324, 1, 1]"),
            ("centres", "[[1e39, 0, 0], [0, 0, 0]]"), ("centres", "[[1e300, 0, 0], [0, 0, 0]]"),
        ] {
            var object = try #require(
                try JSONSerialization.jsonObject(with: Data(model.utf8)) as? [String: Any])
            #expect(object[name] != nil)
            object[name] = try JSONSerialization.jsonObject(with: Data(number.utf8), options: .fragmentsAllowed)
            let text = String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
            _ = try folder.write(text, to: "out/rfm_model.json")
            for values in [["--recency", "1", "--frequency", "1", "--monetary", "1e300"], ["--customer", "c1"]] {
                let answer = try Subprocess.run("foretaste", ["segment", "predict", "--model", out] + values)
                #expect(answer.exitCode == 1, "\(name) \(number): \(answer.errors)")
            }
        }
    }
}
