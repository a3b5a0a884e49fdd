import Testing

@testable import CommandLineInterface

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

struct StandardDescriptorTests {
    /// As by `program 0<&- 2>&-`: the program's own files and sockets get higher numbers.
    @Test func closedStandardDescriptorsAreGivenToNobodyElse() async {
        await #expect(processExitsWith: .success) {
            close(STDIN_FILENO)
            close(STDERR_FILENO)
            StandardDescriptors.ensureOpen()
            let next = unsafe open("/dev/null", O_RDONLY)
            let isWritable = unsafe write(STDERR_FILENO, "x", 1) == 1
            exit(next > STDERR_FILENO && isWritable ? 0 : 1)
        }
    }
}
