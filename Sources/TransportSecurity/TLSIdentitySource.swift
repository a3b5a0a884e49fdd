internal import StoredFiles
internal import Synchronization

/// The identity that new connections get, and where it comes from. From any thread; connections keep theirs.
package final class TLSIdentitySource: Sendable {
    package let files: TLSFiles
    private let state: Mutex<(identity: TLSIdentity, changes: [FileChange?])>

    package init(_ files: TLSFiles) throws(TLSError) {
        self.files = files
        let changes = Self.changes(of: files)
        state = Mutex((try TLSIdentity(files), changes))
    }

    package var current: TLSIdentity { state.withLock { $0.identity } }

    /// Reads the files again where one has changed, or always. Where that fails what was read before stays, and is not tried again before the
    /// next change.
    /// - Returns: whether it was read.
    package func reload(evenIfUnchanged: Bool = false) throws(TLSError) -> Bool {
        let changes = Self.changes(of: files)
        let hasChanged = state.withLock { state in
            defer { state.changes = changes }
            return state.changes != changes
        }
        guard hasChanged || evenIfUnchanged else { return false }
        let read = try TLSIdentity(files)
        state.withLock { $0.identity = read }
        return true
    }

    private static func changes(of files: TLSFiles) -> [FileChange?] {
        [files.certificate, files.key, files.clientAuthorities].compactMap { $0 }.map { FileChange(of: $0) }
    }
}
