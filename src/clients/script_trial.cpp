#include "clients/script_trial.h"

#include <array>

#include "base/bytes.h"

namespace medic::clients {
namespace {

constexpr std::string_view kMark = "tlsmedic-trial ";

// Runs in Python 2.7 and every 3. Names are resolved by us when an address is given; the library
// still sees the name. The whole chain of exceptions is looked at, because libraries wrap what ssl
// raised.
constexpr std::string_view kBefore = R"(
import errno, socket, sys
try:
    from urllib.parse import urlsplit
except ImportError:
    from urlparse import urlsplit
url = sys.argv[1]
name = urlsplit(url).hostname
if len(sys.argv) > 2:
    _lookup = socket.getaddrinfo
    socket.getaddrinfo = lambda host, *rest, **more: _lookup(sys.argv[2] if host in (name, name.encode()) else host, *rest, **more)
    _connect = socket.socket.connect
    def connect(opened, at):
        return _connect(opened, (sys.argv[2],) + at[1:] if isinstance(at, tuple) and at[0] == name else at)
    if sys.version_info[0] > 2:
        socket.socket.connect = connect
def say(verdict, text=''):
    print('tlsmedic-trial ' + verdict + ' ' + ' '.join(str(text).split())[:300])
    sys.stdout.flush()
    sys.exit(0)
def chain(error, seen):
    if not isinstance(error, BaseException) or id(error) in seen:
        return []
    seen.add(id(error))
    found = [error]
    inner = [getattr(error, key, None) for key in ('__cause__', '__context__', 'reason', 'os_error')]
    for other in inner + list(error.args):
        found += chain(other, seen)
    return found
def judge(error):
    errors = chain(error, set())
    names = [type(e).__name__ for e in errors]
    codes = [getattr(e, 'errno', None) for e in errors]
    said = names[0] + ': ' + str(error)
    if any(n in ('ProxyError', 'ClientProxyConnectionError') for n in names) or 'Tunnel connection failed' in said:
        say('other', said)
    answered = ('HTTPError', 'HTTPStatusError', 'RemoteDisconnected', 'RemoteProtocolError', 'ServerDisconnectedError', 'BadStatusLine')
    if any(n in answered for n in names[:1]) or 'RemoteDisconnected' in names:
        say('pass')
    words = ('CA certificate', 'SSL', 'ssl module', 'unknown url type: https', '_ssl', 'DLL load failed')
    if any('SSL' in n or 'Certificate' in n for n in names) or any(w in said for w in words):
        say('fail', said)
    if errno.ECONNREFUSED in codes or any(isinstance(e, (socket.gaierror, socket.timeout)) for e in errors):
        say('other', said)
    if errno.ECONNRESET in codes or errno.ENOENT in codes:
        say('fail', said)
    say('other', said)
try:
)";
constexpr std::string_view kAfter = R"(
except Exception as error:
    judge(error)
say('pass')
)";

std::string indented(std::string_view code) {
  std::string out = "    ";
  for (const char c : code) {
    out += c;
    if (c == '\n') {
      out += "    ";
    }
  }
  return out;
}

}  // namespace

TrialResult read_script(const ProcessOutcome& outcome) {
  const std::size_t at = outcome.out.rfind(kMark);
  if (at == std::string::npos) {
    // It ended before it could say anything: an import that fails, an interpreter that crashes.
    constexpr std::array<std::string_view, 4> kTls = {"libssl", "libcrypto", "_ssl", "OpenSSL"};
    return {.verdict = outcome.exit_status != 0 && says_any(outcome.err, kTls)
                           ? TrialVerdict::Fail
                           : TrialVerdict::Other,
            .said = last_words(outcome)};
  }
  std::string_view line = std::string_view(outcome.out).substr(at + kMark.size());
  line = line.substr(0, line.find('\n'));
  const std::size_t blank = line.find(' ');
  const std::string_view verdict = line.substr(0, blank);
  const std::string_view said =
      blank == std::string_view::npos ? std::string_view() : line.substr(blank + 1);
  return {.verdict = verdict == "pass"   ? TrialVerdict::Pass
                     : verdict == "fail" ? TrialVerdict::Fail
                                         : TrialVerdict::Other,
          .said = escaped(said, 300)};
}

std::vector<std::string> python_command(const Client& client, const TrialTarget& target,
                                        std::string_view connect) {
  std::vector<std::string> words = {
      client.runtime.empty() ? client.path : client.runtime, "-B", "-c",
      std::string(kBefore) + indented(connect) + std::string(kAfter), trial_url(target)};
  if (!target.address.empty()) {
    words.push_back(target.address);
  }
  return words;
}

}  // namespace medic::clients
