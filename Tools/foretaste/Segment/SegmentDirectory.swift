import CommandLineInterface
import Interactions
import Segmentation

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The directory that `foretaste segment rfm` writes and `foretaste segment predict` reads.
struct SegmentDirectory {
    let path: String

    private static let modelName = "rfm_model.json"
    private static let tableName = "rfm_table.csv"

    /// The model, last of all: where it is new, so are the others.
    func write(_ result: SegmentResult) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw RunFailure(description: "cannot make the directory \(path): \(error)")
        }
        try write(SegmentTableFile.csv(result.segmentation), to: Self.tableName)
        try write(SegmentProfilesFile.json(result).indented + "\n", to: "segment_profiles.json")
        try write(SegmentDiagnosticsFile.csv(result.diagnostics), to: "k_diagnostics.csv")
        try write(SegmentReportPage(result).html, to: "report.html")
        try write(SegmentModelFile.json(result).indented + "\n", to: Self.modelName)
    }

    /// Nil where there is none.
    func modelIfThere() throws -> RFMModel? {
        FileManager.default.fileExists(atPath: "\(path)/\(Self.modelName)") ? try model() : nil
    }

    func model() throws -> RFMModel {
        let file = "\(path)/\(Self.modelName)"
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: file))
        } catch {
            throw RunFailure(
                description:
                    "cannot read \(file): \(error). 'foretaste segment rfm' writes it: is --model its directory?")
        }
        return try SegmentModelFile.model(data, path: file)
    }

    /// A customer's values as the table has them; nil where it does not have the customer.
    func values(ofCustomer id: String) throws -> RFMValues? {
        let columns = ["recency", "frequency", "monetary"]
        let mapping = ColumnMapping(
            [.init(name: "itemId", column: "customer_id")] + columns.map { .init(name: $0, column: $0) })
        let file = "\(path)/\(Self.tableName)"
        let customers = try ItemReader.read(path: file, options: SourceOptions(format: .csv, columns: mapping)).items
        guard let customer = customers.first(where: { $0.id == id }) else { return nil }
        let numbers = columns.compactMap { column -> Double? in
            if case .number(let number) = customer[column] { return number }
            return nil
        }
        guard numbers.count == columns.count else {
            throw RunFailure(
                description: "\(file): \(columns.joined(separator: ", ")) are not all numbers. Write the table again.")
        }
        return RFMValues(recency: numbers[0], frequency: numbers[1], monetary: numbers[2])
    }

    private func write(_ text: String, to name: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"), options: .atomic)
        } catch {
            throw RunFailure(description: "cannot write \(path)/\(name): \(error)")
        }
    }
}
