// JavaScript values to and from ATen's boxed IValues, by the types of an operator's schema.
#pragma once
#include <ATen/core/function_schema.h>
#include <ATen/core/ivalue.h>

#include "javascript.h"

namespace tandem {

// Whether a value fits an argument, as PyTorch's argument parser decides between overloads.
// `numbers` allows a plain number in place of a tensor.
bool accepts(napi_env env, napi_value value, const c10::Argument& argument, bool numbers);
c10::IValue toIValue(napi_env env, napi_value value, const c10::Argument& argument);
napi_value fromIValue(napi_env env, const c10::IValue& value, const c10::TypePtr& realType);

// The kinds whose values JavaScript writes as strings: 'float32', 'strided', 'channels_last'.
bool isNamedInt(const c10::TypePtr& realType);
c10::TypePtr elementType(const c10::TypePtr& listType);

}  // namespace tandem
