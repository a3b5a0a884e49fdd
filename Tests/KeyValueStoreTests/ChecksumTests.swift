import KeyValueStore
import Testing

@Suite struct ChecksumTests {
    private func checksum(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        unsafe bytes.withUnsafeBytes { bytes in unsafe Checksum.of(bytes, seed: seed) }
    }

    // Published test values of XXH64.
    @Test func knownAnswers() {
        #expect(checksum([]) == 0xEF46_DB37_51D8_E999)
        #expect(checksum(Array("a".utf8)) == 0xD24E_C4F1_A98C_6E5B)
        #expect(checksum(Array("abc".utf8)) == 0x44BC_2CF5_AD77_0999)
        #expect(checksum(Array("Nobody inspects the spammish repetition".utf8)) == 0xFBCE_A83C_8A37_8BF1)
    }

    @Test func everyBitAndTheLengthCount() {
        for count in [1, 3, 4, 7, 8, 31, 32, 33, 63, 64, 100] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
            let good = checksum(bytes)
            for bit in 0..<count * 8 {
                var changed = bytes
                changed[bit / 8] ^= 1 << (bit % 8)
                #expect(checksum(changed) != good)
            }
            #expect(checksum(bytes + [0]) != good)
            #expect(checksum(bytes, seed: 1) != good)
        }
    }
}
