package import AccessKeys
import ItemFilter
package import WireProtocol

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

    /// What a key allows, or how to find out. A wrong one is told apart later only, after the time that it waits.
    /// - Parameter now: milliseconds since 1970.
    package func show(_ key: some Collection<UInt8>, at now: Int64) throws(WireError) -> ShownKey {
        switch ring.check(key, at: now) {
        case .granted(let grant):
            // Whoever made the token can see what is wrong, since its filter stands in it.
            guard grant.hasReadableFilter else {
                throw WireError(
                    .keyInvalid,
                    "The token's filter cannot be read: make one with a filter as requests have it, or without.")
            }
            return .granted(grant)
        case .refused(let id):
            reportWrongKey(id)
            return .later(KeyInquiry(desk: self, verification: nil))
        case .mustVerify(let verification): return .later(KeyInquiry(desk: self, verification: verification))
        }
    }
}

package enum ShownKey {
    case granted(Grant)
    case later(KeyInquiry)
}

/// A key that may be right or wrong.
package struct KeyInquiry: Sendable {
    fileprivate let desk: KeyDesk
    /// Nil: it is wrong for certain.
    fileprivate let verification: KeyVerification?

    /// - Parameters:
    ///   - isWanted: whether somebody still waits; from another thread.
    ///   - finish: called once, from another thread, unless nobody waits any more. Nil: the key is wrong.
    package func begin(
        isWanted: @escaping @Sendable () -> Bool, finish: @escaping @Sendable (Grant?) -> Void
    ) {
        guard let verification else { return desk.afterDelay { finish(nil) } }
        desk.work { [desk] in
            guard isWanted() else { return }
            if let grant = verification.run() { return finish(grant) }
            desk.reportWrongKey(verification.id)
            desk.afterDelay { finish(nil) }
        }
    }
}

extension Grant {
    /// Whether it says anything; what its names mean, each index tells.
    fileprivate var hasReadableFilter: Bool {
        if filter.isEmpty { return true }
        guard let text = String(validating: filter, as: UTF8.self) else { return false }
        do throws(FilterError) {
            _ = try FilterParser.parse(text)
            return true
        } catch {
            return false
        }
    }
}

extension WireError {
    /// The same for a key that there is not, one with a wrong secret, and one that has expired.
    package static var wrongKey: WireError { WireError(.keyInvalid, "This key allows nothing here.") }
}
