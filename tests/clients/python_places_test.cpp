// Where Pythons are looked for: each place is a program's own habit.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/files.h"
#include "clients/python.h"
#include "machine/machine.h"

namespace medic::clients {
namespace {

namespace fs = std::filesystem;

struct Row {
  std::string_view path;
  PythonKind kind;
  std::string_view why;
};

constexpr Row kRows[] = {
    {"/home/kim/.local/share/pipx/venvs/poetry/bin/python", PythonKind::Pipx, "pipx install"},
    {"/home/kim/.local/share/pipx/shared/bin/python", PythonKind::Pipx, "the pip of pipx"},
    {"/home/kim/.local/share/uv/python/cpython-3.12.10-linux-x86_64-gnu/bin/python3",
     PythonKind::Uv, "python-build-standalone, brought by uv"},
    {"/home/kim/.local/share/uv/tools/ruff/bin/python", PythonKind::Uv, "uv tool install"},
    {"/home/kim/.rye/py/cpython@3.12.3/bin/python3", PythonKind::Uv, "the same build, by Rye"},
    {"/home/kim/.local/share/pdm/venvs/site-abc/bin/python", PythonKind::Venv, "pdm"},
    {"/home/kim/.pyenv/versions/3.11.7/bin/python", PythonKind::Pyenv, "pyenv"},
    {"/usr/autodesk/maya2025/bin/mayapy", PythonKind::Embedded, "Maya"},
    {"/opt/hfs20.5/python/bin/python3.11", PythonKind::Embedded, "Houdini"},
    {"/opt/Shotgun/Python3/bin/python", PythonKind::Embedded, "Flow Production Tracking desktop"},
    {"/opt/blender-4.2/4.2/python/bin/python3.11", PythonKind::Embedded, "Blender"},
    {"/opt/az/bin/python3", PythonKind::Embedded, "the Azure command line"},
    {"/usr/lib/google-cloud-sdk/platform/bundledpythonunix/bin/python3", PythonKind::Embedded,
     "gcloud"},
};

TEST(PythonPlaces, HoldTheHabitsOfEveryInstaller) {
  const auto directory = TemporaryDirectory::make();
  ASSERT_TRUE(directory.has_value());
  const auto write = [&](std::string_view path) {
    const fs::path full = directory->path() / path.substr(1);
    fs::create_directories(full.parent_path());
    ASSERT_TRUE(write_file(full, "#!/bin/sh\n"));
  };
  fs::create_directories(directory->path() / "etc");
  ASSERT_TRUE(
      write_file(directory->path() / "etc" / "passwd", "kim:x:1000:1000::/home/kim:/bin/sh\n"));
  for (const Row& row : kRows) {
    write(row.path);
  }
  write("/home/kim/notes/python");  // nobody's habit
  const auto machine = machine::Machine::open({.root = directory->path(), .environment = {}});
  ASSERT_TRUE(machine.has_value());
  const std::vector<PythonPlace> places = python_places(*machine);
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.why);
    const auto found = std::ranges::find(places, row.path, &PythonPlace::executable);
    ASSERT_NE(found, places.end()) << row.path;
    EXPECT_EQ(found->kind, row.kind) << row.path;
  }
  EXPECT_EQ(std::ranges::find(places, "/home/kim/notes/python", &PythonPlace::executable),
            places.end());
}

}  // namespace
}  // namespace medic::clients
