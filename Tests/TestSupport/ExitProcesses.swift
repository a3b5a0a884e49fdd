import Foundation
import Synchronization

/// Children that outlive every test and must not outlive the program.
enum ExitProcesses {
    private static let identifiers = Mutex<[Int32]>([])
    private static let isRegistered: Bool = {
        atexit { ExitProcesses.identifiers.withLock { $0 }.forEach { _ = Foundation.kill($0, SIGKILL) } } == 0
    }()

    static func kill(_ child: ChildProcess) {
        precondition(isRegistered, "the system takes no more functions to call at exit")
        identifiers.withLock { $0.append(child.processIdentifier) }
    }
}
