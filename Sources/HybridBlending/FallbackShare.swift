/// How strongly the fallback joins personal lists: factors of its weight, measured by the build inside the training data.
///
///     factor = min(4, 2 s²)      s = NDCG@10(fallback) / NDCG@10(collaborative)
///
/// The weights say 0.3 for the fallback and 0.6 for the collaborative component, so `2 s²` makes them equal where both
/// predict equally well; the square lets a weak fallback vanish (cosmetics, s = 0.1) before it does harm. There are two
/// measurements, since what everybody wants now says little of what somebody did next years ago, and much of what he does
/// when he comes back: `usual` hides each user's newest items, `returning` everything after a moment. Decision 0020.
package struct FallbackShare: Sendable, Equatable {
    /// Personal lists without the fallback: nothing was measured.
    package static let none = FallbackShare(usual: 0, returning: 0, returningAge: 0)
    /// The fallback then counts as much as both personal components; above, validation figures no longer rise.
    static let greatestFactor = 4.0

    package let usual: Float
    /// For people whose last interaction is at most `returningAge` old.
    package let returning: Float
    /// Milliseconds before the newest interaction of all.
    package let returningAge: Int64

    /// - Parameters: factors in 0...4, an age that is not negative.
    package init(usual: Float, returning: Float, returningAge: Int64) {
        self.usual = usual
        self.returning = returning
        self.returningAge = returningAge
    }

    /// The factor where the fallback's quality is `ratio` times that of the collaborative component.
    package static func factor(ofRatio ratio: Double) -> Float { Float(min(greatestFactor, 2 * ratio * ratio)) }

    /// - Parameter age: in milliseconds, of the last interaction of who asks; nil where there are no times, and for people who are here:
    ///   what they just did comes with the request.
    package func factor(age: Int64?) -> Float {
        isReturning(age: age) ? returning : usual
    }

    package func isReturning(age: Int64?) -> Bool { age.map { $0 <= returningAge } ?? false }

    /// Reads what `text` wrote; nil where it is anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        let allowed = 0...Float(Self.greatestFactor)
        guard parts.count == 3, let usual = Float(parts[0]), let returning = Float(parts[1]),
            let age = Int64(parts[2]), allowed.contains(usual), allowed.contains(returning), age >= 0
        else { return nil }
        self.init(usual: usual, returning: returning, returningAge: age)
    }

    /// Both factors and the age, parted by blanks.
    package var text: String { "\(usual) \(returning) \(returningAge)" }
}
