/// Interactions as columns, one element a row: dense numbers of user and item from 0, and the time in milliseconds
/// since 1970. `times` is nil where the source has none; then, and among equal times, a later row is a later event.
package struct SplitInput: Sendable {
    package let users: [Int32]
    package let items: [Int32]
    package let times: [Int64]?

    package init(users: [Int32], items: [Int32], times: [Int64]?) {
        precondition(users.count == items.count, "one item for every user")
        precondition(times == nil || times?.count == users.count, "one time for every row")
        self.users = users
        self.items = items
        self.times = times
    }

    package var rowCount: Int { users.count }
}
