#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A descriptor that a loop gives up for a moment to accept a client when none is left, so that the client can be told.
struct SpareDescriptor: ~Copyable {
    private var descriptor: Int32 = -1

    deinit { if descriptor >= 0 { close(descriptor) } }

    var isThere: Bool { descriptor >= 0 }

    /// Without effect where it is there, or no descriptor is free.
    mutating func take() {
        if descriptor < 0 { descriptor = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC) }
    }

    mutating func giveUp() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }
}
