// Loops over whole rows in vectors of eight. Counts are multiples of eight: the callers' rows are padded to it.

/// The parts of a transformer that are no matrix products.
enum ActivationKernels {
    typealias Lanes = SIMD8<Float>
    static let width = 8

    @inline(__always)
    private static func load(_ pointer: UnsafePointer<Float>, _ index: Int) -> Lanes {
        unsafe UnsafeRawPointer(pointer + index).loadUnaligned(as: Lanes.self)
    }

    @inline(__always)
    private static func load(_ pointer: UnsafeMutablePointer<Float>, _ index: Int) -> Lanes {
        unsafe UnsafeRawPointer(pointer + index).loadUnaligned(as: Lanes.self)
    }

    @inline(__always)
    private static func store(_ lanes: Lanes, _ pointer: UnsafeMutablePointer<Float>, _ index: Int) {
        unsafe UnsafeMutableRawPointer(pointer + index).storeBytes(of: lanes, as: Lanes.self)
    }

    /// e^x for x of at most 0, to 2 units in the last place; below -87, where Float ends, e^-87 (1.6e-38).
    ///
    /// x = n ln 2 + r with |r| <= ln 2 / 2 (Cody and Waite 1980: ln 2 in two parts), e^r by its Taylor series to r^6, whose
    /// rest is below 2e-7 of it, and n goes into the exponent. Adding 1.5 * 2^23 rounds to whole numbers.
    @inline(__always)
    static func exponential(_ argument: Lanes) -> Lanes {
        let least = Lanes(repeating: -87)
        let x = argument.replacing(with: least, where: argument .< least)
        let rounded = x * 1.442695041 + 12_582_912
        let n = rounded - 12_582_912
        let r = (x - n * 0.693359375) + n * 2.12194440e-4
        var series = r * (1.0 / 720) + (1.0 / 120)
        series = series * r + (1.0 / 24)
        series = series * r + (1.0 / 6)
        series = series * r + 0.5
        series = series * r + 1
        series = series * r + 1
        let exponent = (unsafe unsafeBitCast(rounded, to: SIMD8<UInt32>.self) &+ 127) &<< 23
        return series * (unsafe unsafeBitCast(exponent, to: Lanes.self))
    }

    /// x Φ(x) of `row + bias`, in place. Φ by erf's approximation 7.1.26 of Abramowitz and Stegun (1964), whose error is at
    /// most 1.5e-7.
    static func addBiasAndGELU(_ row: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>, count: Int) {
        for index in stride(from: 0, to: count, by: width) {
            let x = unsafe load(row, index) + load(bias, index)
            let negative = x .< Lanes(repeating: 0)
            let size = x.replacing(with: -x, where: negative) * 0.70710678
            let t = 1 / (size * 0.3275911 + 1)
            var polynomial = t * 1.061405429 - 1.453152027
            polynomial = polynomial * t + 1.421413741
            polynomial = polynomial * t - 0.284496736
            polynomial = (polynomial * t + 0.254829592) * t
            // Half of what erf lacks to 1: the tail of the normal distribution beyond |x|.
            let tail = polynomial * exponential(-(size * size)) * 0.5
            unsafe store(x * (1 - tail).replacing(with: tail, where: negative), row, index)
        }
    }

    /// Shares e^x of a row of scores, in place; `count` includes padding, which holds very low scores.
    static func softmax(_ row: UnsafeMutablePointer<Float>, count: Int) {
        var highest = unsafe load(row, 0)
        for index in stride(from: width, to: count, by: width) {
            let lanes = unsafe load(row, index)
            highest = highest.replacing(with: lanes, where: lanes .> highest)
        }
        let top = Lanes(repeating: highest.max())
        var sums = Lanes(repeating: 0)
        for index in stride(from: 0, to: count, by: width) {
            let lanes = unsafe exponential(load(row, index) - top)
            sums += lanes
            unsafe store(lanes, row, index)
        }
        let factor = 1 / sums.sum()
        for index in stride(from: 0, to: count, by: width) { unsafe store(load(row, index) * factor, row, index) }
    }

    /// `row = (x - mean) / sqrt(variance + epsilon) * scale + shift` of `x = row + residual + bias` (Ba et al. 2016).
    static func addAndNormalise(
        _ row: UnsafeMutablePointer<Float>, residual: UnsafePointer<Float>, bias: UnsafePointer<Float>,
        scale: UnsafePointer<Float>, shift: UnsafePointer<Float>, epsilon: Float, count: Int
    ) {
        var sums = Lanes(repeating: 0)
        for index in stride(from: 0, to: count, by: width) {
            let x = unsafe load(row, index) + load(residual, index) + load(bias, index)
            sums += x
            unsafe store(x, row, index)
        }
        let mean = sums.sum() / Float(count)
        var squares = Lanes(repeating: 0)
        for index in stride(from: 0, to: count, by: width) {
            let difference = unsafe load(row, index) - mean
            squares += difference * difference
        }
        let factor = 1 / (squares.sum() / Float(count) + epsilon).squareRoot()
        for index in stride(from: 0, to: count, by: width) {
            unsafe store((load(row, index) - mean) * factor * load(scale, index) + load(shift, index), row, index)
        }
    }
}
