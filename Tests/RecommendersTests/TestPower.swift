#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The C library's functions for test files that need nothing else of it.
enum TestPower {
    static func of(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
    static func logarithm(_ x: Double) -> Double { log(x) }
}
