#include "profiles/packed_profiles.h"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "profiles/profile_keys.h"

namespace medic::profiles {
namespace {

constexpr std::string_view kMagic = "MEDICPROFILES1\n";

class Writer {
 public:
  void operator()(std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      out_.push_back(static_cast<std::uint8_t>(number >> static_cast<unsigned>(shift)));
    }
  }
  void operator()(bool flag) { (*this)(flag ? std::uint32_t{1} : std::uint32_t{0}); }
  void operator()(std::uint16_t number) { (*this)(std::uint32_t{number}); }
  template <class Enum>
    requires std::is_enum_v<Enum>
  void operator()(Enum value) {
    (*this)(static_cast<std::uint32_t>(value));
  }
  void operator()(const std::string& text) {
    (*this)(static_cast<std::uint32_t>(text.size()));
    out_.insert(out_.end(), text.begin(), text.end());
  }
  void operator()(const std::vector<std::string>& list) {
    (*this)(static_cast<std::uint32_t>(list.size()));
    for (const std::string& text : list) {
      (*this)(text);
    }
  }
  void operator()(const std::map<std::string, std::string, std::less<>>& texts) {
    (*this)(static_cast<std::uint32_t>(texts.size()));
    for (const auto& [key, text] : texts) {
      (*this)(key);
      (*this)(text);
    }
  }
  Bytes take() { return std::move(out_); }

 private:
  Bytes out_{kMagic.begin(), kMagic.end()};
};

// Past the end every number is 0 and every text empty; ok() says so afterwards.
class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool done() const { return rest_.empty(); }

  void operator()(std::uint32_t& number) {
    number = 0;
    for (const std::uint8_t octet : take(4)) {
      number = number << 8U | octet;
    }
  }
  void operator()(bool& flag) { flag = read_number() != 0; }
  void operator()(std::uint16_t& number) { number = static_cast<std::uint16_t>(read_number()); }
  template <class Enum>
    requires std::is_enum_v<Enum>
  void operator()(Enum& value) {
    value = static_cast<Enum>(read_number());
  }
  void operator()(std::string& text) {
    const ByteView bytes = take(read_number());
    text.assign(bytes.begin(), bytes.end());
  }
  void operator()(std::vector<std::string>& list) {
    const std::uint32_t count = read_number();
    for (std::uint32_t i = 0; i < count && ok_; ++i) {
      (*this)(list.emplace_back());
    }
  }
  void operator()(std::map<std::string, std::string, std::less<>>& texts) {
    const std::uint32_t count = read_number();
    for (std::uint32_t i = 0; i < count && ok_; ++i) {
      std::string key;
      (*this)(key);
      (*this)(texts[key]);
    }
  }
  std::uint32_t read_number() {
    std::uint32_t number = 0;
    (*this)(number);
    return number;
  }

 private:
  ByteView take(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

  ByteView rest_;
  bool ok_ = true;
};

// One order for both directions: `profile` is const for the writer.
template <class Archive, class Packed>
  requires std::same_as<std::remove_const_t<Packed>, Profile>
void each_member(Archive& archive, Packed& profile) {
  archive(profile.id);
  archive(profile.title);
  archive(profile.title_ko);
  archive(profile.family);
  archive(profile.engine);
  archive(profile.as_of);
  archive(profile.mainstream);
  archive(profile.executed);
  archive(profile.store);
  archive(profile.store_rule);
  archive(profile.store_rule_ko);
  archive(profile.tls.min_version);
  archive(profile.tls.max_version);
  archive(profile.verify.building);
  archive(profile.verify.host_rules);
  archive(profile.verify.common_name);
  for (const auto& key : kTlsSwitches) {
    archive(profile.tls.*(key.member));
  }
  for (const auto& key : kTlsNumbers) {
    archive(profile.tls.*(key.member));
  }
  for (const auto& key : kVerifySwitches) {
    archive(profile.verify.*(key.member));
  }
  for (const auto& key : kVerifyNumbers) {
    archive(profile.verify.*(key.member));
  }
  archive(profile.says);
  archive(profile.says_frame);
  archive(profile.sources);
}

}  // namespace

Bytes packed_profiles(const std::vector<Profile>& profiles) {
  Writer writer;
  writer(static_cast<std::uint32_t>(profiles.size()));
  for (const Profile& profile : profiles) {
    each_member(writer, profile);
  }
  return writer.take();
}

std::optional<std::vector<Profile>> unpacked_profiles(ByteView bytes) {
  if (!as_text(bytes).starts_with(kMagic)) {
    return std::nullopt;
  }
  Reader reader(bytes.subspan(kMagic.size()));
  std::vector<Profile> profiles;
  const std::uint32_t count = reader.read_number();
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    each_member(reader, profiles.emplace_back());
  }
  return reader.ok() && reader.done() ? std::optional(std::move(profiles)) : std::nullopt;
}

}  // namespace medic::profiles
