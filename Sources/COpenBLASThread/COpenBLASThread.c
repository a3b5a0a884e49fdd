#include "COpenBLASThread.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

// Where the address space is limited (ulimit -v) and OpenBLAS cannot have its buffer, it asks again for ever: in a thread that
// it starts while it is loaded, and in the first product that needs the buffer. The former ends with the process image, and
// is not started where the environment says so; the latter is told from before.
#ifdef __linux__
// What blas_memory_alloc asks for (BUFFER_SIZE, 32 << 22 in the x86-64 build of Debian), and a page.
static const size_t bufferBytes = (128ul << 20) + 4096;

static void keepWithinAddressSpace(char **arguments) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
    if (getenv("OPENBLAS_NUM_THREADS") == NULL) {
        setenv("OPENBLAS_NUM_THREADS", "1", 1);
        execv("/proc/self/exe", arguments);
        // Without /proc it goes on as it is.
    }
    void *buffer = mmap(NULL, bufferBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (buffer == MAP_FAILED) {
        fprintf(stderr, "%s: OpenBLAS needs 128 MiB of address space, and the limit leaves less: raise it (ulimit -v)\n",
                arguments[0]);
        _exit(1);
    }
    munmap(buffer, bufferBytes);
}
#endif

// OpenBLAS is loaded, and has started itself, before the initialisers of what needs it run.
__attribute__((constructor)) static void runOpenBLASWithOneThread(int count, char **arguments) {
#ifdef __linux__
    if (count > 0) keepWithinAddressSpace(arguments);
#else
    (void)count;
    (void)arguments;
#endif
    openblas_set_num_threads(1);
}
