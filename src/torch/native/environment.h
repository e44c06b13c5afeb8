// What belongs to one JavaScript environment: the main thread's, or a worker's.
#pragma once
#include <node_api.h>

#include <c10/util/Exception.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "callback.h"
#include "hooks.h"
#include "overloads.h"

namespace tandem {

// How a call has ended, as JavaScript reads it.
enum class Outcome : uint8_t { other, failed, tensor, named };

// It lives until the last of its handles and callbacks is gone, which may be after its JavaScript.
class Environment : public c10::WarningHandler, public std::enable_shared_from_this<Environment> {
 public:
  // Makes the environment's state when it loads the addon; it closes with the environment.
  static Environment& open(napi_env env, napi_value exports);
  static Environment& of(napi_env env);
  // That of this thread; null on a thread without JavaScript, such as autograd's own.
  static Environment* ofThread();

  // Notes an error for JavaScript, which throws what it finds noted. An exception that the addon itself
  // threw would be pending while Node passes it on; a finalizer that meets it there, in a garbage
  // collection, ends the process.
  napi_value fail(napi_value error);
  napi_value fail(const char* code, const char* message);

  // Tells JavaScript how the call that ends now has ended.
  void note(Outcome outcome) { *told = static_cast<uint8_t>(outcome); }
  // What the call that is running gives, where JavaScript need not find that out.
  Outcome result = Outcome::other;

  // At the end of each call: shows the warnings that it gave, and collects the garbage where much has
  // gathered.
  void settle();

  // PyTorch's warnings wait until the operator has ended, since JavaScript shows them.
  void process(const c10::Warning& warning) override;
  void warn(std::string message, std::string place);

  // The JavaScript stack, as the tracer tells it; empty where that can't be.
  std::string stackTrace();

  void addBytes(int64_t bytes);
  void dropBytes(int64_t bytes);
  int64_t heldBytes() const { return held; }
  void addHandle() { handles++; }
  void dropHandle();

  const napi_env env;
  const std::thread::id thread = std::this_thread::get_id();
  Registry registry;
  // The memory of a stack of arguments that is not in use.
  std::vector<c10::IValue> spareStack;
  References references;
  std::vector<TensorHook> tensorHooks;
  // JavaScript's functions: what frees forgotten tensors, shows a warning, gives the stack.
  napi_ref collector = nullptr, warner = nullptr, tracer = nullptr;

 private:
  explicit Environment(napi_env env) : env(env) {}
  void close();
  // Lets go of itself once it is closed and its handles are gone.
  void end();
  void showWarnings();
  void collectGarbage();

  // The export `outcome`, an Uint8Array of one element, and that element: an Outcome.
  napi_ref outcome = nullptr;
  uint8_t* told = nullptr;
  std::vector<std::pair<std::string, std::string>> warnings;

  // How many bytes may be made between two collections.
  static constexpr int64_t leastGarbage = int64_t{256} << 20;
  static constexpr int64_t mostGarbage = int64_t{1} << 30;
  // Bytes of all live handles, and the number at which the collector is called.
  int64_t held = 0;
  int64_t limit = leastGarbage;
  size_t handles = 0;
  bool closed = false;
  std::shared_ptr<Environment> self;
};

}  // namespace tandem
