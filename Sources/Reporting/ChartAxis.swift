import CommandLineInterface

/// Round values along an axis that hold all values between the first and the last.
package struct ChartAxis {
    package let ticks: [Double]
    private let places: Int

    /// Beyond it the arithmetic of steps would overflow; such values are drawn at the end.
    private static let greatest = 1e300

    package var least: Double { ticks[0] }
    package var greatest: Double { ticks[ticks.count - 1] }

    /// Steps of 1, 2 or 5 times a power of ten, the smallest of which five or six span everything; from 0 to 1 where there
    /// is nothing to span. Values that are not finite are left out.
    package init(holding values: [Double], fromZero: Bool) {
        let finite =
            values.filter(\.isFinite).map { min(max($0, -Self.greatest), Self.greatest) } + (fromZero ? [0] : [])
        var (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
        if high <= low { (low, high) = fromZero ? (0, 1) : (low - 0.5, low + 0.5) }
        // Ends that lie nearer to each other, in their own size, than this have no different round values between them.
        let room = max(low.magnitude, high.magnitude) * 1e-6
        if high - low < room { (low, high) = (low - room, high + room) }
        // A little less: 1 / 5 is a little more than the step of 0.2 that is meant.
        let least = (high - low) / 5 * (1 - 1e-9)
        var (power, places) = (1.0, 0)
        while power * 10 <= least { power *= 10 }
        // Nine places are what a number is written with at most.
        while power > least, places < 9 {
            places += 1
            power = 1
            for _ in 0..<places { power /= 10 }
        }
        let factor = [1.0, 2, 5].first { power * $0 >= least } ?? 10
        let step = power * factor
        let first = (low / step + 1e-9).rounded(.down)
        let last = (high / step - 1e-9).rounded(.up)
        // Five or six steps span everything; the bound is for what rounding might add.
        let stepCount = Int(min(max(last - first, 1), 12))
        ticks = (0...stepCount).map { (first + Double($0)) * step }
        self.places = factor == 10 ? max(places - 1, 0) : places
    }

    /// Where a value lies between the ends, 0 to 1.
    package func share(of value: Double) -> Double { (value - least) / (greatest - least) }

    package func label(_ tick: Double) -> String {
        tick.magnitude >= 10_000 ? ReadableNumber.whole(tick) : ReadableNumber.fixed(tick, places)
    }
}
