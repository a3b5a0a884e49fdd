/// The oldest recommender: the same list for everyone.
package enum Popularity {
    /// All indexes by descending score, ties by ascending index; NaN counts as the lowest score.
    package static func ranking(of scores: [Float]) -> [Int32] {
        let comparable = scores.map { $0.isNaN ? -Float.infinity : $0 }
        return (0..<Int32(scores.count)).sorted { a, b in
            let (left, right) = (comparable[Int(a)], comparable[Int(b)])
            return left > right || (left == right && a < b)
        }
    }
}
