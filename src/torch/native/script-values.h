// TorchScript's values: what a model takes and gives, dicts, tuples and objects included.
#pragma once
#include <ATen/core/ivalue.h>

#include "handle.h"
#include "javascript.h"

namespace tandem {

// An object of TorchScript: a module, or an instance of another class.
struct ScriptHandle : Handle {
  explicit ScriptHandle(c10::intrusive_ptr<c10::ivalue::Object> object)
      : Handle(Kind::script, 256), object(std::move(object)) {}
  c10::intrusive_ptr<c10::ivalue::Object> object;
};

napi_value makeScript(napi_env env, c10::intrusive_ptr<c10::ivalue::Object> object);
const c10::intrusive_ptr<c10::ivalue::Object>& getScript(napi_env env, napi_value value);

// In JavaScript a dict is { entries }, a named tuple { names, values }, an object { script, isModule }; tuples and
// lists are arrays.
napi_value fromScriptValue(napi_env env, const c10::IValue& value);
// By the type that is asked for; where there is none, an array becomes a tuple. A value that does not fit its type is
// given as it is, so that TorchScript's own check of the arguments complains.
c10::IValue toScriptValue(napi_env env, napi_value value, const c10::TypePtr& type = nullptr);

}  // namespace tandem
