import Foundation

/// Words to the person who watches the tests.
enum Diagnostics {
    static func report(_ text: String) {
        FileHandle.standardError.write(Data("TEST SUPPORT: \(text)\n".utf8))
    }
}
