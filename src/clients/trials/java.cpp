#include <string>

#include "clients/python.h"
#include "clients/script_trial.h"

namespace medic::clients {
namespace {

// The default SSLContext, as HttpsURLConnection has it, over a socket to the address. The launcher
// compiles it in memory (JEP 330), so no class file is written.
constexpr std::string_view kFile = "Trial.java";
constexpr std::string_view kSource = R"(
import java.net.*;
import javax.net.ssl.*;
class Trial {
  static void say(String verdict, Throwable error) {
    String text = "";
    for (Throwable e = error; e != null; e = e.getCause()) { text += " " + e; }
    System.out.println("tlsmedic-trial " + verdict + text.replaceAll("\\s+", " "));
    System.exit(0);
  }
  public static void main(String[] args) {
    boolean shaken = false;
    try {
      URI url = new URI(args[0]);
      String host = url.getHost().replaceAll("[\\[\\]]", "");
      Socket plain = new Socket();
      plain.connect(new InetSocketAddress(args.length > 1 ? args[1] : host, url.getPort()), 8000);
      plain.setSoTimeout(8000);
      SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
      SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, url.getPort(), true);
      SSLParameters wanted = socket.getSSLParameters();
      wanted.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(wanted);
      socket.startHandshake();
      shaken = true;
      socket.getOutputStream().write(("HEAD / HTTP/1.0\r\nHost: " + host + "\r\n\r\n").getBytes("US-ASCII"));
      socket.getInputStream().read();
    } catch (SSLException error) {
      say("fail", error);
    } catch (ConnectException | UnknownHostException | SocketTimeoutException error) {
      say(shaken ? "pass" : "other", error);
    } catch (Throwable error) {
      say(shaken ? "pass" : "fail", error);
    }
    say("pass", null);
  }
}
)";

// Single-file programs came with 11.
std::vector<std::string> command(const Client& client, const TrialTarget& target) {
  if (compare_versions(client.version, "11") < 0) {
    return {};
  }
  std::vector<std::string> words = {client.path, "-XX:TieredStopAtLevel=1", std::string(kFile),
                                    trial_url(target)};
  if (!target.address.empty()) {
    words.push_back(target.address);
  }
  return words;
}

}  // namespace

extern constinit const Trial trial_java{.kind = "java",
                                        .dials_addresses = always_dials,
                                        .command = command,
                                        .read = read_script,
                                        .file_name = kFile,
                                        .file = kSource};

}  // namespace medic::clients
