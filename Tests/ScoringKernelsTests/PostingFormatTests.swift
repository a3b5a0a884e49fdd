import ScoringKernels
import TestSupport
import Testing

@Suite struct PostingFormatTests {
    @Test(arguments: [(0, 4), (1, 4), (16, 4), (17, 5), (50_000, 16), (65_536, 16), (65_537, 17), (1 << 24, 24)])
    func columnsFit(itemCount: Int, bits: Int) {
        #expect(PostingFormat(itemCount: itemCount).columnBits == bits)
        #expect(PostingFormat(itemCount: itemCount).columnLimit >= itemCount)
    }

    /// Values within half a unit, a unit that is a power of two and as fine as the largest value allows.
    @Test(arguments: [3, 1000, 60_000, 1_000_000, 1 << 24])
    func valuesComeBack(itemCount: Int) {
        var generator = SeededGenerator(seed: UInt64(itemCount))
        let format = PostingFormat(itemCount: itemCount)
        for scale in [1e-20, 1e-3, 1, 12_345.678, 3e38] as [Float] {
            let row = (0..<min(itemCount, 40)).map {
                (column: Int32($0 * (itemCount / min(itemCount, 40))), value: scale * Float(generator.unit() - 0.3))
            }
            var postings: [UInt32] = []
            let unit = format.append(row, to: &postings)
            #expect(unit.significand == 1)
            let largest = row.map(\.value.magnitude).max() ?? 0
            #expect(largest / unit < Float(sign: .plus, exponent: 31 - format.columnBits, significand: 1))
            #expect(largest / unit >= Float(sign: .plus, exponent: 30 - format.columnBits, significand: 1))
            let stored = Dictionary(uniqueKeysWithValues: row.map { (Int($0.column), $0.value) })
            #expect(postings.count == row.count { $0.value != 0 })
            for posting in postings {
                let exact = stored[format.column(posting)] ?? .nan
                #expect(abs(exact - unit * Float(format.value(posting))) <= unit)
                #expect(format.value(posting) != 0)
            }
            let values = postings.map { format.value($0) }
            #expect(values == values.sorted(by: >))
        }
    }

    @Test func weakLinksStayLinks() {
        var postings: [UInt32] = []
        let format = PostingFormat(itemCount: 1 << 24)
        _ = format.append([(5, 1), (3, 1e-30), (4, -1e-30), (2, 0), (1, .nan), (0, .infinity)], to: &postings)
        #expect(postings.map { format.column($0) } == [5, 3, 4])
        #expect(postings.map { format.value($0).signum() } == [1, 1, -1])
    }

    @Test func nothingIsNoRow() {
        var postings: [UInt32] = []
        #expect(PostingFormat(itemCount: 9).append([], to: &postings) == 0)
        #expect(postings.isEmpty)
    }
}
