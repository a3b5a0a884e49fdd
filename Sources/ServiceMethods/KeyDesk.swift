package import AccessKeys

/// How a server checks keys without holding up who answers requests.
package struct KeyDesk: Sendable {
    package typealias Work = @Sendable () -> Void

    let ring: KeyRing
    /// Runs milliseconds of work on a thread that may take them.
    let work: @Sendable (@escaping Work) -> Void
    /// Runs work after the time that a wrong key waits for its answer: the same whether there is such a key or not.
    let afterDelay: @Sendable (@escaping Work) -> Void
    /// A wrong key was presented; its id where it has one. Never more of it.
    let reportWrongKey: @Sendable (String?) -> Void

    package init(
        _ ring: KeyRing, work: @escaping @Sendable (@escaping Work) -> Void,
        afterDelay: @escaping @Sendable (@escaping Work) -> Void, reportWrongKey: @escaping @Sendable (String?) -> Void
    ) {
        self.ring = ring
        self.work = work
        self.afterDelay = afterDelay
        self.reportWrongKey = reportWrongKey
    }
}
