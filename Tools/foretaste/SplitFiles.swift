import Evaluation
import IndexBuilding
import Interactions
import StoredFiles

/// Writes the parts of a split as CSV, so that other programs can be run on exactly the same rows:
///
///     train.csv, test.csv, fold-in.csv   userId,itemId,type,value,time    value may be empty; time, in milliseconds, where
///                                                                         there are times
///     candidates.csv                     user,item,item,...               one line a test user, as `--negatives` reads it
///     candidate-items.csv                itemId                           instead, where they are the same for everybody
///     items.jsonl                        the catalogue, where there is one; times in milliseconds since 1970
enum SplitFiles {
    static let fileNames =
        HoldOut.Part.allCases.map { "\($0.rawValue).csv" } + ["candidates.csv", "candidate-items.csv", "items.jsonl"]

    static func add(_ holdOut: HoldOut, to files: inout OutputFiles, in directory: String) throws {
        try FileSystem.makeDirectories(directory)
        for part in HoldOut.Part.allCases {
            let (log, rows) = holdOut.rows(of: part)
            if part == .foldIn && rows.isEmpty { continue }
            try files.add(csv(log, rows), at: "\(directory)/\(part.rawValue).csv")
        }
        if let (name, text) = candidates(holdOut) { try files.add(text, at: "\(directory)/\(name)") }
        if !holdOut.training.items.isEmpty {
            let text = holdOut.training.items.map { line(of: $0) + "\n" }.joined()
            try files.add(text, at: "\(directory)/items.jsonl")
        }
    }

    private static func csv(_ log: InteractionLog, _ rows: [Int]) -> String {
        var text = "userId,itemId,type,value\(log.hasTimes ? ",time" : "")\n"
        for row in rows {
            let value = log.values[row].isNaN ? "" : "\(log.values[row])"
            let time = log.hasTimes ? ",\(log.times[row])" : ""
            text += field(log.users.id(at: Int(log.userIndexes[row]))) + ","
            text += field(log.items.id(at: Int(log.itemIndexes[row]))) + ","
            text += "\(field(log.eventTypes[Int(log.eventTypeIndexes[row])])),\(value)\(time)\n"
        }
        return text
    }

    private static func candidates(_ holdOut: HoldOut) -> (name: String, text: String)? {
        guard let first = holdOut.task.testUsers.first, let shared = holdOut.candidateIds(of: first) else { return nil }
        guard holdOut.hasSampledCandidates else {
            return ("candidate-items.csv", (["itemId"] + shared.sorted()).map { field($0) + "\n" }.joined())
        }
        let lines = holdOut.task.testUsers.map { user in
            row([holdOut.users.id(at: Int(user))] + (holdOut.candidateIds(of: user) ?? [])) + "\n"
        }
        return ("candidates.csv", lines.joined())
    }

    private static func line(of item: Item) -> String {
        let members = item.properties.map { property in
            let value: ReportValue =
                switch property.value {
                case .string(let text): .string(text)
                case .strings(let texts): .array(texts.map { .string($0) })
                case .number(let number): .number(number)
                case .boolean(let flag): .boolean(flag)
                case .time(let milliseconds): .integer(Int(milliseconds))
                }
            return (key: property.name, value: value)
        }
        return ReportValue.object([(key: "itemId", value: .string(item.id))] + members).compactJSON
    }

    static func row(_ ids: [String]) -> String { ids.map { field($0) }.joined(separator: ",") }

    /// As RFC 4180 has it.
    private static func field(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x2c, 0x22, 0x0a, 0x0d].contains($0) }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
