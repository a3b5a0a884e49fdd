package import StoredFiles

extension IndexError {
    /// - Parameter isReading: whether nothing was to be changed; a permission that lacks is then one to read.
    package init(_ error: FileError, isReading: Bool = false) {
        let code: Code =
            switch error.code {
            case .missing: .pathMissing
            case .permissionDenied: isReading ? .permissionDenied : .notWritable
            case .readOnlyFileSystem: .notWritable
            case .diskFull, .tooLarge: .diskFull
            case .notOurs, .isDirectory: .foreignFile
            case .notDurable: .notDurable
            case .inputOutput: .inputOutput
            case .tooManyFiles: .tooManyFiles
            }
        self.init(
            code, operation: error.operation, path: error.path, expected: error.expected, found: error.found)
    }
}

/// Does something with files; its errors are an index's.
@discardableResult
func withFiles<Value: ~Copyable>(
    reading: Bool = false, _ body: () throws(FileError) -> Value
) throws(IndexError) -> Value {
    do {
        return try body()
    } catch {
        throw IndexError(error, isReading: reading)
    }
}
