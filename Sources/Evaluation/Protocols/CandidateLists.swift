package import Interactions

// Design note. Where candidates are given, a user's list holds nothing else, and the items to be found are always among
// them: 156 users of the NCF file have their test item among their own negatives, where it must stand once.

/// Which items are ranked for a user, by id.
package enum CandidateLists: Sendable, Equatable {
    /// The same for everybody.
    case shared([String])
    /// Per user id.
    case byUser([String: [String]])

    /// The user's candidates and `wanted`, each once, in the order given; nil for a user without a list.
    package func candidates(of user: String, wanted: [String]) -> [String]? {
        let given: [String]
        switch self {
        case .shared(let items): given = items
        case .byUser(let lists):
            guard let items = lists[user] else { return nil }
            given = items
        }
        var seen: Set<String> = []
        return (wanted + given).filter { seen.insert($0).inserted }
    }

    /// Whether the lists are drawn rather than a rule about items: figures then do not compare with a full ranking's.
    package var isSampled: Bool {
        switch self {
        case .shared: false
        case .byUser: true
        }
    }
}

extension CandidateLists {
    /// Reads candidates by user. A line is either `(user,item)` and then items, as in the NCF files, or a user and then
    /// items; the parts are separated by tabs, or where a line has none by commas, or else by spaces. A user may have
    /// several lines. `user` and `item` turn the file's ids into those of the interactions, nil where there is none.
    package static func read(
        negatives path: String, user userId: (String) -> String? = { $0 }, item itemId: (String) -> String? = { $0 }
    ) throws(ReadError) -> CandidateLists {
        var lists: [String: [String]] = [:]
        try LineFile.read(path) { line, number throws(ReadError) in
            var (user, items) = try parts(line, path, number)
            guard let known = userId(user) else {
                throw LineFile.bad(path, line: number, expected: "a user of the interactions", found: "\"\(user)\"")
            }
            user = known
            for item in items {
                guard let known = itemId(item) else {
                    throw LineFile.bad(
                        path, line: number, expected: "an item of the interactions", found: "\"\(item)\"")
                }
                lists[user, default: []].append(known)
            }
        }
        return .byUser(lists)
    }

    private static func parts(
        _ line: ArraySlice<UInt8>, _ path: String, _ number: Int
    ) throws(ReadError) -> (user: String, items: [String]) {
        let isPair = line.first == UInt8(ascii: "(")
        let separator = [UInt8(ascii: "\t"), UInt8(ascii: ",")].first { line.contains($0) && !($0 == 0x2c && isPair) }
        var fields = line.split(separator: separator ?? UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        let expected = "a user, or (user,item), and then items, separated by tabs, commas or spaces"
        guard let first = fields.first, fields.count > 1 else {
            throw LineFile.bad(path, line: number, expected: expected, found: "\(fields.count) part")
        }
        fields.removeFirst()
        guard isPair else { return (first, fields) }
        let pair = first.dropFirst().dropLast().split(separator: ",")
        guard first.last == ")", pair.count == 2 else {
            throw LineFile.bad(path, line: number, expected: "(user,item)", found: "\"\(first)\"")
        }
        return (String(pair[0]), [String(pair[1])] + fields)
    }
}
