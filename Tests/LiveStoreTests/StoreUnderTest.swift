import KeyValueStore
import LiveStore
import TestSupport
import Testing

/// A store in a directory of its own, and its writer's answers as they come.
final class StoreUnderTest: Sendable {
    let directory: TemporaryDirectory
    let store: LiveDataStore

    init(_ options: LiveStoreOptions = LiveStoreOptions(), in directory: TemporaryDirectory? = nil) throws {
        let directory = try directory ?? TemporaryDirectory()
        self.directory = directory
        store = try LiveDataStore(directory: directory.path("live"), options: options)
    }

    /// Waits for the change's end.
    @discardableResult
    func apply(_ change: LiveChange) throws -> LiveOutcome {
        let answer = Monitor<Result<LiveOutcome, LiveStoreError>?>(nil)
        try store.submit(change) { result in answer.change { $0 = result } }
        return try answer.wait { $0 }.get()
    }

    @discardableResult
    func elements(_ change: LiveChange) throws -> [ElementOutcome] {
        guard case .elements(let outcomes) = try apply(change) else { return [] }
        return outcomes
    }

    func put(_ events: UserEvent...) throws -> [ElementOutcome] { try elements(.putEvents(events)) }
}

func view(_ user: String, _ item: String, id: String? = nil, session: String? = nil) -> UserEvent {
    var event = UserEvent(type: "view", userId: user, sessionId: session, itemId: item)
    event.eventId = id
    return event
}

/// Faults that can be switched on and off while the store is open.
final class FaultSwitch: Sendable {
    private let fault = Monitor<(StoreOperation, Int32)?>(nil)

    func set(_ operation: StoreOperation, _ status: Int32) { fault.change { $0 = (operation, status) } }
    func clear() { fault.change { $0 = nil } }

    var faults: StoreFaults {
        { operation in self.fault.withLock { $0?.0 == operation ? $0?.1 : nil } }
    }
}
