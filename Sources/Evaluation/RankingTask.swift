import SeededRandom

/// Who is asked and what is to be found: the test part of a split, by user, with what training knew of each.
package struct RankingTask: Sendable {
    /// Ascending user numbers; each has at least one test item.
    package private(set) var testUsers: [Int32]
    /// Training rows of each item number.
    package let trainingCounts: [Int32]
    /// How many items a ranker can choose from.
    package let catalogueItemCount: Int
    /// Whether what a user has in training is wanted too, and lists may hold it.
    package let repeats: RepeatPolicy
    /// The group of every item number.
    package let itemGroups: [ItemGroup]
    private let testItems: UserItemLists
    private let knownItems: UserItemLists

    /// `itemCount` bounds the item numbers of both parts and of every list that a ranker may return: interactions' items
    /// first, then catalogue items without an interaction, for example. `catalogueItemCount` is how many of them the
    /// index under test holds. `test` is the input that `split.testRows` counts in.
    package init(
        split: DataSplit, training: SplitInput, test: SplitInput, itemCount: Int, catalogueItemCount: Int
    ) {
        repeats = split.repeats
        var counts = [Int32](repeating: 0, count: itemCount)
        for row in split.trainRows { counts[Int(training.items[row])] += 1 }
        let lists = UserItemLists(test, rows: split.testRows)
        testItems = lists
        knownItems = UserItemLists(training, rows: split.trainRows)
        testUsers = (0..<Int32(lists.userCount)).filter { !lists.items(of: $0).isEmpty }
        trainingCounts = counts
        itemGroups = ItemGroup.groups(ofTrainingCounts: counts)
        self.catalogueItemCount = catalogueItemCount
    }

    /// The items that this user interacted with in the test part: ascending, distinct, none of them in the user's
    /// training unless repeats are included.
    package func wantedItems(of user: Int32) -> ArraySlice<Int32> { testItems.items(of: user) }

    /// The items of the user's training part: ascending, distinct; empty for a new user.
    package func trainingItems(of user: Int32) -> ArraySlice<Int32> { knownItems.items(of: user) }

    /// Asks only some of the test users, drawn: the same ones for the same seed.
    package mutating func draw(_ count: Int, seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        testUsers = generator.sample(count, of: testUsers).sorted()
    }
}
