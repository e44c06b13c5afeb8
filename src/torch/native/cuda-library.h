// PyTorch's library for NVIDIA's GPUs, which a wheel may have beside the one for processors. Nothing of it is linked, so that
// one addon serves both kinds of wheels.
#pragma once
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/Device.h>

#include <cstdint>

namespace tandem {

// Whether the wheel has it.
bool hasCudaLibrary();

// Loads it where the machine has NVIDIA's driver, as the addon itself is loaded. Later is too late: libtorch keeps which
// devices there are from the first seed and the first backward pass on. Without a driver no GPU can be used, and its
// memory and its fifth of a second are saved.
void loadCudaLibrary();

// Before the first use of a device, as Python does it. Throws PyTorch's error where the device can't be used.
void initDevice(const c10::Device& device);
bool isCudaInitialized();

// What the library says of itself and of GPUs, which loads it; in a wheel without it libtorch's own answers.
const at::CUDAHooksInterface& cudaHooks();

// The address of a function of the library's or of those that it needs; null where there is none.
void* cudaFunction(const char* name);

// Seeds all generators of the process; those of GPUs that are not in use yet once they are.
void seedAll(uint64_t seed);

}  // namespace tandem
