#include <fmt/core.h>

#include <map>
#include <set>

#include "trust/anchors.h"
#include "trust/sources.h"
#include "trust/subject_index.h"

namespace medic::trust {
namespace {

class ListedAnchors final : public AnchorSet {
 public:
  ListedAnchors(std::string id, std::string description, std::vector<Anchor> anchors,
                std::vector<std::string> problems)
      : id_(std::move(id)),
        description_(std::move(description)),
        anchors_(std::move(anchors)),
        problems_(std::move(problems)) {
    for (std::size_t i = 0; i < anchors_.size(); ++i) {
      subjects_.add(anchors_[i].certificate->subject.canonical, i);
      fingerprints_.insert(anchors_[i].certificate->fingerprint);
    }
    subjects_.sort();
    report_duplicates(anchors_, problems_);
  }

  [[nodiscard]] const std::string& id() const override { return id_; }
  [[nodiscard]] std::string description() const override { return description_; }
  [[nodiscard]] std::size_t size() const override { return anchors_.size(); }
  [[nodiscard]] std::vector<Anchor> by_subject(const Bytes& canonical) const override {
    std::vector<Anchor> found;
    for (const std::size_t position : subjects_.find(canonical)) {
      found.push_back(anchors_[position]);
    }
    return found;
  }
  [[nodiscard]] bool contains(const Sha256& fingerprint) const override {
    return fingerprints_.contains(fingerprint);
  }
  [[nodiscard]] std::vector<Anchor> all() const override { return anchors_; }
  [[nodiscard]] const std::vector<std::string>& problems() const override { return problems_; }

 private:
  std::string id_;
  std::string description_;
  std::vector<Anchor> anchors_;
  std::vector<std::string> problems_;
  SubjectIndex subjects_;
  std::set<Sha256> fingerprints_;
};

}  // namespace

bool AnchorSet::holds(const x509::Certificate& certificate) const {
  for (const Anchor& anchor : by_subject(certificate.subject.canonical)) {
    if (anchor.certificate->fingerprint == certificate.fingerprint) {
      return true;
    }
  }
  return false;
}

std::string where(const Anchor& anchor) {
  return anchor.place.empty() ? anchor.source : fmt::format("{}, {}", anchor.source, anchor.place);
}

void report_duplicates(const std::vector<Anchor>& anchors, std::vector<std::string>& problems) {
  std::map<Sha256, const Anchor*> first;
  for (const Anchor& anchor : anchors) {
    const auto [known, added] = first.emplace(anchor.certificate->fingerprint, &anchor);
    if (!added) {
      problems.push_back(fmt::format("{}: '{}' is the same certificate as {}", where(anchor),
                                     escaped(anchor.certificate->subject.display(), 64),
                                     where(*known->second)));
    }
  }
}

AnchorSetPtr make_listed_set(std::string id, std::string description, std::vector<Anchor> anchors,
                             std::vector<std::string> problems) {
  return std::make_shared<ListedAnchors>(std::move(id), std::move(description), std::move(anchors),
                                         std::move(problems));
}

AnchorSetPtr make_anchor_set(std::string id, std::string description, std::vector<Anchor> anchors) {
  return make_listed_set(std::move(id), std::move(description), std::move(anchors), {});
}

std::vector<std::string> anchor_problems(const AnchorSet& anchors, Time at) {
  std::vector<std::string> problems = anchors.problems();
  for (const Anchor& anchor : anchors.all()) {
    const x509::Certificate& certificate = *anchor.certificate;
    const auto add = [&](std::string_view what) {
      problems.push_back(fmt::format("{}: '{}' {}", where(anchor),
                                     escaped(certificate.subject.display(), 64), what));
    };
    if (at > certificate.not_after) {
      add("expired on " + iso_date(certificate.not_after));
    }
    if (at < certificate.not_before) {
      add("is not valid before " + iso_date(certificate.not_before));
    }
    const bool old_root = certificate.version == 1 && certificate.self_issued();
    if (!old_root && !(certificate.basic_constraints && certificate.basic_constraints->ca)) {
      add("is not a CA certificate");
    }
    if (certificate.public_key.type == x509::KeyType::Rsa && certificate.public_key.bits < 2048) {
      add(fmt::format("has an RSA key of {} bits", certificate.public_key.bits));
    }
    for (const x509::Anomaly& anomaly : certificate.anomalies) {
      add(fmt::format("breaks a rule: {} ({})", anomaly.id, anomaly.detail));
    }
  }
  return problems;
}

}  // namespace medic::trust
