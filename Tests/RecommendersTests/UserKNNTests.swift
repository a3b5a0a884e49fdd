import LinearAlgebra
import Recommenders
import Testing

@Suite struct UserKNNTests {
    private let rows: [[Float]] = [[1, 1, 0], [1, 0, 0], [2, -1, 0], [1, 0, 0]]

    @Test func everyItemHasItsUsers() {
        let lists = UserKNN.usersOfItems(sparse(rows, columnCount: 3), recency: [0, 0, 0, 0])
        #expect(lists.listCount == 3)
        #expect(Array(lists[0]) == [0, 1, 2, 3])
        #expect(Array(lists[1]) == [0])
        #expect(lists[2].isEmpty)
    }

    @Test func theMostRecentUsersStay() {
        let matrix = sparse(rows, columnCount: 3)
        #expect(Array(UserKNN.usersOfItems(matrix, recency: [5, 9, 7, 8], mostRecent: 2)[0]) == [1, 3])
        // Of equals the lower index.
        #expect(Array(UserKNN.usersOfItems(matrix, recency: [5, 5, 5, 5], mostRecent: 3)[0]) == [0, 1, 2])
        #expect(UserKNN.usersOfItems(matrix, recency: [5, 5, 5, 5], mostRecent: 0).indexes.isEmpty)
    }

    @Test func scalesByTheRow() {
        #expect(UserKNN.scale(itemCount: 0) == 0)
        #expect(UserKNN.scale(itemCount: 9) == 1 / (3 + UserKNN.shrinkage))
    }

    @Test func emptyMatrices() {
        #expect(UserKNN.usersOfItems(sparse([], columnCount: 2), recency: []).listCount == 2)
        #expect(UserKNN.usersOfItems(sparse([[]], columnCount: 0), recency: [1]).listCount == 0)
    }
}
