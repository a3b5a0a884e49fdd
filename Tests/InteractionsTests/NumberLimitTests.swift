import Interactions
import LinearAlgebra
import Testing

/// No number in a file is taken that a sum, a product or a conversion could not hold.
struct NumberLimitTests {
    static let tooLarge = ["1e19", "-1e19", "1000000000000001", "9223372036854775808", "1e300", "-1.7e308"]

    private func options(_ format: FileFormat? = nil) -> SourceOptions {
        SourceOptions(format: format, maxBadRows: .share(1))
    }

    @Test(arguments: tooLarge) func transactions(number: String) throws {
        let file = try TemporaryFile(
            "user,order,time,qty,price\na,1,2024-01-01,1,1\nb,2,2024-01-01,1,\(number)\nc,3,2024-01-01,\(number),1\n",
            name: "rows.csv")
        let (log, report) = try TransactionReader.read(path: file.path, options: options())
        #expect(log.count == 1 && report.badRows[.numberOutOfRange] == 2)
        #expect(report.badRows.samples.map(\.lineNumber) == [3, 4])
        #expect(report.badRows.samples.allSatisfy { $0.detail == number })
    }

    /// Each for itself is possible, the product is not.
    @Test func productOfQuantityAndPrice() throws {
        let file = try TemporaryFile(
            "user,order,time,qty,price\na,1,2024-01-01,1e10,1e5\nb,2,2024-01-01,1e10,1e6\n", name: "rows.csv")
        let (log, report) = try TransactionReader.read(path: file.path, options: options())
        #expect(log.count == 1 && report.badRows[.numberOutOfRange] == 1)
    }

    @Test(arguments: tooLarge) func interactions(number: String) throws {
        let file = try TemporaryFile(
            "user,item,rating\na,x,4\nb,y,\(number)\nc,z,1e15\nd,z,1e-320\n", name: "ratings.csv")
        let (log, report) = try InteractionReader.read(path: file.path, options: options())
        #expect(log.count == 3 && report.badRows.total == 1)
        // What not even a Float holds is no number here.
        let reason = number.contains("e30") ? BadRowReason.unparseableNumber : .numberOutOfRange
        #expect(report.badRows[reason] == 1)
        let matrix = InteractionMatrix.build(from: log, halfLifeDays: 1e-6)
        let isFinite = matrix.matrix.values.allSatisfy { $0.isFinite }
        #expect(isFinite)
    }

    @Test func weightsOfEvents() throws {
        #expect(throws: ReadError.self) { try EventWeights(parsing: "view=1e16") }
        #expect(throws: ReadError.self) { try EventWeights(parsing: "view=-1e300") }
        #expect(try EventWeights(parsing: "view=-1e15").weight(of: "view") == -1e15)
    }

    /// Sums of the largest numbers that there may be, of both signs, stay finite.
    @Test func greatestSums() throws {
        var log = InteractionLog(eventTypes: ["up", "down"], hasTimes: true)
        let weights = try EventWeights(parsing: "up=1e15,down=-1e15")
        for row in 0..<1000 {
            log.append(
                user: "u", item: "i\(row % 3)", eventType: UInt8(row % 2),
                time: row.isMultiple(of: 2)
                    ? NumberLimits.greatestTimeMilliseconds : -NumberLimits.greatestTimeMilliseconds,
                value: 1e15)
        }
        for halfLife in [nil, 1e-6, 1e6] as [Double?] {
            let matrix = InteractionMatrix.build(from: log, weights: weights, halfLifeDays: halfLife)
            let isFinite = matrix.matrix.values.allSatisfy { $0.isFinite }
            #expect(isFinite)
        }
    }

    /// A column with such a number is one of words, which keeps long codes as they are, and says where.
    @Test func columnsOfTables() throws {
        let file = try TemporaryFile("code,x\n12345678901234567890,1\n7,2\n", name: "rows.csv")
        let columns = try TableReader.read(path: file.path).columns
        #expect(columns[0].numbers == nil && columns[0].texts == ["12345678901234567890", "7"])
        #expect(columns[0].tooLarge?.text == "12345678901234567890" && columns[0].tooLarge?.lineNumber == 2)
        #expect(columns[1].numbers == [1, 2] && columns[1].tooLarge == nil)
    }
}
