internal import KeyValueStore

/// Checksums as they stand in names of files.
enum ArtefactChecksum {
    private static let digitCount = 16

    static func text(of bytes: [UInt8]) -> String {
        let sum = unsafe bytes.withUnsafeBytes { unsafe Checksum.of($0) }
        let digits = String(sum, radix: 16)
        return String(repeating: "0", count: digitCount - digits.count) + digits
    }

    static func isText(_ text: some StringProtocol) -> Bool {
        text.utf8.count == digitCount && text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }
}
