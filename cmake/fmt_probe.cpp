#include <fmt/chrono.h>
#include <fmt/format.h>

int main(int argc, char** argv) {
  return static_cast<int>(fmt::format("{:>8.3f}{:L}{}{:%F}", static_cast<double>(argc), argc,
                                      argv[0], std::chrono::system_clock::now())
                              .size());
}
