// With p(d) = the weight of a step d steps before a cut, f^d that of a step d steps after it, and an item at step i, another
// at step j >= i, of n steps in all:
//
//     S'S   cuts after j:        together = sum over 0 <= c < n - 1 - j of p(c) p(c + j - i)
//     S'T   cuts between them:   forward  = sum over 0 <= c < j - i     of p(c) f^(j - i - 1 - c)
//
// With p(d) = o + (1 - o) r^d the first is o^2 c + o (1 - o) (1 + r^(j - i)) g1 + (1 - o)^2 r^(j - i) g2, where g1 and g2
// are the sums of r^c and r^2c over those c. Tables of all of them are linear in the longest history.

/// What a pair of items adds to S'S and S'T, from their places in a history.
struct StepKernel {
    private let floor: Double
    private let powers: [Double]
    private let sums: [Double]
    private let squareSums: [Double]
    private let forwardSums: [Double]

    /// - Parameter stepLimit: no history has more steps.
    init(past: HistoryDecay, futureRate: Double, stepLimit: Int) {
        floor = Double(past.floor)
        let rate = Double(past.rate)
        var (powers, sums, squares, forward) = ([1.0], [0.0], [0.0], [0.0])
        for step in 0..<stepLimit {
            let power = powers[step]
            powers.append(power * rate)
            sums.append(sums[step] + power)
            squares.append(squares[step] + power * power)
            forward.append(forward[step] * futureRate + floor + (1 - floor) * power)
        }
        (self.powers, self.sums, squareSums, forwardSums) = (powers, sums, squares, forward)
    }

    /// What an item counts for one that came `distance` steps later; 0 for a distance of 0.
    func forward(_ distance: Int) -> Double { forwardSums[distance] }

    /// What two items count that are `distance` steps apart, where `later` cuts come after both.
    func together(_ distance: Int, later: Int) -> Double {
        let fading = 1 - floor
        return floor * floor * Double(later) + floor * fading * (1 + powers[distance]) * sums[later]
            + fading * fading * powers[distance] * squareSums[later]
    }
}
