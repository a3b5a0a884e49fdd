/// How big the shop is. The same configuration gives the same bytes, on every platform.
package struct ShopConfiguration: Equatable, Sendable {
    /// 50 times the biggest real data set that the product is tried with; it keeps ids and counts far from overflow.
    package static let maximumUserCount = 10_000_000
    /// The catalogue is held in memory, 120 bytes an item: this is 120 MB.
    package static let maximumItemCount = 1_000_000

    package let userCount: Int
    package let itemCount: Int
    package let seed: UInt64
    /// Whether things go wrong in it and unusual users come, told in `ShopGenerator.truthFile`.
    package let isPlanted: Bool

    /// - Parameters:
    ///   - userCount: 1 to `maximumUserCount`.
    ///   - itemCount: 1 to `maximumItemCount`.
    package init(userCount: Int = 2_000, itemCount: Int = 1_000, seed: UInt64 = 7, isPlanted: Bool = false) {
        self.userCount = userCount
        self.itemCount = itemCount
        self.seed = seed
        self.isPlanted = isPlanted
    }

    func validate() throws(ShopError) {
        guard (1...Self.maximumUserCount).contains(userCount) else {
            throw ShopError(
                code: .badConfiguration, operation: "synthesize",
                text: "\(userCount) users: expected 1 to \(Self.maximumUserCount)")
        }
        guard (1...Self.maximumItemCount).contains(itemCount) else {
            throw ShopError(
                code: .badConfiguration, operation: "synthesize",
                text: "\(itemCount) items: expected 1 to \(Self.maximumItemCount)")
        }
    }
}
