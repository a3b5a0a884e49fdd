import Synchronization

/// The overlay that holds now, for one open index. A writer publishes; each loop looks once a request, at the price of one load
/// where nothing has changed.
package final class CurrentOverlay: Sendable {
    private struct State {
        var overlay: CatalogOverlay?
        /// What loops have put aside: the next publisher releases it, as that may take long.
        var retired: [CatalogOverlay] = []
    }

    private let state = Mutex(State())
    /// Counts publications.
    private let published = Atomic<UInt64>(0)

    /// Every request that begins after the return sees it.
    /// - Parameter overlay: nil: the index as it was built.
    package func publish(_ overlay: CatalogOverlay?) {
        let replaced = state.withLock { state in
            let old = (state.overlay, state.retired)
            state.overlay = overlay
            state.retired = []
            published.add(1, ordering: .releasing)
            return old
        }
        // Not under the lock, which loops wait for.
        withExtendedLifetime(replaced) {}
    }

    /// How often anything was published.
    @inline(__always)
    var generation: UInt64 { published.load(ordering: .acquiring) }

    /// Exchanges what a loop has for what holds now.
    func exchange(_ old: CatalogOverlay?) -> (overlay: CatalogOverlay?, generation: UInt64) {
        state.withLock { state in
            if let old { state.retired.append(old) }
            return (state.overlay, published.load(ordering: .relaxed))
        }
    }

    package var overlay: CatalogOverlay? { state.withLock { $0.overlay } }
}
