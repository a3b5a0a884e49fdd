// OpenBLAS runs with one thread in every program, tool and test that links this module, from before main on: parallel
// work is cut into blocks by our own threads, so that no result depends on the thread count. Nothing needs to be called.
#pragma once
