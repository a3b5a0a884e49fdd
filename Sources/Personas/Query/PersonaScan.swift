internal import LinearAlgebra

// A query walks the inverted lists of its values side by side, in blocks of users:
//
//     brand "acme"   3 .91 | 7 .2 ...      block of 4096 users:  [0 0 0 .32 0 0 0 .07 ...]   weight * share, added up
//     tier "tier1"   1 1   | 3 1  ...                            then: gender, what is neutral, top k
//
// A block's sums stay in the first cache, blocks that no list reaches are passed over, and nothing of the population's
// size is allocated or cleared. Cost: linear in the lists, plus 4096 sums for each block that is reached.

/// Finds the best users for a filter.
struct PersonaScan {
    /// 16 KiB of sums: half of a first-level cache.
    private static let blockUserCount = 4096

    // SAFETY: lives no longer than `best`, whose store keeps the map alive.
    @safe private struct List {
        let users: UnsafeBufferPointer<UInt32>
        let shares: UnsafeBufferPointer<Float>
        let weight: Float
        var position = 0

        var nextUser: Int? { unsafe position < users.count ? Int(users[position]) : nil }

        /// Adds what lies in the block; users ascend.
        mutating func add(to sums: UnsafeMutableBufferPointer<Float>, firstUser: Int) {
            let end = UInt32(firstUser + sums.count)
            var position = position
            while unsafe position < users.count && users[position] < end {
                let slot = unsafe Int(users[position]) - firstUser
                unsafe sums[slot] += weight * shares[position]
                position += 1
            }
            self.position = position
        }
    }

    let store: PersonaStore
    let filter: ResolvedPersonaFilter
    /// Ascending.
    let leftOut: [Int]

    /// The best `count` users that match a scored filter at all, ties by ascending id; without a scored filter the first
    /// ones.
    func best(_ count: Int) -> [ScoredIndex] {
        guard !filter.parts.isEmpty else { return first(count) }
        var lists = filter.parts.flatMap(lists)
        var selector = TopKSelector(capacity: count)
        let sums = UnsafeMutableBufferPointer<Float>.allocate(capacity: Self.blockUserCount)
        defer { unsafe sums.deallocate() }
        while let user = lists.lazy.compactMap(\.nextUser).min() {
            let firstUser = user / Self.blockUserCount * Self.blockUserCount
            let userCount = min(Self.blockUserCount, store.userCount - firstUser)
            let block = unsafe UnsafeMutableBufferPointer(rebasing: sums[..<userCount])
            unsafe block.update(repeating: 0)
            for list in lists.indices { unsafe lists[list].add(to: block, firstUser: firstUser) }
            for user in leftOut where user >= firstUser && user < firstUser + userCount {
                unsafe block[user - firstUser] = 0
            }
            unsafe finish(block, firstUser: firstUser, worstKept: selector.worstKept)
            if let scores = block.baseAddress {
                unsafe selector.offer(UnsafePointer(scores), count: userCount, firstIndex: Int32(firstUser))
            }
        }
        var best: [ScoredIndex] = []
        selector.drain(into: &best)
        return best
    }

    private func lists(_ part: PersonaScorePart) -> [List] {
        guard let postings = store.postings(part.dimension) else { return [] }
        return part.values.map { value in
            let range = postings.range(value)
            return unsafe List(
                users: UnsafeBufferPointer(rebasing: postings.users[range]),
                shares: UnsafeBufferPointer(rebasing: postings.shares[range]), weight: part.weight)
        }
    }

    /// Beyond the rounding of a sum of a few numbers up to 1.
    private static let roundingMargin: Float = 1e-5

    /// Turns the sums of a block into scores: -infinity for who does not match or cannot come up to `worstKept`, which one
    /// comparison tells for most.
    private func finish(_ sums: UnsafeMutableBufferPointer<Float>, firstUser: Int, worstKept: Float) {
        let allows = PersonaGender.allCases.map { filter.genders?.contains($0) ?? true }
        let rows = filter.parts.map { (store.rows($0.dimension), $0.weight * $0.neutral) }
        let most = filter.silentScore + rows.reduce(0) { $0 + $1.1 } + Self.roundingMargin
        let least = max(worstKept - most, 0)
        for slot in 0..<sums.count {
            let user = firstUser + slot
            guard unsafe sums[slot] > 0, unsafe sums[slot] >= least, allows[Int(store.gender(user).rawValue)] else {
                unsafe sums[slot] = -.infinity
                continue
            }
            var score = unsafe sums[slot] + filter.silentScore
            for (rows, neutral) in rows where rows.isSilent(user) { score += neutral }
            unsafe sums[slot] = score
        }
    }

    private func first(_ count: Int) -> [ScoredIndex] {
        var found: [ScoredIndex] = []
        let leftOut = Set(leftOut)
        for user in 0..<store.userCount where found.count < count {
            guard !leftOut.contains(user), filter.genders?.contains(store.gender(user)) ?? true else { continue }
            found.append(ScoredIndex(index: Int32(user), score: filter.silentScore))
        }
        return found
    }
}
