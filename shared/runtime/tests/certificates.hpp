#pragma once

#include <lakegate/runtime/node.hpp>
#include <lakegate/testing/temporary_folder.hpp>

#include <string>

namespace lakegate::runtime::test {

/// A private CA with one certificate, in a directory that goes with it. Made by the
/// openssl command.
class Certificates {
public:
  Certificates();

  /// The settings of a process that belongs to this CA.
  node_config Config() const;
  std::string Path(const std::string& file) const {
    return (directory_.path() / file).string();
  }

private:
  lakegate::test::temporary_folder directory_;
};

} // namespace lakegate::runtime::test
