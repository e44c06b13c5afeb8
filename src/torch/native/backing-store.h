// The memory of JavaScript's ArrayBuffers, shared with storages.
//
// Node-API has arrays on others' memory as well, but frees them in a later turn of the event loop, which a
// synchronous loop never reaches, and can't keep the memory of an array whose buffer is transferred. V8's own
// functions can. They are the same in Node 20 to 26, and are looked up when the addon is loaded.
#pragma once
#include <node_api.h>

#include <c10/core/Storage.h>

#include <memory>

namespace v8 {
class BackingStore;
}

namespace tandem {

// An ArrayBuffer on `length` bytes of a storage from `begin`, which it keeps alive.
napi_value makeArrayBuffer(c10::Storage storage, int64_t begin, int64_t length);
// A SharedArrayBuffer on memory that `release` frees once no thread has the buffer, nor a message on its
// way to one: on any thread.
using Release = void (*)(void* data, size_t length, void* owner);
napi_value makeSharedArrayBuffer(void* data, size_t length, Release release, void* owner);
// What keeps an ArrayBuffer's memory alive, wherever the buffer is transferred to, on any thread.
std::shared_ptr<v8::BackingStore> backingStore(napi_value buffer);

}  // namespace tandem
