/// Numbers as people read them, the same in every locale.
package enum ReadableNumber {
    /// `1,234,567`.
    package static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text
    }

    /// A whole number as `count` writes it; `-` where the value is not finite, Swift's own form from 9e15 on.
    package static func whole(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        return value.magnitude < 9e15 ? count(Int(value.rounded())) : value.description
    }

    /// With exactly `places` digits after the point, rounded half away from zero; `-` where the value is not finite.
    /// Values from 9e15 / 10^places on, where a Double no longer holds the last digit, keep Swift's own form.
    ///
    /// - Parameter places: 0 to 9.
    package static func fixed(_ value: Double, _ places: Int) -> String {
        guard value.isFinite else { return "-" }
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = (value.magnitude * Double(scale)).rounded()
        guard scaled < 9e15 else { return value.description }
        let (whole, part) = Int(scaled).quotientAndRemainder(dividingBy: scale)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return sign + String(whole) }
        let digits = String(part)
        return sign + "\(whole)." + String(repeating: "0", count: places - digits.count) + digits
    }

    /// `0.8 ms`, `812 ms`, `12.3 s`, `4 min 05 s`, `2 h 10 min`.
    package static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0 else { return "-" }
        if seconds < 0.00995 { return fixed(seconds * 1000, 1) + " ms" }
        if seconds < 0.9995 { return fixed(seconds * 1000, 0) + " ms" }
        if seconds < 59.95 { return fixed(seconds, 1) + " s" }
        // A century: beyond it an estimate says nothing, and the sum below must stay an Int.
        guard seconds < 3.2e9 else { return "-" }
        let whole = Int(seconds.rounded())
        func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
        return "\(whole / 3600) h \(twoDigits(whole % 3600 / 60)) min"
    }

    /// `512 B`, `4.2 MiB`.
    package static func byteCount(_ value: Int) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB"]
        var size = Double(value)
        guard value.magnitude >= 1024 else { return "\(value) B" }
        var unit = -1
        while size.magnitude >= 1023.95, unit + 1 < units.count {
            size /= 1024
            unit += 1
        }
        return "\(fixed(size, 1)) \(units[max(unit, 0)])"
    }

    /// `12 rows/s`, `1,234,567 rows/s`; empty where no time has passed.
    package static func rate(_ amount: Int, seconds: Double, unit: String) -> String {
        guard seconds > 0 else { return "" }
        let perSecond = Double(amount) / seconds
        guard perSecond < 9e15 else { return "" }
        let number = perSecond < 10 ? fixed(perSecond, 1) : count(Int(perSecond.rounded()))
        return "\(number) \(unit)/s"
    }
}
