// Tensors from and to JavaScript's memory, what a tensor says of itself, and random generators.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/ops/empty.h>

#include <cmath>
#include <cstring>

#include "cuda-library.h"
#include "exports.h"
#include "handle.h"

namespace tandem {
namespace {

napi_value fromInts(napi_env env, at::IntArrayRef values) {
  return makeArray(env, values.size(), [&](uint32_t i) { return fromInt(env, values[i]); });
}

// fromBytes(typedArray, shape, dtype): a new tensor with a copy of the array's bytes.
napi_value fromBytes(const Call& call) {
  const auto shape = toIntList(call.env, call[1]);
  const auto dtype = scalarType(toString(call.env, call[2]));
  at::Tensor tensor = at::empty(shape, dtype);
  // Last, since reading the shape may have run JavaScript that moved or shrank the array's memory.
  const TypedArray array = typedArray(call.env, call[0]);
  static constexpr std::array<size_t, 11> sizes = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8};
  if (static_cast<size_t>(array.type) >= sizes.size()) {
    throw JsError("TypeError", "unknown typed array");
  }
  const size_t bytes = array.length * sizes[array.type];
  if (tensor.nbytes() != bytes) {
    throw JsError("ValueError", "the array has " + std::to_string(bytes) + " bytes, but shape " +
                                    c10::str(at::IntArrayRef(shape)) + " of " +
                                    scalarTypeName(dtype) + " needs " +
                                    std::to_string(tensor.nbytes()));
  }
  if (bytes > 0) std::memcpy(tensor.mutable_data_ptr(), array.data, bytes);
  return makeTensor(call.env, std::move(tensor));
}

// byteLength(tensor): the bytes of its elements.
napi_value byteLength(const Call& call) {
  const at::Tensor& tensor = getTensor(call.env, call[0]);
  return fromInt(call.env, tensor.numel() * tensor.itemsize());
}

// copyBytes(tensor, buffer): writes the elements, in row-major order, into an ArrayBuffer of their size.
// JavaScript makes it, since V8 ends the process where an addon asks for more than there is.
napi_value copyBytes(const Call& call) {
  at::Tensor tensor = getTensor(call.env, call[0]).detach();
  // A gradient that is known to be zero has no memory.
  if (tensor._is_zerotensor()) tensor = tensor.clone();
  tensor = tensor.to(at::kCPU).contiguous().resolve_conj().resolve_neg();
  void* data = nullptr;
  size_t length = 0;
  check(call.env, napi_get_arraybuffer_info(call.env, call[1], &data, &length));
  if (length != tensor.nbytes()) throw JsError("RuntimeError", "the buffer has another size");
  if (length > 0) std::memcpy(data, tensor.const_data_ptr(), length);
  return nullptr;
}

napi_value shape(const Call& call) {
  return fromInts(call.env, getTensor(call.env, call[0]).sizes());
}
napi_value strides(const Call& call) {
  return fromInts(call.env, getTensor(call.env, call[0]).strides());
}
napi_value storageOffset(const Call& call) {
  return fromInt(call.env, getTensor(call.env, call[0]).storage_offset());
}
napi_value ndim(const Call& call) { return fromInt(call.env, getTensor(call.env, call[0]).dim()); }
napi_value numel(const Call& call) {
  return fromInt(call.env, getTensor(call.env, call[0]).numel());
}
napi_value dtype(const Call& call) {
  return fromString(call.env, scalarTypeName(getTensor(call.env, call[0]).scalar_type()));
}
napi_value device(const Call& call) {
  return fromString(call.env, getTensor(call.env, call[0]).device().str());
}
napi_value layout(const Call& call) {
  return fromString(call.env, c10::str(getTensor(call.env, call[0]).layout()));
}
napi_value itemsize(const Call& call) {
  return fromInt(call.env, getTensor(call.env, call[0]).itemsize());
}
// isContiguous(tensor, memoryFormat)
napi_value isContiguous(const Call& call) {
  return fromBool(call.env, getTensor(call.env, call[0])
                                .is_contiguous(memoryFormat(toString(call.env, call[1]))));
}
napi_value item(const Call& call) {
  const at::Tensor& tensor = getTensor(call.env, call[0]);
  if (tensor.numel() != 1) {
    throw JsError("RuntimeError", "a Tensor with " + std::to_string(tensor.numel()) +
                                      " elements cannot be converted to Scalar");
  }
  return fromScalar(call.env, tensor.item());
}
// dataPtr(tensor): the address of its first element
napi_value dataPtr(const Call& call) {
  return fromLargeInt(call.env, reinterpret_cast<int64_t>(getTensor(call.env, call[0]).data_ptr()));
}
napi_value outputNr(const Call& call) {
  return fromInt(call.env, getTensor(call.env, call[0]).output_nr());
}
napi_value isSame(const Call& call) {
  return fromBool(call.env,
                  getTensor(call.env, call[0]).is_same(getTensor(call.env, call[1])));
}
// An address that two tensors share exactly when they share their storage.
napi_value storageId(const Call& call) {
  const at::Tensor& tensor = getTensor(call.env, call[0]);
  return fromInt(call.env, tensor.has_storage() ? reinterpret_cast<int64_t>(
                                                      tensor.storage().unsafeGetStorageImpl())
                                                : 0);
}

// Any number that fits into 64 bits, with a sign or without, as Python takes them.
uint64_t toSeed(const Call& call, napi_value value) {
  if (typeOf(call.env, value) == napi_bigint) {
    uint64_t seed = 0;
    bool lossless = false;
    check(call.env, napi_get_value_bigint_uint64(call.env, value, &seed, &lossless));
    if (lossless) return seed;
  } else if (double number = 0; napi_get_value_double(call.env, value, &number) == napi_ok) {
    if (std::isnan(number)) throw JsError("ValueError", "cannot convert float NaN to integer");
    number = std::trunc(number);
    if (number >= 0 && number < 0x1p64) return static_cast<uint64_t>(number);
    if (!std::isfinite(number)) {
      throw JsError("OverflowError", "cannot convert float infinity to integer");
    }
  }
  return static_cast<uint64_t>(toInt(call.env, value));
}

napi_value manualSeed(const Call& call) {
  seedAll(toSeed(call, call[0]));
  return nullptr;
}
// defaultGenerator(device)
napi_value defaultGenerator(const Call& call) {
  const c10::Device device(toString(call.env, call[0]));
  initDevice(device);
  return makeGenerator(call.env, at::globalContext().defaultGenerator(device));
}
// createGenerator(device)
napi_value createGenerator(const Call& call) {
  const c10::Device device(toString(call.env, call[0]));
  if (device.is_cpu()) return makeGenerator(call.env, at::make_generator<at::CPUGeneratorImpl>());
  const at::AcceleratorHooksInterface& hooks =
      device.is_cuda() ? cudaHooks() : at::globalContext().getAcceleratorHooksInterface(device.type());
  return makeGenerator(call.env, hooks.getNewGenerator(device.index()));
}
napi_value generatorDevice(const Call& call) {
  return fromString(call.env, getGenerator(call.env, call[0]).device().str());
}
// drawGeneratorSeed(generator): seeds it with an unpredictable number, and gives that.
napi_value drawGeneratorSeed(const Call& call) {
  auto generator = getGenerator(call.env, call[0]);
  const std::lock_guard lock(generator.mutex());
  napi_value result;
  check(call.env, napi_create_bigint_uint64(call.env, generator.seed(), &result));
  return result;
}
// cloneGenerator(generator): another in the same state
napi_value cloneGenerator(const Call& call) {
  return makeGenerator(call.env, getGenerator(call.env, call[0]).clone());
}
// generatorOffset(generator), setGeneratorOffset(generator, offset): how many numbers a GPU's has drawn
napi_value generatorOffset(const Call& call) {
  return fromInt(call.env, static_cast<int64_t>(getGenerator(call.env, call[0]).get_offset()));
}
napi_value setGeneratorOffset(const Call& call) {
  auto generator = getGenerator(call.env, call[0]);
  generator.set_offset(static_cast<uint64_t>(toInt(call.env, call[1])));
  return nullptr;
}
napi_value generatorSeed(const Call& call) {
  auto generator = getGenerator(call.env, call[0]);
  std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(toSeed(call, call[1]));
  return nullptr;
}
napi_value generatorInitialSeed(const Call& call) {
  const uint64_t seed = getGenerator(call.env, call[0]).current_seed();
  napi_value result;
  check(call.env, napi_create_bigint_uint64(call.env, seed, &result));
  return result;
}
napi_value generatorState(const Call& call) {
  return makeTensor(call.env, getGenerator(call.env, call[0]).get_state());
}
napi_value setGeneratorState(const Call& call) {
  auto generator = getGenerator(call.env, call[0]);
  generator.set_state(getTensor(call.env, call[1]));
  return nullptr;
}

}  // namespace

