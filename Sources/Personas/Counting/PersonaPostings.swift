/// Per value of a dimension the users that have it, ascending, each with its share of the user's sum: the rows turned
/// round, and what they add up to over all users.
struct PersonaPostings {
    private(set) var offsets: [Int]
    private(set) var users: [UInt32]
    private(set) var shares: [Float]
    /// Per value, the shares summed: whose order is "by affinity".
    private(set) var totals: [Double]
    private(set) var counts: [UInt32]

    init(_ table: PersonaDimensionTable) {
        let rows = table.rows
        counts = [UInt32](repeating: 0, count: table.keys.count)
        for value in rows.values { counts[Int(value)] += 1 }
        offsets = [0]
        for count in counts { offsets.append(offsets[offsets.count - 1] + Int(count)) }
        users = [UInt32](repeating: 0, count: rows.values.count)
        shares = [Float](repeating: 0, count: rows.values.count)
        totals = [Double](repeating: 0, count: table.keys.count)
        var next = offsets
        for user in 0..<(rows.offsets.count - 1) {
            let range = rows.range(user)
            let total = range.reduce(UInt64(0)) { $0 + UInt64(rows.sums[$1]) }
            for pair in range {
                let value = Int(rows.values[pair])
                let share = Double(rows.sums[pair]) / Double(total)
                users[next[value]] = UInt32(user)
                shares[next[value]] = Float(share)
                totals[value] += share
                next[value] += 1
            }
        }
    }
}

extension PersonaTable {
    /// Of every user.
    var genders: [PersonaGender] {
        let table = self[.gender]
        let kinds = table.keys.map { PersonaGender(parsing: $0) }
        return userIds.indices.map { user in
            var sums: [PersonaGender: UInt64] = [:]
            for pair in table.rows.range(user) {
                if let kind = kinds[Int(table.rows.values[pair])] {
                    sums[kind, default: 0] += UInt64(table.rows.sums[pair])
                }
            }
            return PersonaGender(
                men: sums[.men, default: 0], women: sums[.women, default: 0], unisex: sums[.unisex, default: 0])
        }
    }
}
