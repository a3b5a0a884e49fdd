import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// SIGTERM and SIGINT, which are noted and asked for at a good moment instead of ending the program in the middle of something. Threads that
/// libraries have started before take signals too, so that blocking them here would not do.
enum StopSignals {
    private static let hasCome = Atomic<Bool>(false)

    static func note() {
        // Made before a handler needs it, which may do no more than a store.
        hasCome.store(false, ordering: .relaxed)
        for number in [SIGTERM, SIGINT] {
            _ = signal(number) { _ in StopSignals.hasCome.store(true, ordering: .relaxed) }
        }
    }

    static var areAsked: Bool { hasCome.load(ordering: .relaxed) }
}
