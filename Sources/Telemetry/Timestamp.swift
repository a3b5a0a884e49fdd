// RFC 3339 text of an instant, without Foundation.
//
// The day number becomes a year, month and day by counting whole 400-year cycles of the Gregorian calendar
// (146,097 days each) from 1 March of year 0, so that the leap day is the last day of a counted year.

/// Appends `yyyy-MM-ddTHH:mm:ss.sssZ` (24 bytes for the years 0 to 9999).
package func appendTimestamp(milliseconds: Int64, to output: inout [UInt8]) {
    let millisecondsPerDay: Int64 = 86_400_000
    let day = floorDivide(milliseconds, millisecondsPerDay)
    let inDay = milliseconds - day * millisecondsPerDay
    let date = civilDate(daysSince1970: day)
    appendDigits(date.year, width: 4, to: &output)
    output.append(UInt8(ascii: "-"))
    appendDigits(date.month, width: 2, to: &output)
    output.append(UInt8(ascii: "-"))
    appendDigits(date.day, width: 2, to: &output)
    output.append(UInt8(ascii: "T"))
    appendDigits(inDay / 3_600_000, width: 2, to: &output)
    output.append(UInt8(ascii: ":"))
    appendDigits(inDay / 60_000 % 60, width: 2, to: &output)
    output.append(UInt8(ascii: ":"))
    appendDigits(inDay / 1000 % 60, width: 2, to: &output)
    output.append(UInt8(ascii: "."))
    appendDigits(inDay % 1000, width: 3, to: &output)
    output.append(UInt8(ascii: "Z"))
}

private func civilDate(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
    // 719,468 days lie between 0000-03-01 and 1970-01-01.
    let shifted = daysSince1970 + 719_468
    let cycle = floorDivide(shifted, 146_097)
    let dayOfCycle = shifted - cycle * 146_097
    // A 4-year group has 1,461 days, a century 36,524; a cycle's last century has one day more.
    let yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    // From March on, every five months have 153 days.
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0), month, day)
}

private func floorDivide(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    let quotient = dividend / divisor
    return dividend % divisor < 0 ? quotient - 1 : quotient
}

private func appendDigits(_ value: Int64, width: Int, to output: inout [UInt8]) {
    let digits = Array(String(value).utf8)
    for _ in digits.count..<max(width, digits.count) { output.append(UInt8(ascii: "0")) }
    output.append(contentsOf: digits)
}
