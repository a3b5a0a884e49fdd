import Interactions
import LinearAlgebra
import SeededRandom

/// A split of the training data, and the users who are asked on it, in the order in which they were drawn.
struct HistorySample {
    let split: HistorySplit
    let users: [Int]
    /// Per user, how long before the hidden ones the newest kept interaction was, in milliseconds; empty where that means
    /// nothing.
    var ages: [Int64] = []

    /// Users are drawn until there are so many of them and of their entries, where there are. Decays and models differ by a
    /// percent, which takes many users to see; more only cost time, about a second per question: a film site's thousand
    /// users, all 22,000 of a shop with short histories.
    private static let enough = (users: 1000, entries: 200_000)

    /// Hides the newest fifth of each drawn user's items: at least one, at least one stays, and no more than a list shows,
    /// since what comes next is what a server is asked for. Users with at least two liked items are drawn. Without times
    /// random items are hidden: the order of rows may be that of the items' numbers.
    static func usual(_ given: InteractionMatrix, seed: UInt64) -> HistorySample {
        var interactions = given
        if !given.hasTimes { interactions.histories.shuffleEntries(seed: seed) }
        let histories = interactions.histories
        let eligible = (0..<histories.userCount).filter { user in
            histories.range(ofUser: user).count { histories.weights[$0] > 0 } >= 2
        }
        let users = drawn(from: eligible, of: histories, seed: seed)
        var counts = [Int](repeating: 0, count: histories.userCount)
        for user in users {
            let count = histories.range(ofUser: user).count
            counts[user] = max(1, min(count - 1, HistorySplit.cutOff, Int(Double(count) * HistorySplit.hiddenShare)))
        }
        return HistorySample(split: HistorySplit(interactions, hiddenCounts: counts), users: users)
    }

    /// Hides the newest fifth of all pairs. Who likes something on both sides, and was away before, comes back. Nil where nobody
    /// does: without times, or with such as only tell what came after what.
    static func returning(_ interactions: InteractionMatrix, seed: UInt64) -> HistorySample? {
        guard let (split, cut) = HistorySplit.atMoment(interactions) else { return nil }
        let histories = interactions.histories
        func likes(_ entries: Range<Int>) -> Bool { entries.contains { histories.weights[$0] > 0 } }
        func age(_ user: Int) -> Int64 { cut - histories.times[split.kept(user).lowerBound] }
        let eligible = (0..<histories.userCount).filter {
            likes(split.hidden($0)) && likes(split.kept($0)) && age($0) > 0
        }
        guard !eligible.isEmpty else { return nil }
        let users = drawn(from: eligible, of: histories, seed: seed)
        return HistorySample(
            split: split, users: users, ages: users.map(age))
    }

    private static func drawn(from eligible: [Int], of histories: UserHistories, seed: UInt64) -> [Int] {
        var users = eligible
        var generator = SplitMix64(seed: seed)
        var (count, entryCount) = (0, 0)
        while count < users.count, count < enough.users || entryCount < enough.entries {
            users.swapAt(count, count + generator.nextIndex(below: users.count - count))
            entryCount += histories.range(ofUser: users[count]).count
            count += 1
        }
        return Array(users.prefix(count))
    }
}

extension UserHistories {
    /// Brings every user's entries into an order that means nothing.
    fileprivate mutating func shuffleEntries(seed: UInt64) {
        var generator = SplitMix64(seed: SplitMix64.mix(seed))
        for user in 0..<userCount {
            let range = range(ofUser: user)
            for place in range.dropLast() {
                let other = place + generator.nextIndex(below: range.upperBound - place)
                swapEntries(place, other)
            }
        }
    }
}
