// The arguments of one call, bound to an overload's schema as PyTorch's Python argument parser binds them.
#pragma once
#include "exports.h"
#include "overloads.h"

namespace tandem {

// The options of a call: numbers of their names, and values.
struct Options {
  Options() {}
  uint32_t count = 0;
  std::array<uint32_t, maxArguments> ids;
  std::array<napi_value, maxArguments> values;

  napi_value find(uint32_t id) const {
    for (uint32_t i = 0; i < count; i++) {
      if (ids[i] == id) return values[i];
    }
    return nullptr;
  }
};

// The options come in one array: number, value, number, value, …
Options readOptions(const Call& call);

// Whether an overload has an argument of each option's name.
bool knowsAll(const Overload& overload, const Options& options);

// The values of one call, bound to the arguments of an overload; absent ones are nullptr.
struct Bound {
  std::array<napi_value, maxArguments> values;
};

enum class Fit { yes, tooMany, missing, unknownOption, wrongType };

struct Verdict {
  Fit fit = Fit::yes;
  size_t argument = 0;
};

// call(id, options, ...arguments): whether they fit an overload; `bound` has them if they do.
Verdict bind(const Call& call, const Options& options, const Packet& packet,
             const Overload& overload, Bound& bound);

// A value in words, for messages: `a Tensor`, `an integer`.
std::string describe(napi_env env, napi_value value);

// Why the arguments do not fit.
std::string explain(const Call& call, const Options& options, const Overload& overload,
                    const Verdict& verdict);

}  // namespace tandem
