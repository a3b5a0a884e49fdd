/// Blend weights that follow how much is known of who asks.
///
///     weights(n) = (content · c_b, collaborative, fallback · f_b)      b = floor(log2 n), at most 9
///
/// `n` counts the items of the history that the answer uses. A build learns the factors of each bucket of histories
/// (`BlendMeasurement`), drawn towards 1 where few people were seen; 1 is the fixed blend. A weight of 0 stays 0, so a
/// component that is switched off stays off. Decision 0020.
package struct AdaptiveWeights: Sendable, Equatable {
    package struct Factors: Sendable, Equatable {
        package var content: Float
        package var fallback: Float

        /// The fixed blend.
        package static let one = Factors(content: 1, fallback: 1)

        package init(content: Float, fallback: Float) {
            self.content = content
            self.fallback = fallback
        }
    }

    /// The last bucket takes histories of 512 items and more, which is where an answer's history ends too.
    package static let bucketCount = 10
    /// Twice what a build tries at most, so that a damaged index cannot make scores overflow.
    private static let greatestFactor: Float = 4

    /// One for each bucket.
    package let factors: [Factors]

    package init(_ factors: [Factors]) {
        precondition(factors.count == Self.bucketCount)
        self.factors = factors
    }

    /// - Parameter itemCount: at least 1; 0 is taken for 1, where nothing personal is ranked anyway.
    package static func bucket(itemCount: Int) -> Int {
        min(bucketCount - 1, Int.bitWidth - 1 - max(itemCount, 1).leadingZeroBitCount)
    }

    package func adapting(_ weights: BlendWeights, itemCount: Int) -> BlendWeights {
        let factors = factors[Self.bucket(itemCount: itemCount)]
        return BlendWeights(
            content: weights.content * factors.content, collaborative: weights.collaborative,
            fallback: weights.fallback * factors.fallback)
    }

    /// Reads what `text` wrote; nil where it is anything else.
    package init?(_ text: String) {
        var factors: [Factors] = []
        for bucket in text.split(separator: " ", omittingEmptySubsequences: false) {
            let numbers = bucket.split(separator: "/", omittingEmptySubsequences: false).map { Float($0) }
            guard numbers.count == 2, let content = numbers[0], let fallback = numbers[1],
                (0...Self.greatestFactor).contains(content), (0...Self.greatestFactor).contains(fallback)
            else { return nil }
            factors.append(Factors(content: content, fallback: fallback))
        }
        guard factors.count == Self.bucketCount else { return nil }
        self.init(factors)
    }

    /// The factors of content and fallback of each bucket: "1.0/1.0 0.5/1.0 ...".
    package var text: String { factors.map { "\($0.content)/\($0.fallback)" }.joined(separator: " ") }
}
