# Starting costs less than 10 ms of CPU, and the launcher adds less than 20 ms.
#   startup.sh PROGRAM SOURCE
set -u
source_dir=$2
release=$source_dir/build/release
if [ ! -x "$release/tlsmedic" ] || [ ! -f "$release/built.stamp" ]; then
  printf 'Skipped\nthere is no release build (./tlsmedic makes one)\n'
  exit 77
fi
if [ -n "$(cd "$source_dir" && find src data cmake CMakeLists.txt CMakePresets.json -newer "$release/built.stamp" | head -n 1)" ]; then
  printf 'Skipped\nthe release build is older than its sources (./tlsmedic makes it again)\n'
  exit 77
fi
# The cheapest of twenty runs: a busy machine makes single runs slow.
exec python3 - "$release/tlsmedic" "$source_dir/tlsmedic" <<'PYTHON'
import os, resource, subprocess, sys, time

def cheapest(command):
    best_cpu = best_wall = 1e9
    for _ in range(20):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        wall = time.monotonic() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best_cpu, best_wall = min(best_cpu, cpu), min(best_wall, wall)
    return best_cpu * 1000, best_wall * 1000

binary, launcher = sys.argv[1:]
failed = False
walls = {}
for words in (["--version"], ["causes"]):
    cpu, walls[binary] = cheapest([binary, *words])
    print(f"{' '.join(words)}: {cpu:.1f} ms CPU")
    failed = failed or cpu >= 10
_, direct = cheapest([binary, "--version"])
_, launched = cheapest([launcher, "--version"])
print(f"the launcher adds {launched - direct:.1f} ms")
sys.exit(1 if failed or launched - direct >= 20 else 0)
PYTHON
