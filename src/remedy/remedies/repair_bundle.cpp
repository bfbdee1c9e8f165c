// A PEM bundle that clients stop reading in the middle: what keeps them from reading on (a byte
// order mark, a block that is cut or is no certificate) is taken out, and every certificate that
// can be read stays, with the text around it.

#include <fmt/core.h>

#include <algorithm>

#include "base/bytes.h"
#include "remedy/remedy.h"
#include "trust/store.h"
#include "x509/container.h"
#include "x509/pem.h"

namespace medic::remedy {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool fits(const Case& one) {
  return one.problem != nullptr && one.problem->cause == "ca-bundle-invalid" &&
         one.problem->id.starts_with("store-") && !one.problem->origin.file.empty();
}

std::string repaired(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  x509::PemScanner scanner(text);
  std::string good;
  std::size_t kept = 0;
  while (const auto block = scanner.next()) {
    if (block->ended && x509::certificate_of_block(block->label, block->body)) {
      continue;
    }
    good += text.substr(kept, block->offset - kept);
    kept = static_cast<std::size_t>(block->body.data() - text.data()) + block->body.size();
    if (block->ended) {
      const std::size_t newline = text.find('\n', kept);
      kept = newline == std::string_view::npos ? text.size() : newline + 1;
    }
  }
  return good + std::string(text.substr(kept));
}

bool sound(const std::string& bytes) {
  const trust::Store store = trust::read_store(as_bytes(bytes), {});
  return !store.anchors.empty() &&
         std::ranges::none_of(store.problems, [](const trust::StoreProblem& problem) {
           return problem.weight != trust::Weight::Note;
         });
}

Result<Plan> plan(const Case& one) {
  Plan plan{.remedy = "rebuild-ca-bundle",
            .cause = one.problem->cause,
            .client = one.client != nullptr ? one.client->id : std::string(),
            .subject = one.problem->subject,
            .steps = {},
            .asks = {},
            .variables = {}};
  const std::string& path = one.problem->origin.file;
  MEDIC_TRY(const std::string real, real_path(one, path));
  MEDIC_TRY(const State before, one.tree.look(real));
  const File* const file = std::get_if<File>(&before);
  std::string bytes = file != nullptr ? repaired(file->bytes) : std::string();
  if (file == nullptr || !sound(bytes)) {
    return fail(ErrorKind::Usage,
                fmt::format("'{}' cannot be repaired by taking the bad part out", escaped(path)),
                "nothing that clients could read would be left, or something else is wrong with it",
                "tlsmedic bundle lint FILE, then tlsmedic bundle build --output FILE");
  }
  if (auto done = add_file(one, plan, StepKind::ReplaceFile, path, std::move(bytes)); !done) {
    return std::unexpected(std::move(done).error());
  }
  return plan;
}

}  // namespace

extern constinit const Remedy remedy_repair_bundle{
    .id = "repair-bundle", .fits = fits, .plan = plan};

}  // namespace medic::remedy
