// Stores: the tables of keys and values through which processes find each other.
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/HashStore.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "distributed.h"

namespace tandem {
namespace {

napi_value makeStore(napi_env env, StorePtr store) {
  return makeExternal(env, std::make_unique<StoreHandle>(std::move(store)));
}

std::vector<std::string> toStrings(napi_env env, napi_value array) {
  std::vector<std::string> result(arrayLength(env, array));
  for (uint32_t i = 0; i < result.size(); i++) result[i] = toString(env, element(env, array, i));
  return result;
}

// tcpStore(host, port, worldSize, isServer, timeout, waitForWorkers, multiTenant, useLibuv); no worldSize is -1.
napi_value tcpStore(const Call& call) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<uint16_t>(toInt(call.env, call[1]));
  const int64_t workers = toInt(call.env, call[2]);
  if (workers > 0) options.numWorkers = static_cast<size_t>(workers);
  options.isServer = toBool(call.env, call[3]);
  options.timeout = milliseconds(call, call[4]);
  options.waitWorkers = toBool(call.env, call[5]);
  options.multiTenant = toBool(call.env, call[6]);
  options.useLibUV = toBool(call.env, call[7]);
  return makeStore(call.env, c10::make_intrusive<c10d::TCPStore>(toString(call.env, call[0]), options));
}

// fileStore(path, worldSize)
napi_value fileStore(const Call& call) {
  return makeStore(call.env, c10::make_intrusive<c10d::FileStore>(
                                 toString(call.env, call[0]), static_cast<int>(toInt(call.env, call[1]))));
}

napi_value hashStore(const Call& call) {
  return makeStore(call.env, c10::make_intrusive<c10d::HashStore>());
}

// prefixStore(prefix, store)
napi_value prefixStore(const Call& call) {
  return makeStore(call.env, c10::make_intrusive<c10d::PrefixStore>(toString(call.env, call[0]),
                                                                    storeOfHandle(call, call[1])));
}

// storeSet(store, key, value): a text, in UTF-8
napi_value storeSet(const Call& call) {
  const std::string value = toString(call.env, call[2]);
  storeOfHandle(call, call[0])->set(toString(call.env, call[1]), std::vector<uint8_t>(value.begin(), value.end()));
  return nullptr;
}

napi_value storeGet(const Call& call) {
  const std::vector<uint8_t> value = storeOfHandle(call, call[0])->get(toString(call.env, call[1]));
  return fromString(call.env, {reinterpret_cast<const char*>(value.data()), value.size()});
}

// storeAdd(store, key, amount) → the sum
napi_value storeAdd(const Call& call) {
  return fromInt(call.env, storeOfHandle(call, call[0])->add(toString(call.env, call[1]), toInt(call.env, call[2])));
}

napi_value storeCheck(const Call& call) {
  return fromBool(call.env, storeOfHandle(call, call[0])->check(toStrings(call.env, call[1])));
}

napi_value storeDelete(const Call& call) {
  return fromBool(call.env, storeOfHandle(call, call[0])->deleteKey(toString(call.env, call[1])));
}

napi_value storeSize(const Call& call) {
  return fromInt(call.env, storeOfHandle(call, call[0])->getNumKeys());
}

// storeWait(store, keys, timeout)
napi_value storeWait(const Call& call) {
  storeOfHandle(call, call[0])->wait(toStrings(call.env, call[1]), milliseconds(call, call[2]));
  return nullptr;
}

napi_value storeTimeout(const Call& call) {
  return fromInt(call.env, storeOfHandle(call, call[0])->getTimeout().count());
}

napi_value setStoreTimeout(const Call& call) {
  storeOfHandle(call, call[0])->setTimeout(milliseconds(call, call[1]));
  return nullptr;
}

}  // namespace

void addStores(napi_env env, napi_value exports) {
  add(env, exports, "tcpStore", tcpStore);
  add(env, exports, "fileStore", fileStore);
  add(env, exports, "hashStore", hashStore);
  add(env, exports, "prefixStore", prefixStore);
  add(env, exports, "storeSet", storeSet);
  add(env, exports, "storeGet", storeGet);
  add(env, exports, "storeAdd", storeAdd);
  add(env, exports, "storeCheck", storeCheck);
  add(env, exports, "storeDelete", storeDelete);
  add(env, exports, "storeSize", storeSize);
  add(env, exports, "storeWait", storeWait);
  add(env, exports, "storeTimeout", storeTimeout);
  add(env, exports, "setStoreTimeout", setStoreTimeout);
}

}  // namespace tandem
