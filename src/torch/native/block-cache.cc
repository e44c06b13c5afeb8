#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <c10/util/Exception.h>
#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "exports.h"

namespace tandem {
namespace {

constexpr size_t smallest = size_t{1} << 20;

// Sixteen sizes between a power of two and the next: at most a sixteenth of a block lies idle.
size_t sizeClass(size_t bytes) {
  const size_t step = std::bit_floor(bytes) / 16;
  return (bytes + step - 1) / step * step;
}

class BlockCache final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    // Small ones know their own, faster way back.
    if (bytes < smallest) return c10::GetDefaultCPUAllocator()->allocate(bytes);
    void* block = take(bytes);
    return {block, block, &giveBack, c10::Device(c10::kCPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &giveBack; }
  void copy_data(void* to, const void* from, size_t count) const override {
    default_copy_data(to, from, count);
  }

  // Never destroyed, since tensors may outlive what ends with the process.
  static BlockCache& only() {
    static auto* cache = new BlockCache;
    return *cache;
  }

 private:
  void* take(size_t bytes) {
    const size_t size = sizeClass(bytes);
    void* block = nullptr;
    {
      const std::lock_guard lock(mutex);
      if (auto& same = kept[size]; !same.empty()) {
        block = same.back();
        same.pop_back();
        keptBytes -= size;
      }
    }
    if (!block) block = make(size, bytes);
    const std::lock_guard lock(mutex);
    used[block] = size;
    usedBytes += size;
    mostUsed = std::max(mostUsed, usedBytes);
    return block;
  }

  // Straight from the system, since among the small ones of the C library's heap the holes that large
  // blocks leave are never filled. Where there is no room, what is kept is given back first.
  void* make(size_t size, size_t bytes) {
    for (int tries = 0; tries < 2; tries++) {
      void* block = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (block != MAP_FAILED) return block;
      const std::lock_guard lock(mutex);
      freeKept();
    }
    // As PyTorch says it.
    C10_THROW_ERROR(Error, c10::str("DefaultCPUAllocator: can't allocate memory: you tried to allocate ",
                                    bytes, " bytes. Error code ", ENOMEM, " (", strerror(ENOMEM), ")"));
  }

  static void giveBack(void* block) {
    if (!only().keep(block)) c10::free_cpu(block);
  }

  // False for a small block, which doesn't belong to the cache. Blocks of each size are in use at times of
  // their own, so that more may be kept than was ever used at once; but not twice as much, or work
  // whose sizes change all the time would gather blocks that nobody asks for.
  bool keep(void* block) {
    const std::lock_guard lock(mutex);
    const auto found = used.find(block);
    if (found == used.end()) return false;
    const size_t size = found->second;
    used.erase(found);
    usedBytes -= size;
    if (usedBytes + keptBytes + size > 2 * mostUsed) freeKept();
    kept[size].push_back(block);
    keptBytes += size;
    return true;
  }

  void freeKept() {
    for (auto& [size, blocks] : kept) {
      for (void* block : blocks) munmap(block, size);
    }
    kept.clear();
    keptBytes = 0;
    // A peak of long ago allows nothing any more.
    mostUsed = usedBytes;
  }

  std::mutex mutex;
  std::unordered_map<void*, size_t> used;
  std::unordered_map<size_t, std::vector<void*>> kept;
  size_t usedBytes = 0, keptBytes = 0, mostUsed = 0;
};

}  // namespace

void cacheBlocks() {
  static std::once_flag once;
  std::call_once(once, [] { c10::SetCPUAllocator(&BlockCache::only()); });
  // Small blocks: the limits that the C library comes to by itself once it has freed a large one. Its
  // first ones give memory back and ask for it again all the time.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  // No bins of blocks that wait to be merged: a garbage collection frees tensors by the ten thousand, and
  // merging them all at once later takes a tenth of small operators' time.
  mallopt(M_MXFAST, 0);
}

}  // namespace tandem
