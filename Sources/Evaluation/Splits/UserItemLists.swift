/// The distinct items of every user in ascending order: the rows of a sparse 0/1 matrix without values.
struct UserItemLists {
    /// `userCount + 1` positions in `items`.
    private(set) var offsets: [Int]
    private(set) var items: [Int32]

    /// O(rows log rows of the busiest user). Users from the greatest number in `rows` on have no items.
    init(_ input: SplitInput, rows: [Int]) {
        let userCount = rows.reduce(0) { max($0, Int(input.users[$1]) + 1) }
        var starts = [Int](repeating: 0, count: userCount + 1)
        for row in rows { starts[Int(input.users[row]) + 1] += 1 }
        for user in 0..<userCount { starts[user + 1] += starts[user] }
        var filled = [Int32](repeating: 0, count: rows.count)
        var next = starts
        for row in rows {
            let user = Int(input.users[row])
            filled[next[user]] = input.items[row]
            next[user] += 1
        }
        offsets = [0]
        offsets.reserveCapacity(userCount + 1)
        items = []
        items.reserveCapacity(rows.count)
        for user in 0..<userCount {
            let first = items.count
            for item in filled[starts[user]..<starts[user + 1]].sorted()
            where items.count == first || items[items.count - 1] != item {
                items.append(item)
            }
            offsets.append(items.count)
        }
    }

    var userCount: Int { offsets.count - 1 }

    /// Empty for a user beyond `userCount`.
    func items(of user: Int32) -> ArraySlice<Int32> {
        let user = Int(user)
        return user < userCount ? items[offsets[user]..<offsets[user + 1]] : []
    }

    func contains(user: Int32, item: Int32) -> Bool { items(of: user).sortedContains(item) }
}

extension ArraySlice<Int32> {
    /// Membership in an ascending slice, O(log count).
    func sortedContains(_ element: Int32) -> Bool {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle] < element { low = middle + 1 } else { high = middle }
        }
        return low < endIndex && self[low] == element
    }
}
