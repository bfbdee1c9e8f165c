#include "explain/database.h"

#include <fmt/core.h>
#include <hs/hs.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace medic::explain {
namespace {

struct DatabaseFree {
  void operator()(hs_database_t* database) const noexcept { hs_free_database(database); }
};
struct ScratchFree {
  void operator()(hs_scratch_t* scratch) const noexcept { hs_free_scratch(scratch); }
};
using DatabasePtr = std::unique_ptr<hs_database_t, DatabaseFree>;
using ScratchPtr = std::unique_ptr<hs_scratch_t, ScratchFree>;

// Longer texts are the caller's mistake: it scans windows.
constexpr std::size_t kLongestText = std::size_t{1} << 30U;

int keep(unsigned int id, unsigned long long /*from*/, unsigned long long to,
         unsigned int /*flags*/, void* context) {
  auto& hits = *static_cast<std::vector<Database::Hit>*>(context);
  hits.push_back({.id = id, .end = static_cast<std::size_t>(to)});
  return 0;
}

}  // namespace

struct Database::Engine {
  DatabasePtr database;
  ScratchPtr scratch;

  static Result<std::unique_ptr<Engine>> around(DatabasePtr database) {
    hs_scratch_t* scratch = nullptr;
    if (const hs_error_t status = hs_alloc_scratch(database.get(), &scratch);
        status != HS_SUCCESS) {
      return fail(ErrorKind::Io, fmt::format("no working memory for the text search ({})", status));
    }
    auto engine = std::make_unique<Engine>();
    engine->database = std::move(database);
    engine->scratch.reset(scratch);
    return engine;
  }
};

Database::Database(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Database::Database(Database&& other) noexcept = default;
Database& Database::operator=(Database&& other) noexcept = default;
Database::~Database() = default;

Result<Database> Database::compile(const std::vector<Literal>& literals) {
  std::vector<const char*> texts;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
  std::vector<std::size_t> lengths;
  for (const Literal& literal : literals) {
    texts.push_back(literal.text.data());
    lengths.push_back(literal.text.size());
    ids.push_back(literal.id);
    flags.push_back(0U);
  }
  // No feature beyond the oldest processor the library itself runs on.
  const hs_platform_info_t platform{
      .tune = HS_TUNE_FAMILY_GENERIC, .cpu_features = 0, .reserved1 = 0, .reserved2 = 0};
  hs_database_t* database = nullptr;
  hs_compile_error_t* problem = nullptr;
  const hs_error_t status = hs_compile_lit_multi(
      texts.data(), flags.data(), ids.data(), lengths.data(), static_cast<unsigned>(texts.size()),
      HS_MODE_BLOCK, &platform, &database, &problem);
  if (status != HS_SUCCESS) {
    std::string said = problem != nullptr ? problem->message : "no message";
    hs_free_compile_error(problem);
    return fail(ErrorKind::Data, fmt::format("the search database cannot be built: {}", said));
  }
  MEDIC_TRY(auto engine, Engine::around(DatabasePtr(database)));
  return Database(std::move(engine));
}

Result<Database> Database::read(ByteView packed) {
  const std::string_view bytes = as_text(packed);
  hs_database_t* database = nullptr;
  if (const hs_error_t status = hs_deserialize_database(bytes.data(), bytes.size(), &database);
      status != HS_SUCCESS) {
    return fail(ErrorKind::Io,
                fmt::format("the text search does not run on this processor (status {})", status),
                "it needs SSE4.2 or NEON");
  }
  MEDIC_TRY(auto engine, Engine::around(DatabasePtr(database)));
  return Database(std::move(engine));
}

Result<std::string> Database::packed() const {
  char* bytes = nullptr;
  std::size_t length = 0;
  if (hs_serialize_database(engine_->database.get(), &bytes, &length) != HS_SUCCESS) {
    return fail(ErrorKind::Bug, "the search database cannot be packed");
  }
  std::string packed(bytes, length);
  // hs_serialize_database() allocates so.
  // NOLINTNEXTLINE(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)
  std::free(bytes);
  return packed;
}

Result<void> Database::scan(std::string_view text, std::vector<Hit>& hits) const {
  if (text.size() > kLongestText ||
      hs_scan(engine_->database.get(), text.data(), static_cast<unsigned>(text.size()), 0,
              engine_->scratch.get(), keep, &hits) != HS_SUCCESS) {
    return fail(ErrorKind::Bug, "the text search failed");
  }
  return {};
}

}  // namespace medic::explain
