#pragma once

// The stores that the system keeps, whether a client that reads them was found or not. Internal to
// clients/.

#include "clients/survey.h"

namespace medic::clients {

// Opens them, so that what is wrong with them is told.
void survey_system_stores(Survey& survey);

}  // namespace medic::clients
