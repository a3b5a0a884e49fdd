@testable import AccessKeys

/// A key or a token that nobody made, or a file of keys; the first byte says which.
enum KeyInput {
    private static let token =
        "ftb1.4f1c9a7d2b3e.1893456000000.a8OkdWZlciA3..sDngno15vHgxnujUPpuv27IVf7hnm1xvN-fc96_QnzQ"
    private static let file = """
        foretaste keys 1
        4f1c9a7d2b3e browser 2026-11-30T17:00:00Z hmac-sha256:16c72466c21a4354daff0e7719432cb83d6c4f41c5ab95158399ce87624c63a8 a

        """
    private static let ring: KeyRing = {
        do {
            return KeyRing(try KeyFile(text: file, path: "keys"))
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    static func run(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let text = bytes.dropFirst()
        if first % 2 == 0 {
            guard case .granted = ring.check(text, at: 0) else { return }
            precondition(text.elementsEqual(token.utf8), "a token that nobody made is taken")
        } else if let text = String(validating: text, as: UTF8.self) {
            // What is no file of keys is refused, which is all that is asked of it.
            guard let file = try? KeyFile(text: text, path: "keys") else { return }
            // What cannot be read again is nil, which is another file.
            let again = try? KeyFile(text: file.text, path: "keys")
            precondition(again?.records == file.records, "a file that is read is written otherwise")
        }
    }
}
