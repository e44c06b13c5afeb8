// Holds what native code writes to stderr while a library is loaded: TensorFlow logs its start-up before
// any setting of its log counts. The text is given back, so that nothing is lost.
#define _GNU_SOURCE
#include <node_api.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

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

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "hold", NAPI_AUTO_LENGTH, hold, NULL, &function);
  napi_set_named_property(env, exports, "hold", function);
  napi_create_function(env, "release", NAPI_AUTO_LENGTH, release, NULL, &function);
  napi_set_named_property(env, exports, "release", function);
  return exports;
}
