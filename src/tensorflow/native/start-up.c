// What a thread needs before TensorFlow is loaded on it.
#define _GNU_SOURCE
#include <node_api.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// Holds what native code writes to stderr while a library is loaded: TensorFlow logs its start-up before
// any setting of its log counts. The text is given back, so that nothing is lost.
static int saved = -1;

// hold(): from now on, stderr goes to memory. False where that can't be had.
static napi_value hold(napi_env env, napi_callback_info info) {
  (void)info;
  int memory = saved < 0 ? memfd_create("stderr", MFD_CLOEXEC) : -1;
  if (memory >= 0) {
    saved = dup(STDERR_FILENO);
    if (saved >= 0) dup2(memory, STDERR_FILENO);
    close(memory);
  }
  napi_value held;
  napi_get_boolean(env, saved >= 0, &held);
  return held;
}

// release(): stderr is what it was; gives the text that was written meanwhile.
static napi_value release(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value text;
  off_t length = saved < 0 ? 0 : lseek(STDERR_FILENO, 0, SEEK_END);
  char* bytes = malloc((size_t)length + 1);
  ssize_t count = bytes && length > 0 ? pread(STDERR_FILENO, bytes, (size_t)length, 0) : 0;
  if (saved >= 0) {
    dup2(saved, STDERR_FILENO);
    close(saved);
    saved = -1;
  }
  napi_create_string_utf8(env, bytes ? bytes : "", count > 0 ? (size_t)count : 0, &text);
  free(bytes);
  return text;
}

// Bytes: a handler's frame has all vector registers.
static const size_t stack_size = 1 << 17;

// blockSignals(): TensorFlow's float32 products (oneDNN's compiled code) use the stack pointer for another purpose, so
// that a signal's handler on this thread, or on one of TensorFlow's, would overwrite memory, and the process abort.
// Signals are left to Node's other threads, which take those of the process as well; TensorFlow's threads inherit that.
// V8's profiler asks this thread itself: its handler gets a stack of its own.
static napi_value block_signals(napi_env env, napi_callback_info info) {
  (void)env;
  (void)info;
  sigset_t signals;
  sigfillset(&signals);
  const int own[] = {SIGPROF, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
  for (size_t i = 0; i < sizeof own / sizeof *own; i++) sigdelset(&signals, own[i]);
  pthread_sigmask(SIG_BLOCK, &signals, NULL);
  stack_t stack;
  if (sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE)) {
    // It stays until the process ends: a thread's last handler may come after its environment.
    stack = (stack_t){.ss_sp = malloc(stack_size), .ss_size = stack_size};
    if (stack.ss_sp) sigaltstack(&stack, NULL);
  }
  return NULL;
}

static void provide(napi_env env, napi_value exports, const char* name, napi_callback callback) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &function);
  napi_set_named_property(env, exports, name, function);
}

NAPI_MODULE_INIT() {
  provide(env, exports, "hold", hold);
  provide(env, exports, "release", release);
  provide(env, exports, "blockSignals", block_signals);
  return exports;
}
