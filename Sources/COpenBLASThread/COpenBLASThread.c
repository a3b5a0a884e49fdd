#include "COpenBLASThread.h"

#include <cblas.h>

// OpenBLAS is loaded, and has started itself, before the initialisers of what needs it run.
__attribute__((constructor)) static void runOpenBLASWithOneThread(void) { openblas_set_num_threads(1); }
