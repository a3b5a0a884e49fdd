#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Descriptors 0 to 2. Where a program is started without one (`2>&-`), the next file or socket that it opens would take the
/// number, and what is meant for the terminal would go into it.
enum StandardDescriptors {
    /// Gives those that are closed to `/dev/null`. To be called before anything is opened.
    static func ensureOpen() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            if descriptor == STDOUT_FILENO { Terminal.noteClosedOutput() }
            // The lowest free number is this one, as those below are open.
            _ = unsafe open("/dev/null", O_RDWR)
        }
    }
}
