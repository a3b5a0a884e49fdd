import Evaluation
import IndexBuilding
import Interactions

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Writes the parts of a split as CSV, so that other programs can be run on exactly the same rows:
///
///     train.csv, test.csv, fold-in.csv   userId,itemId,type,value,time    time and value may be empty
///     candidates.csv                     user,item,item,...               one line a test user, as `--negatives` reads it
enum SplitFiles {
    static func write(_ holdOut: HoldOut, to directory: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            for part in HoldOut.Part.allCases {
                let (log, rows) = holdOut.rows(of: part)
                if part == .foldIn && rows.isEmpty { continue }
                try Data(csv(log, rows).utf8).write(
                    to: URL(filePath: "\(directory)/\(part.rawValue).csv"), options: .atomic)
            }
            if let text = candidates(holdOut) {
                try Data(text.utf8).write(to: URL(filePath: "\(directory)/candidates.csv"), options: .atomic)
            }
        } catch {
            throw RunFailure(description: "cannot write the split into \(directory): \(error)")
        }
    }

    private static func csv(_ log: InteractionLog, _ rows: [Int]) -> String {
        var text = "userId,itemId,type,value,time\n"
        for row in rows {
            let value = log.values[row].isNaN ? "" : "\(log.values[row])"
            let time = log.hasTimes ? "\(log.times[row])" : ""
            text += field(log.users.id(at: Int(log.userIndexes[row]))) + ","
            text += field(log.items.id(at: Int(log.itemIndexes[row]))) + ","
            text += "\(field(log.eventTypes[Int(log.eventTypeIndexes[row])])),\(value),\(time)\n"
        }
        return text
    }

    private static func candidates(_ holdOut: HoldOut) -> String? {
        var text = ""
        for user in holdOut.task.testUsers {
            guard let ids = holdOut.candidateIds(of: user) else { continue }
            text += ([holdOut.users.id(at: Int(user))] + ids).map { field($0) }.joined(separator: ",") + "\n"
        }
        return text.isEmpty ? nil : text
    }

    /// As RFC 4180 has it.
    private static func field(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x2c, 0x22, 0x0a, 0x0d].contains($0) }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
