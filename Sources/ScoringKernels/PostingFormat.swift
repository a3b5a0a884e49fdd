/// How the neighbours of an item are kept: one word of 32 bits for each, strongest first.
///
///     posting   value << columnBits | column        the value signed, in units of a power of two that the row tells
///     bits      31 ............................ 0
///               value (32 - columnBits) | column
///
/// The fewer items a catalogue has, the more exact its values are: 16 bits at 65,536 items, 12 at a million. A power of two as
/// unit keeps values exact that have few binary digits, and makes a product with it exact. A posting can name no item beyond
/// 2^columnBits, whatever a damaged file holds: workspaces have that size, so nothing checks columns while scoring.
package struct PostingFormat: Sendable, Equatable {
    /// Values then have 8 bits, their sign included.
    package static let maximumItemCount = 1 << 24
    /// Scores are looked at 16 at a time.
    private static let leastColumnBits = 4
    /// Values below 2^-100 are none: their products with weights would leave the range of numbers that are not subnormal.
    private static let leastExponent = -100

    package let columnBits: Int

    /// - Parameter itemCount: at most `maximumItemCount`.
    package init(itemCount: Int) {
        precondition(itemCount >= 0 && itemCount <= Self.maximumItemCount)
        let largest = UInt32(max(itemCount - 1, 0))
        columnBits = max(UInt32.bitWidth - largest.leadingZeroBitCount, Self.leastColumnBits)
    }

    /// Columns that a posting can name.
    package var columnLimit: Int { 1 << columnBits }

    private var greatestValue: Int32 { Int32((UInt32(1) << (31 - UInt32(columnBits))) - 1) }

    @inlinable
    package func column(_ posting: UInt32) -> Int { Int(posting & UInt32((1 << columnBits) - 1)) }

    @inlinable
    package func value(_ posting: UInt32) -> Int32 { Int32(bitPattern: posting) >> Int32(columnBits) }

    /// Appends a row, strongest first, equal ones by ascending column. Values that are zero are left out; every other one keeps a
    /// value other than 0, since a link that is weak is still a link.
    /// - Returns: What a value of 1 is worth: a power of two, or 0 for an empty row.
    package func append(_ row: [(column: Int32, value: Float)], to postings: inout [UInt32]) -> Float {
        let links = row.filter { $0.value != 0 && $0.value.isFinite }
        guard let largest = links.lazy.map({ $0.value.magnitude }).max() else { return 0 }
        let exponent = max(Int(largest.exponent), Self.leastExponent)
        let unit = Float(sign: .plus, exponent: exponent + 1 - (31 - columnBits), significand: 1)
        let ordered = links.sorted { ($1.value, $0.column) < ($0.value, $1.column) }
        for link in ordered {
            let rounded = (link.value / unit).rounded()
            let bounded = max(-Float(greatestValue), min(Float(greatestValue), rounded))
            let value = bounded == 0 ? (link.value < 0 ? -1 : 1) : Int32(min(Int64(bounded), Int64(greatestValue)))
            postings.append(UInt32(bitPattern: value << Int32(columnBits)) | UInt32(bitPattern: link.column))
        }
        return unit
    }
}
