/// `value` with exactly `decimals` digits after the point, rounded half away from zero; "-" where it is not a number
/// or too great for 18 digits.
func fixedPoint(_ value: Double, decimals: Int) -> String {
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(value) * Double(scale)).rounded(.toNearestOrAwayFromZero)
    // 10^18 is the greatest power of ten in an Int.
    guard scaled < 1e18 else { return "-" }
    let digits = Int(scaled)
    let sign = value < 0 && digits > 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(digits) }
    let fraction = String(digits % scale)
    return sign + String(digits / scale) + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
}
