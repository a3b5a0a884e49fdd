/// People who asked to be forgotten: the index knows nothing of them. What they do afterwards counts again.
package struct ErasedUsers: Sendable {
    package private(set) var ids: Set<String> = []
    /// Their numbers in the index.
    private(set) var users: Set<UserNumber> = []
    /// Their numbers among the members of segments.
    private(set) var members: Set<Int> = []
    /// Per segment, how many of its members they are.
    private(set) var memberCounts: [Int]

    init(segmentCount: Int) { memberCounts = Array(repeating: 0, count: segmentCount) }

    package var isEmpty: Bool { ids.isEmpty }

    /// - Parameters: what the index knows of the user.
    mutating func insert(_ id: String, user: UserNumber?, member: (number: Int, segment: Int)?) {
        guard ids.insert(id).inserted else { return }
        if let user { users.insert(user) }
        if let member {
            members.insert(member.number)
            memberCounts[member.segment] += 1
        }
    }

    package func contains(_ id: String) -> Bool { !ids.isEmpty && ids.contains(id) }
}
