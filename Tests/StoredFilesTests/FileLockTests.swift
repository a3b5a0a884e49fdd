import Foundation
import TestSupport
import Testing

@testable import StoredFiles

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

    @Test func theHolderIsNamedAndNobodyElseMayOpenIt() throws {
        let path = try directory.write("", to: "a.lock")
        unsafe chmod(path, 0o644)
        let held = try FileLock(path, waiting: false)
        #expect(FileLock.holder(of: path).hasPrefix("process \(getpid()) since 2"))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        held?.release()
        #expect(FileLock.holder(of: path) == "a process that is not known")
    }

    @Test func aLinkIsNoLock() throws {
        let target = try directory.write("another's", to: "target")
        try FileManager.default.createSymbolicLink(atPath: directory.path("a.lock"), withDestinationPath: target)
        do throws(FileError) {
            _ = try FileLock(directory.path("a.lock"), waiting: false)
            Issue.record("a link was locked")
        } catch {
            #expect(error.code == .notOurs)
        }
        #expect(try directory.text(of: "target") == "another's")
    }
}
