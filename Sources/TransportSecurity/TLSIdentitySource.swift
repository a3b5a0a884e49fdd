internal import StoredFiles
internal import Synchronization

/// The identity that new connections get, and where it comes from. From any thread; connections keep theirs.
package final class TLSIdentitySource: Sendable {
    private struct State {
        var files: TLSFiles
        var identity: TLSIdentity
        var changes: [FileChange?]
    }

    private let state: Mutex<State>

    package init(_ files: TLSFiles) throws(TLSError) {
        let changes = Self.changes(of: files)
        state = Mutex(State(files: files, identity: try TLSIdentity(files), changes: changes))
    }

    package var current: TLSIdentity { state.withLock { $0.identity } }
    package var files: TLSFiles { state.withLock { $0.files } }

    /// Reads other files from now on, in the place of those before, with what was read of them.
    package func use(_ files: TLSFiles, _ identity: TLSIdentity) {
        let changes = Self.changes(of: files)
        state.withLock { $0 = State(files: files, identity: identity, changes: changes) }
    }

    /// Reads the files again where one has changed, or always. Where that fails what was read before stays, and is not tried again before the
    /// next change.
    /// - Returns: whether it was read.
    package func reload(evenIfUnchanged: Bool = false) throws(TLSError) -> Bool {
        let files = self.files
        let changes = Self.changes(of: files)
        let hasChanged = state.withLock { state in
            defer { state.changes = changes }
            return state.changes != changes
        }
        guard hasChanged || evenIfUnchanged else { return false }
        let read = try TLSIdentity(files)
        state.withLock { state in
            // Other files may have been named meanwhile.
            if state.files == files { state.identity = read }
        }
        return true
    }

    private static func changes(of files: TLSFiles) -> [FileChange?] {
        [files.certificate, files.key, files.clientAuthorities].compactMap { $0 }.map { FileChange(of: $0) }
    }
}
