// functorch's headers use this library to write its state as text, which nothing here asks for; the wheel lacks it.
// These are the declarations that they need to compile.
#pragma once
#include <stdexcept>
#include <string>

namespace nlohmann {

struct json {
  json() = default;
  template <typename T>
  explicit json(const T&) {}
  static json parse(const std::string&) { return {}; }
  std::string dump() const { return {}; }
  template <typename T>
  T get() const {
    throw std::logic_error("functorch's state can't be read from text here");
  }
};

}  // namespace nlohmann
