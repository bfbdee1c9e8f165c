// A line of `verify --batch`, and what follows from it: a chain that was read is judged, by our own
// rules and by a profile that OpenSSL's verifier can be asked about. The last certificate is the
// only anchor. What is checked: an end, no crash, and a verdict whose faults fit it.

#include "verify/question_line.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "base/json_bounds.h"

namespace {

void judge(const medic::verify::QuestionLine& line) {
  medic::verify::Question question;
  question.chain = line.chain;
  question.name = line.name.value_or("host.example");
  question.at = line.at.value_or(medic::Time{std::chrono::seconds{1'790'000'000}});
  question.purpose = line.purpose.value_or(medic::verify::Purpose::Server);
  const auto anchors = medic::trust::make_anchor_set(
      "last", "the last certificate", {{.certificate = line.chain.back(), .source = "fuzz"}});
  question.anchors = anchors.get();
  for (const char* const id : {"openssl", "go", "python-3.13"}) {
    question.profile = medic::profiles::find_profile(id);
    MEDIC_CHECK(question.profile != nullptr);
    const medic::verify::Verdict verdict = medic::verify::judge(question);
    MEDIC_CHECK(verdict.pass == verdict.faults.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const medic::verify::QuestionLine line =
      medic::verify::parse_question_line(medic::as_text({data, size}));
  MEDIC_CHECK(!medic::nests_deeper_than(line.id, medic::kMaxJsonDepth));
  MEDIC_CHECK(line.id.find('\n') == std::string::npos);
  if (line.problem.empty() && !line.chain.empty()) {
    judge(line);
  }
  return 0;
}
