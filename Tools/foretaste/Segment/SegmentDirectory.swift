import CommandLineInterface
import Embeddings
import IndexBuilding
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
    static let inputNames = [tableName, modelName]
    private static let historyNames = ["rfm_history.csv", "rfm_migration.csv"]
    static let fileNames =
        [tableName, modelName, "segment_profiles.json", "k_diagnostics.csv", "report.html"] + historyNames

    func write(_ result: SegmentResult) throws {
        let history = result.history.map { [$0.csv, $0.migrationCSV] } ?? []
        try OutputDirectory(path: path).write(
            [
                (Self.tableName, SegmentTableFile.csv(result.segmentation)),
                ("segment_profiles.json", SegmentProfilesFile.json(result).indented + "\n"),
                ("k_diagnostics.csv", SegmentDiagnosticsFile.csv(result.diagnostics)),
                ("report.html", SegmentReportPage(result).html),
                (Self.modelName, SegmentModelFile.json(result).indented + "\n"),
            ] + zip(Self.historyNames, history).map { (name: $0, text: $1) },
            absent: history.isEmpty ? Self.historyNames : [])
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
                    "cannot read \(file): \(FileReading.reason(error)) 'foretaste segment rfm --out DIR' writes it: name that directory."
            )
        }
        return try SegmentModelFile.model(data, path: file)
    }

    /// A customer's values as the table has them.
    func values(ofCustomer id: String) throws -> RFMValues {
        let customers = try customers()
        if let customer = customers.first(where: { $0.id == id }) { return try values(of: customer) }
        let nearest = IdentifierTable(customers.map(\.id)).nearest(to: id).map { " Did you mean '\($0)'?" } ?? ""
        throw RunFailure(
            description: "NOT_FOUND: \(path) has no customer '\(id)'.\(nearest) "
                + "Give the customer's --recency, --frequency and --monetary instead.")
    }

    /// Everybody's segment, and the model that found it.
    func assignment() throws -> SegmentAssignment {
        let model = try model()
        let customers = try customers()
        let values = try customers.map { try self.values(of: $0) }
        return SegmentAssignment(
            names: model.profiles.map(\.name), memberIds: customers.map(\.id),
            segments: try values.map { Int32(try model.predict($0).segmentIndex) }, model: model, values: values)
    }

    private static let features = ["recency", "frequency", "monetary"]

    private func customers() throws -> [Item] {
        let mapping = ColumnMapping(
            [.init(name: "itemId", column: "customer_id")] + Self.features.map { .init(name: $0, column: $0) })
        var options = SourceOptions(format: .csv, columns: mapping)
        // What was written as an id is one.
        options.ids = IdRules(missingMarkers: "keep")
        return try ItemReader.read(path: "\(path)/\(Self.tableName)", options: options).items
    }

    private func values(of customer: Item) throws -> RFMValues {
        let numbers = Self.features.compactMap { column -> Double? in
            if case .number(let number) = customer[column] { return number }
            return nil
        }
        guard numbers.count == Self.features.count else {
            throw RunFailure(
                description:
                    "\(path)/\(Self.tableName): \(Self.features.joined(separator: ", ")) are not all numbers of "
                    + "'\(customer.id)'. Write the table again.")
        }
        return RFMValues(recency: numbers[0], frequency: numbers[1], monetary: numbers[2])
    }
}
