#pragma once

// A diagnosis as JSON, schema "tlsmedic.diagnose/1" (docs/schema/diagnose-1.json).

#include <string>

#include "diagnose/diagnosis.h"
#include "text/language.h"

namespace medic::report {

// Ids and keys are English whatever the language; `text` members are in `language`.
std::string diagnosis_json(const diagnose::Diagnosis& diagnosis, const evidence::Case& facts,
                           text::Language language);

}  // namespace medic::report
