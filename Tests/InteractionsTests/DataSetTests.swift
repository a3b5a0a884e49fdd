import Foundation
import Interactions
import Testing

/// The folder of real data sets: `FORETASTE_DATA`, or `../shared/data` beside the package.
private let dataFolder: String? = {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let folder =
        ProcessInfo.processInfo.environment["FORETASTE_DATA"]
        ?? package.deletingLastPathComponent().appendingPathComponent("shared/data").path
    if FileManager.default.fileExists(atPath: folder) { return folder }
    print("SKIPPED: tests on real data sets, as there is no folder \(folder) (set FORETASTE_DATA)")
    return nil
}()

@Suite(.enabled(if: dataFolder != nil, "no data sets: set FORETASTE_DATA"))
struct DataSetTests {
    private func path(_ file: String) throws -> String { "\(try #require(dataFolder))/\(file)" }

    /// The counts are those of the data sets' own descriptions.
    @Test(arguments: [
        ("movielens-100k/u.data.gz", FileFormat.movielens100k, 100_000, 943, 1682, true),
        ("movielens-latest-small/ratings.csv.gz", .movielensCSV, 100_836, 610, 9724, true),
    ])
    func ratings(file: String, format: FileFormat, rows: Int, users: Int, items: Int, hasTimes: Bool) throws {
        let (log, report) = try InteractionReader.read(path: try path(file), options: SourceOptions(format: format))
        #expect(report.rowCount == rows && report.badRows.total == 0)
        #expect(log.users.count == users && log.items.count == items && log.hasTimes == hasTimes)
        #expect(log.values.allSatisfy { (0.5...5).contains($0) })
    }

    @Test func movies() throws {
        let small = try ItemReader.read(
            path: try path("movielens-100k/u.item.gz"), options: SourceOptions(format: .movielens100k))
        #expect(small.items.count == 1682)
        #expect(small.items[542]["title"] == .string("Misérables, Les (1995)"))
        let large = try ItemReader.read(
            path: try path("movielens-1m/movies.dat.gz"), options: SourceOptions(format: .movielens1m))
        #expect(large.items.count == 3883)
        #expect(large.items[0]["genres"] == .strings(["Animation", "Children's", "Comedy"]))
        #expect(large.items.allSatisfy { $0["year"] != nil })
    }

    @Test func onlineRetail() throws {
        let options = SourceOptions(
            columns: try ColumnMapping(parsing: "userId=CustomerID,itemId=StockCode,time=InvoiceDate,value=Quantity"),
            maxBadRows: try MaxBadRows(parsing: "30%"))
        let file = try path("online-retail/online_retail.csv.gz")
        let (log, report) = try InteractionReader.read(path: file, options: options, eventType: "purchase")
        #expect(report.rowCount == 541_909)
        #expect(report.badRows[.missingUserId] == 135_080 && report.badRows[.nonPositiveQuantity] == 8905)
        #expect(log.count == 397_924 && log.users.count == 4339)
        let items = try ItemReader.read(
            path: file,
            options: SourceOptions(columns: try ColumnMapping(parsing: "itemId=StockCode,title=Description")))
        #expect(items.items.first { $0.id == "85123A" }?["title"] == .string("WHITE HANGING HEART T-LIGHT HOLDER"))
    }
}
