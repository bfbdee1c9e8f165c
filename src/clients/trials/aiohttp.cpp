#include "clients/script_trial.h"

namespace medic::clients {
namespace {

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  return python_command(client, target,
                        "import aiohttp, asyncio\n"
                        "async def ask():\n"
                        "    async with aiohttp.ClientSession() as session:\n"
                        "        async with session.head(url, allow_redirects=False): pass\n"
                        "asyncio.run(asyncio.wait_for(ask(), 8))");
}

}  // namespace

extern constinit const Trial trial_aiohttp{
    .kind = "aiohttp", .dials_addresses = always_dials, .command = command, .read = read_script};

}  // namespace medic::clients
