/// What was written.
package struct ShopSummary: Equatable, Sendable {
    package internal(set) var userCount = 0
    package internal(set) var itemCount = 0
    package internal(set) var searchCount = 0
    package internal(set) var viewCount = 0
    package internal(set) var cartCount = 0
    package internal(set) var purchaseCount = 0
    package internal(set) var sessionCount = 0
    package internal(set) var brandNewItemCount = 0
    package internal(set) var oneVisitUserCount = 0

    package var interactionCount: Int { searchCount + viewCount + cartCount + purchaseCount }
}
