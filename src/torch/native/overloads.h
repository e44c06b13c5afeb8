// An operator's overloads: what the arguments of each are, read once from its schema.
#pragma once
#include <ATen/core/dispatch/Dispatcher.h>

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "direct.h"

namespace tandem {

// The types of arguments that nearly all calls have, bound without a second look at the schema.
enum class Plain { tensor, tensors, integer, integers, number, scalar, boolean, other };

struct Overload {
  c10::OperatorHandle op;
  std::vector<Plain> kinds = {};
  std::vector<std::string> names = {};  // of the arguments, in camelCase
  std::vector<uint32_t> ids = {};       // the numbers of the names under which options are given
  std::vector<int> places = {};         // in the list `out`, where an overload writes several; else −1
  size_t positional = 0;                // arguments that may be given by position
  bool gathers = false;                 // whether several numbers in place of the last of those are one list of them
  bool isFactory = false;               // whether it makes a tensor of no other
  int64_t resultNames = -1;             // the number of its results' names, if they have some
  DirectOperator direct = {};
};

struct Packet {
  std::string name;
  bool numbersAsTensors = false;
  std::vector<Overload> overloads = {};
};

// What one environment's calls name by number.
class Registry {
 public:
  // The operator of that name with those overloads, which are tried in the order given; `key` has both.
  uint32_t packetNumber(const std::string& key, const std::string& name,
                        const std::vector<std::string>& overloadNames);
  const Packet& packet(uint32_t number) const { return packets.at(number); }

  // Options are given by number, which spares the reading of properties.
  uint32_t optionNumber(const std::string& name);
  const std::string& optionName(uint32_t number) const { return optionNames.at(number); }

  // The names of an overload's results, in camelCase.
  const std::vector<std::string>& namesOfResults(int64_t number) const { return resultNames.at(number); }

 private:
  Overload makeOverload(const c10::OperatorHandle& op);

  // A deque, since a call may look up another operator while it reads its arguments.
  std::deque<Packet> packets;
  std::deque<std::string> optionNames;
  std::vector<std::vector<std::string>> resultNames;
  std::unordered_map<std::string, uint32_t> packetNumbers, optionNumbers;
};

// `aten::add` as its errors name it: `add`.
std::string withoutNamespace(const std::string& name);
// `running_mean` in camelCase: `runningMean`.
std::string camelCase(const std::string& snake);

}  // namespace tandem
