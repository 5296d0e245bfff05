// OpenBLAS starts a thread for every core when it is loaded, and they spin while they wait. The
// debugger steps on one thread, and training asks for more when it wants them, so one is enough to
// start with. The library reads its environment before main: this runs earlier still. A setting of
// the user's own is respected.
#include <stdlib.h>

#if defined(__linux__)
static void start_with_one_thread(void) {
  setenv("OPENBLAS_NUM_THREADS", "1", 0);
}

__attribute__((section(".preinit_array"), used, retain)) static void (*const preinit)(void) =
    start_with_one_thread;
#endif
