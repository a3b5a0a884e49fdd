internal import CZip

/// A zip archive open for reading. Owns libzip's handle, and that of the part that is being read.
@safe final class ZipArchive {
    private let archive: OpaquePointer
    private var part: OpaquePointer?

    init(path: String) throws(WorkbookError) {
        var code: Int32 = 0
        guard let opened = unsafe zip_open(path, ZIP_RDONLY, &code) else {
            throw WorkbookError(
                expected: "an .xlsx workbook, which is a zip archive", found: "an archive that cannot be opened",
                remedy: "The file is damaged or cut off: save it again.")
        }
        unsafe archive = opened
    }

    deinit {
        closePart()
        unsafe zip_discard(archive)
    }

    func contains(_ name: String) -> Bool { unsafe zip_name_locate(archive, name, 0) >= 0 }

    /// False where there is no such part.
    func open(_ name: String) -> Bool {
        closePart()
        unsafe part = zip_fopen(archive, name, 0)
        return unsafe part != nil
    }

    /// Fills the buffer from its front; 0 at the end of the part.
    func read(into buffer: inout [UInt8]) throws(WorkbookError) -> Int {
        guard let part = unsafe part else { return 0 }
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe zip_fread(part, bytes.baseAddress, UInt64(bytes.count))
        }
        guard count >= 0 else {
            throw WorkbookError(
                expected: "a part that can be unpacked", found: "damaged data",
                remedy: "The file is damaged, cut off or encrypted: save it again, without a password.")
        }
        return Int(count)
    }

    private func closePart() {
        if let part = unsafe part { unsafe _ = zip_fclose(part) }
        unsafe part = nil
    }
}
