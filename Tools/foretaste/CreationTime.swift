#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import CommandLineInterface

/// The time that an index names as its creation: the clock's, or the one of `SOURCE_DATE_EPOCH` (seconds since 1970, the
/// convention of reproducible-builds.org), with which two builds of the same files are the same bytes.
enum CreationTime {
    static let variable = "SOURCE_DATE_EPOCH"
    /// The end of the year 9999, the last that a version's name can hold.
    private static let latestSeconds: Int64 = 253_402_300_799

    static func milliseconds(operation: String) throws(UsageError) -> Int64 {
        // SAFETY: the program sets no environment variable, so the text outlives the copy made here.
        guard let value = unsafe getenv(variable) else { return Machine.nowMilliseconds }
        return try milliseconds(of: unsafe String(cString: value), operation: operation)
    }

    private static func milliseconds(of text: String, operation: String) throws(UsageError) -> Int64 {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let seconds = Int64(text), seconds <= latestSeconds
        else {
            throw UsageError(
                code: .badValue, operation: operation,
                text: "the environment variable \(variable) is '\(text)': expected whole seconds since 1970, at most "
                    + "\(latestSeconds). Unset it to take the clock's time.")
        }
        return seconds * 1000
    }
}