void addTensors(napi_env env, napi_value exports) {
  add(env, exports, "fromBytes", fromBytes);
  add(env, exports, "byteLength", byteLength);
  add(env, exports, "copyBytes", copyBytes);
  add(env, exports, "shape", shape);
  add(env, exports, "strides", strides);
  add(env, exports, "storageOffset", storageOffset);
  add(env, exports, "storageId", storageId);
  add(env, exports, "ndim", ndim);
  add(env, exports, "numel", numel);
  add(env, exports, "dtype", dtype);
  add(env, exports, "device", device);
  add(env, exports, "layout", layout);
  add(env, exports, "itemsize", itemsize);
  add(env, exports, "isContiguous", isContiguous);
  add(env, exports, "item", item);
  add(env, exports, "dataPtr", dataPtr);
  add(env, exports, "outputNr", outputNr);
  add(env, exports, "isSame", isSame);
  add(env, exports, "manualSeed", manualSeed);
  add(env, exports, "defaultGenerator", defaultGenerator);
  add(env, exports, "createGenerator", createGenerator);
  add(env, exports, "generatorDevice", generatorDevice);
  add(env, exports, "drawGeneratorSeed", drawGeneratorSeed);
  add(env, exports, "cloneGenerator", cloneGenerator);
  add(env, exports, "generatorOffset", generatorOffset);
  add(env, exports, "setGeneratorOffset", setGeneratorOffset);
  add(env, exports, "generatorSeed", generatorSeed);
  add(env, exports, "generatorInitialSeed", generatorInitialSeed);
  add(env, exports, "generatorState", generatorState);
  add(env, exports, "setGeneratorState", setGeneratorState);
}

}  // namespace tandem
