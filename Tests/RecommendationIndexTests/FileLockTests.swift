import TestSupport
import Testing

@testable import RecommendationIndex

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct FileLockTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func oneHolderAtATime() throws {
        let path = directory.path("a.lock")
        let lock = try FileLock(path, waiting: false)
        let isRefused = try FileLock(path, waiting: false) == nil
        #expect(isRefused)
        lock?.release()
        let isFree = try FileLock(path, waiting: false) != nil
        #expect(isFree)
    }

    /// As while another thread starts a process: the child has a copy until it is another program.
    @Test func aCopyOfTheDescriptorKeepsNothing() throws {
        let path = directory.path("a.lock")
        var copy: Int32 = -1
        if let lock = try FileLock(path, waiting: false) {
            copy = dup(lock.descriptor)
            lock.release()
        }
        #expect(copy >= 0)
        let isFree = try FileLock(path, waiting: false) != nil
        #expect(isFree)
        close(copy)
    }
}
