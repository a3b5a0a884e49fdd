/// The 64-bit xxHash of a run of bytes (Y. Collet, "xxHash fast digest algorithm", specification version 0.1.1),
/// written from the specification. It guards against damage, not against a forger.
///
/// Four lanes of eight bytes are multiplied and rotated independently, so that it runs near memory speed; the lanes
/// are merged, the rest is taken in steps of 8, 4 and 1 bytes, and a last mix spreads every bit.
package enum Checksum {
    // The five primes of the specification.
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    package static func of(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        var offset = 0
        var sum: UInt64
        if bytes.count >= 32 {
            var lane1 = seed &+ prime1 &+ prime2
            var lane2 = seed &+ prime2
            var lane3 = seed
            var lane4 = seed &- prime1
            while offset + 32 <= bytes.count {
                lane1 = unsafe round(lane1, word(bytes, offset))
                lane2 = unsafe round(lane2, word(bytes, offset + 8))
                lane3 = unsafe round(lane3, word(bytes, offset + 16))
                lane4 = unsafe round(lane4, word(bytes, offset + 24))
                offset += 32
            }
            sum = rotate(lane1, 1) &+ rotate(lane2, 7) &+ rotate(lane3, 12) &+ rotate(lane4, 18)
            sum = merge(merge(merge(merge(sum, lane1), lane2), lane3), lane4)
        } else {
            sum = seed &+ prime5
        }
        sum &+= UInt64(bytes.count)
        return finish(unsafe absorbRest(of: bytes, from: offset, into: sum))
    }

    private static func absorbRest(of bytes: UnsafeRawBufferPointer, from start: Int, into sum: UInt64) -> UInt64 {
        var offset = start
        var sum = sum
        while offset + 8 <= bytes.count {
            sum = unsafe rotate(sum ^ round(0, word(bytes, offset)), 27) &* prime1 &+ prime4
            offset += 8
        }
        if offset + 4 <= bytes.count {
            let half = unsafe UInt64(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            sum = rotate(sum ^ (half &* prime1), 23) &* prime2 &+ prime3
            offset += 4
        }
        while offset < bytes.count {
            sum = unsafe rotate(sum ^ (UInt64(bytes[offset]) &* prime5), 11) &* prime1
            offset += 1
        }
        return sum
    }

    private static func finish(_ sum: UInt64) -> UInt64 {
        var sum = sum
        sum = (sum ^ (sum >> 33)) &* prime2
        sum = (sum ^ (sum >> 29)) &* prime3
        return sum ^ (sum >> 32)
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    @inline(__always)
    private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
        rotate(lane &+ input &* prime2, 31) &* prime1
    }

    @inline(__always)
    private static func merge(_ sum: UInt64, _ lane: UInt64) -> UInt64 {
        (sum ^ round(0, lane)) &* prime1 &+ prime4
    }

    @inline(__always)
    private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
        value &<< count | value &>> (64 - count)
    }
}
