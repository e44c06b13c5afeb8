// The addon's second translation unit, see addon.cc: what has large headers of its own.
// First, since a header of the older vmap, which others bring along, has the same names as functorch’s.
#include "transforms.cc"
#include "script-values.cc"
#include "script.cc"
#include "trace.cc"
#include "package.cc"
#include "autocast.cc"
#include "profiler.cc"
#include "stores.cc"
#include "process-groups.cc"
#include "reducer.cc"
