// What is known of all users, as sums of the weights of their events: whole numbers, so that the sum of two tables is the
// table of both files' events, byte for byte. Affinities are divisions of these sums and never stored here.
//
//     users        u0 u1 u2 ...                 ascending by their bytes
//     dimension    keys and texts of its values, ascending by key
//                  rows: per user (value, sum) pairs, ascending by value

/// Per user some (value, sum) pairs of one dimension.
struct PersonaRows: Sendable, Equatable {
    /// `[userCount + 1]`
    var offsets: [Int] = [0]
    var values: [UInt32] = []
    var sums: [UInt32] = []

    func range(_ user: Int) -> Range<Int> { offsets[user]..<offsets[user + 1] }

    mutating func append(_ value: UInt32, _ sum: UInt32) {
        values.append(value)
        sums.append(sum)
    }

    mutating func endUser() { offsets.append(values.count) }
}

struct PersonaDimensionTable: Sendable, Equatable {
    var keys: [String] = []
    var texts: [String] = []
    var rows = PersonaRows()
}

/// All sums, and the attributes of the items among them.
package struct PersonaTable: Sendable, Equatable {
    /// What an event of a type adds.
    package struct Weight: Sendable, Equatable {
        package let eventType: String
        package let weight: UInt32
    }

    package var weights: [Weight] = []
    package var userIds: [String] = []
    /// By `PersonaDimension.rawValue`.
    var dimensions: [PersonaDimensionTable] = []
    /// `[itemCount x PersonaDimension.attributes.count]`: values of those dimensions, -1 where the item has none.
    var attributes: [Int32] = []
    /// Of the items; empty where the catalogue has none.
    var titles: [String] = []

    subscript(dimension: PersonaDimension) -> PersonaDimensionTable { dimensions[dimension.rawValue] }

    package var userCount: Int { userIds.count }
}

extension UInt32 {
    /// Stops at the greatest number: still the same in whatever order sums are added.
    func addingUpTo(_ other: UInt32) -> UInt32 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
