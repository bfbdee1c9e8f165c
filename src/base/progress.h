#pragma once

// What is being done right now, for a person who waits: one line on standard error that appears
// after half a second, is redrawn, and disappears. Nothing is shown when nobody can see it.

#include <chrono>
#include <memory>
#include <ostream>
#include <string_view>

namespace medic {

class Progress {
 public:
  virtual ~Progress() = default;
  // The step that begins now: "asking 93.184.216.34 without SNI". Starts the spinner if it is not
  // running. Any thread.
  virtual void step(std::string_view sentence) = 0;
  // Removes the line; call it before writing the result. A later step starts it anew. Any thread.
  virtual void clear() = 0;
};

// Work shorter than this shows no spinner at all.
inline constexpr std::chrono::milliseconds kProgressDelay{500};

// `width` columns are available. The spinner draws from a thread of its own, which starts with the
// first step and ends with clear() or the destructor.
std::unique_ptr<Progress> make_spinner(std::ostream& terminal, int width,
                                       std::chrono::milliseconds delay = kProgressDelay);
// For pipes and --quiet: shows nothing.
std::unique_ptr<Progress> make_silent_progress();

}  // namespace medic
