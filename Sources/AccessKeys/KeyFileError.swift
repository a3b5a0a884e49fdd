package import StoredFiles

/// Why the keys of a server cannot be read or changed; `description` says how to mend it.
package enum KeyFileError: Error, Sendable, CustomStringConvertible {
    case file(FileError)
    case notKeys(path: String)
    /// From 1.
    case badLine(path: String, line: Int)
    case full
    case noMemory

    package var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .notKeys(let path):
            "\(path): this is not a file of keys: 'foretaste keys create' makes one, and 'foretaste keys' alone should change it"
        case .badLine(let path, let line):
            "\(path):\(line): this line is no key, or one that stands twice: 'foretaste keys' alone should change the file; take the "
                + "line out, and make the key again"
        case .full: "there are \(KeyFile.keyLimit) keys, which is as many as may be: revoke some"
        case .noMemory: "the key could not be hashed: 8 MiB of memory are needed"
        }
    }
}
