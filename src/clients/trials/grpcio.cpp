#include "clients/script_trial.h"

namespace medic::clients {
namespace {

// One call of a method that nobody has. What a channel fails with tells TLS from what comes after
// it; a server without HTTP/2 is refused by gRPC before its name is looked at, so that this decides
// nothing.
constexpr std::string_view kConnect = R"(import grpc
address = sys.argv[2] if len(sys.argv) > 2 else name
at = ('[' + address + ']' if ':' in address else address) + ':' + str(urlsplit(url).port)
options = [('grpc.ssl_target_name_override', name), ('grpc.enable_retries', 0)]
channel = grpc.secure_channel(at, grpc.ssl_channel_credentials(), options)
try:
    channel.unary_unary('/tlsmedic.Trial/Ask')(b'', timeout=8)
except grpc.RpcError as error:
    said = error.details() or ''
    if 'ALPN' in said or 'Connection refused' in said or 'DNS' in said:
        say('other', said)
    elif 'andshake' in said or 'Peer name' in said or 'check peer' in said:
        say('fail', said)
    elif 'SETTINGS' in said or 'HTTP2' in said or error.code() != grpc.StatusCode.UNAVAILABLE:
        say('other' if 'eadline' in said else 'pass')
    say('other', said))";

std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  return python_command(client, target, kConnect);
}

}  // namespace

extern constinit const Trial trial_grpcio{
    .kind = "grpcio", .dials_addresses = always_dials, .command = command, .read = read_script};

}  // namespace medic::clients
