internal import StoredFiles

/// A text file written row by row through one buffer of bounded size, beside its place until `ShopWriter` puts all there.
struct RowFile {
    let file: StagedFile

    init(path: String) throws(ShopError) {
        do throws(FileError) {
            file = try StagedFile(path)
        } catch {
            throw ShopError(error, code: .fileNotOpened)
        }
    }

    /// Writes out what the row's bytes fill.
    func append(_ row: (inout [UInt8]) -> Void) throws(ShopError) {
        do throws(FileError) {
            try file.append(row)
        } catch {
            throw ShopError(error, code: .fileNotWritten)
        }
    }
}

extension ShopError {
    init(_ error: FileError, code: Code) {
        self.init(code: code, operation: error.operation, text: "\(error.path): \(error.found). \(error.remedy)")
    }
}
