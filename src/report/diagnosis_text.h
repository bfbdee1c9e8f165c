#pragma once

// A diagnosis as a report for a person: verdict first, then each finding with who must act, the
// proof and what to do.

#include <string>

#include "base/terminal.h"
#include "diagnose/diagnosis.h"
#include "text/language.h"

namespace medic::report {

enum class Detail {
  Short,  // findings, the remedy for the product at hand
  Full,   // also the matrix, every experiment and every product's remedy
};

struct TextStyle {
  text::Language language = text::Language::English;
  int width = 80;  // columns
  Color color = Color::Off;
  Detail detail = Detail::Short;
};

std::string diagnosis_text(const diagnose::Diagnosis& diagnosis, const evidence::Case& facts,
                           const TextStyle& style);

}  // namespace medic::report
