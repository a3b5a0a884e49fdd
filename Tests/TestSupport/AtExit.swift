import Foundation
import Synchronization

/// What outlives every test and must not outlive the program, since a global never lets go of it.
enum AtExit {
    private static let actions = Mutex<[@Sendable () -> Void]>([])
    private static let isRegistered: Bool = {
        atexit { AtExit.actions.withLock { $0 }.reversed().forEach { $0() } } == 0
    }()

    /// The last one first.
    static func run(_ action: @escaping @Sendable () -> Void) {
        precondition(isRegistered, "the system takes no more functions to call at exit")
        actions.withLock { $0.append(action) }
    }
}
