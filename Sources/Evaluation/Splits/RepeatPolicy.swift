/// What becomes of test interactions with an item that their user has in training.
package enum RepeatPolicy: String, Sendable, CaseIterable {
    /// They are left out, and so is what a user has from every list: what is new is to be found.
    case exclude
    /// They are to be found too, and lists may hold what a user has: the question of who buys the same again.
    case include
}
