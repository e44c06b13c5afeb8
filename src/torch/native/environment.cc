#include "environment.h"

#include <c10/core/AutogradState.h>

#include <algorithm>

#include "handle.h"
#include "javascript.h"

namespace tandem {
namespace {

thread_local Environment* onThread = nullptr;

// Calls a function that JavaScript has set; null where there is none.
napi_value callSet(napi_env env, napi_ref reference, size_t count, const napi_value* args) {
  const napi_value function = referenced(env, reference);
  return function ? callFunction(env, function, count, args) : nullptr;
}

}  // namespace

Environment& Environment::open(napi_env env, napi_value exports) {
  const std::shared_ptr<Environment> made(new Environment(env));
  made->self = made;
  check(env, napi_set_instance_data(env, made.get(), nullptr, nullptr));
  check(env, napi_add_env_cleanup_hook(
                 env, [](void* data) { static_cast<Environment*>(data)->close(); }, made.get()));
  napi_value buffer, array;
  void* data = nullptr;
  check(env, napi_create_arraybuffer(env, 1, &data, &buffer));
  check(env, napi_create_typedarray(env, napi_uint8_array, 1, buffer, 0, &array));
  made->outcome = makeReference(env, array, 1);
  setProperty(env, exports, "outcome", array);
  made->told = static_cast<uint8_t*>(data);
  c10::WarningUtils::set_warning_handler(made.get());
  // Backward passes run on the thread that starts them, also on GPUs, whose work is asynchronous anyway: JavaScript's hooks
  // and functions can run on no other.
  c10::AutogradState::get_tls_state().set_multithreading_enabled(false);
  onThread = made.get();
  return *made;
}

Environment& Environment::of(napi_env env) {
  void* data = nullptr;
  napi_get_instance_data(env, &data);
  return *static_cast<Environment*>(data);
}

Environment* Environment::ofThread() { return onThread; }

// Node deletes no references of ours, and calls the finalizers of the handles only after this.
void Environment::close() {
  closed = true;
  if (onThread == this) {
    onThread = nullptr;
    c10::WarningUtils::set_warning_handler(nullptr);
  }
  references.close(env);
  for (const TensorHook& hook : tensorHooks) napi_delete_reference(env, hook.owner);
  tensorHooks.clear();
  for (const napi_ref reference : {collector, warner, tracer, outcome}) {
    if (reference) napi_delete_reference(env, reference);
  }
  end();
}

napi_value Environment::fail(napi_value error) {
  result = Outcome::other;
  note(Outcome::failed);
  return error;
}

napi_value Environment::fail(const char* code, const char* message) {
  try {
    if (!warnings.empty()) showWarnings();
    napi_value error;
    check(env, napi_create_error(env, fromString(env, code), fromString(env, message), &error));
    return fail(error);
  } catch (const JsException& e) {
    return fail(e.thrown);
  } catch (...) {
    // JavaScript is ending, or there is no memory left.
    return fail(nullptr);
  }
}

void Environment::settle() {
  if (!warnings.empty()) showWarnings();
  if (held > limit) collectGarbage();
}

void Environment::process(const c10::Warning& warning) {
  const auto& at = warning.source_location();
  warn(warning.msg(), c10::str(at.file, ':', at.line));
}

void Environment::warn(std::string message, std::string place) {
  warnings.emplace_back(std::move(message), std::move(place));
}

void Environment::showWarnings() {
  // Taken first, as what shows them may call the addon.
  const auto shown = std::exchange(warnings, {});
  for (const auto& [message, place] : shown) {
    const napi_value args[] = {fromString(env, message), fromString(env, place)};
    callSet(env, warner, 2, args);
  }
}

std::string Environment::stackTrace() {
  const HandleScope scope(env);
  try {
    const napi_value stack = callSet(env, tracer, 0, nullptr);
    return stack ? toString(env, stack) : "";
  } catch (const std::exception&) {
    return "";
  }
}

void Environment::addBytes(int64_t bytes) { held += bytes; }

// The limit falls with what is held, or a past peak would let as much garbage gather again.
void Environment::dropBytes(int64_t bytes) {
  held -= bytes;
  limit = std::min(limit, held + mostGarbage);
}

// V8 does not see native memory. Telling it (napi_adjust_external_memory) would have it collect the
// whole heap, and aborts the process where V8 is marking already (Node 20); so the addon has the
// garbage collected itself when much has been made since the last time.
void Environment::collectGarbage() {
  const auto next = [this] { return held + std::clamp(held, leastGarbage, mostGarbage); };
  // Raised first, as the collector's own code calls the addon.
  limit = next();
  try {
    callSet(env, collector, 0, nullptr);
  } catch (const std::exception&) {
    // On a full stack, or where JavaScript is ending: the next call tries again.
  }
  limit = next();
}

void Environment::dropHandle() {
  handles--;
  end();
}

void Environment::end() {
  if (!closed || handles > 0) return;
  Handle::freeMemory();
  self.reset();
}

}  // namespace tandem
