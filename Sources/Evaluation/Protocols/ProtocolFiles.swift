import Interactions

/// Reads the layouts that published splits come in. Interactions count 1 each: they are views.
struct ProtocolFiles {
    /// The folder of all data sets.
    let directory: String

    /// Of a file by its name without `.gz`.
    func path(_ name: String) -> String {
        directory.hasSuffix("/") ? directory + name + ".gz" : directory + "/" + name + ".gz"
    }

    static func emptyLog(hasTimes: Bool) -> InteractionLog {
        InteractionLog(eventTypes: EventWeights.standard.names, hasTimes: hasTimes)
    }

    /// Lines of `user item item ...`, users without items allowed.
    func lists(
        _ name: String, addTo log: inout InteractionLog, expected: String = "a user and then items, separated by spaces"
    ) throws(ReadError) {
        try eachList(name, expected: expected) { user, items in
            for item in items { log.append(user: user, item: item, time: Int64(log.count)) }
        }
    }

    /// The fields of each line: the first, and the others.
    func eachList(
        _ name: String, expected: String, _ take: (_ first: String, _ others: [String]) -> Void
    ) throws(ReadError) {
        let path = path(name)
        try LineFile.read(path) { line, number throws(ReadError) in
            let fields = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            guard let first = fields.first, !line.contains(UInt8(ascii: ",")), !line.contains(UInt8(ascii: "\t")) else {
                throw LineFile.bad(path, line: number, expected: expected, found: "another separator")
            }
            take(first, Array(fields.dropFirst()))
        }
    }

    /// Lines of numbers or ids separated by commas or tabs; `fieldCount` at least. A first line `user,item` is a header.
    func eachRow(
        _ name: String, fieldCount: Int, _ take: (_ fields: [String], _ line: Int) throws(ReadError) -> Void
    ) throws(ReadError) {
        let path = path(name)
        try LineFile.read(path) { line, number throws(ReadError) in
            let separator = line.contains(UInt8(ascii: "\t")) ? UInt8(ascii: "\t") : UInt8(ascii: ",")
            let fields = line.split(separator: separator, omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
            guard fields.count >= fieldCount, !fields.prefix(fieldCount).contains("") else {
                throw LineFile.bad(
                    path, line: number, expected: "\(fieldCount) fields separated by commas or tabs",
                    found: "\(fields.count)")
            }
            if number == 1 && fields[0] == "user" { return }
            try take(fields, number)
        }
    }

    /// Rows of user and item.
    func pairs(_ name: String, addTo log: inout InteractionLog) throws(ReadError) {
        try eachRow(name, fieldCount: 2) { fields, _ in log.append(user: fields[0], item: fields[1]) }
    }

    func items(_ name: String, _ format: FileFormat) throws(ReadError) -> [Item] {
        try ItemReader.read(path: path(name), options: SourceOptions(format: format)).items
    }
}
