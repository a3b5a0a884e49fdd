internal import CUV

/// Where address space is limited, as by `ulimit -v`.
package enum HeapArenas {
    /// glibc reserves 64 MiB of address space for the heap of each thread, however little it uses. To be called before there are
    /// threads.
    package static func keepToOne() {
        #if canImport(Glibc)
            // Where it is refused, the limit is reached earlier, and buffers are smaller by themselves.
            _ = mallopt(M_ARENA_MAX, 1)
        #endif
    }
}
