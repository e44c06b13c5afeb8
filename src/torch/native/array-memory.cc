// Tensors on the memory of JavaScript's typed arrays (torch.from_numpy).
#include <ATen/ops/from_blob.h>

#include <mutex>
#include <thread>

#include "exports.h"
#include "handle.h"

namespace tandem {
namespace {

// What the tensors of one environment borrow. A storage may die on any thread, and after its
// environment; a reference to JavaScript's array may be dropped on its environment's thread only.
struct Lender {
  std::mutex mutex;
  napi_env env;
  std::thread::id thread;
  std::vector<napi_ref> returned;
};

void dropReturned(Lender& lender) {
  std::vector<napi_ref> references;
  {
    std::lock_guard<std::mutex> lock(lender.mutex);
    references.swap(lender.returned);
  }
  for (napi_ref reference : references) napi_delete_reference(lender.env, reference);
}

void giveBack(Lender& lender, napi_ref reference) {
  std::lock_guard<std::mutex> lock(lender.mutex);
  if (!lender.env) return;
  if (std::this_thread::get_id() == lender.thread) {
    napi_delete_reference(lender.env, reference);
  } else {
    lender.returned.push_back(reference);
  }
}

std::shared_ptr<Lender> lenderOf(napi_env env) {
  static thread_local std::shared_ptr<Lender> lender;
  if (lender && lender->env == env) return lender;
  lender = std::make_shared<Lender>();
  lender->env = env;
  lender->thread = std::this_thread::get_id();
  auto* hold = new std::shared_ptr<Lender>(lender);
  napi_add_env_cleanup_hook(
      env,
      [](void* data) {
        auto* held = static_cast<std::shared_ptr<Lender>*>(data);
        {
          std::lock_guard<std::mutex> lock((*held)->mutex);
          (*held)->env = nullptr;
        }
        delete held;
      },
      hold);
  return lender;
}

// borrowArray(typedArray, shape, dtype): a tensor on the array's own memory, which it keeps alive.
napi_value borrowArray(const Call& call) {
  napi_typedarray_type type;
  size_t length = 0, offset = 0;
  void* data = nullptr;
  napi_value buffer;
  check(call.env, napi_get_typedarray_info(call.env, call[0], &type, &length, &data, &buffer,
                                           &offset));
  const auto shape = toIntList(call.env, call[1]);
  const auto dtype = scalarType(toString(call.env, call[2]));
  const auto lender = lenderOf(call.env);
  dropReturned(*lender);
  napi_ref reference = nullptr;
  check(call.env, napi_create_reference(call.env, call[0], 1, &reference));
  at::Tensor tensor = at::from_blob(
      data, shape, [lender, reference](void*) { giveBack(*lender, reference); }, at::device(at::kCPU).dtype(dtype));
  return makeTensor(call.env, std::move(tensor));
}

}  // namespace

void addArrayMemory(napi_env env, napi_value exports) {
  add(env, exports, "borrowArray", borrowArray);
}

}  // namespace tandem
