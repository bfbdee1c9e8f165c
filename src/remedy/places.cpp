#include "remedy/places.h"

#include <algorithm>
#include <array>

namespace medic::remedy {
namespace {

constexpr auto kPlaces = std::to_array<Place>({
    {"pip", "~/.config/pip/pip.conf", "configparser", "global", "cert", "PIP_CERT",
     "pip documentation, Configuration"},
    {"git", "~/.gitconfig", "git-config", "http", "sslCAInfo", "GIT_SSL_CAINFO", "git-config(1)"},
    {"npm", "~/.npmrc", "npmrc", "", "cafile", "npm_config_cafile", "npm documentation, npmrc"},
    {"pnpm", "~/.npmrc", "npmrc", "", "cafile", "npm_config_cafile", "pnpm documentation, .npmrc"},
    {"conda", "~/.condarc", "yaml", "", "ssl_verify", "REQUESTS_CA_BUNDLE",
     "conda documentation, settings"},
    {"curl", "~/.curlrc", "curlrc", "", "cacert", "CURL_CA_BUNDLE", "curl(1), --cacert"},
    {"wget", "~/.wgetrc", "wgetrc", "", "ca_certificate", "", "Wget manual, Wgetrc Commands"},
    {"cargo", "~/.cargo/config.toml", "toml", "http", "cainfo", "CARGO_HTTP_CAINFO",
     "The Cargo Book, http.cainfo"},
    {"botocore", "~/.aws/config", "configparser", "default", "ca_bundle", "AWS_CA_BUNDLE",
     "AWS CLI user guide, ca_bundle"},
    {"node", "", "", "", "", "NODE_EXTRA_CA_CERTS", "Node.js documentation, CLI"},
    {"bun", "", "", "", "", "NODE_EXTRA_CA_CERTS", "Bun documentation"},
    {"deno", "", "", "", "", "DENO_CERT", "Deno manual, environment variables"},
    {"requests", "", "", "", "", "REQUESTS_CA_BUNDLE",
     "Requests documentation, SSL Cert Verification"},
    {"az", "", "", "", "", "REQUESTS_CA_BUNDLE", "Azure CLI documentation, working behind a proxy"},
    {"httplib2", "", "", "", "", "HTTPLIB2_CA_CERTS", "httplib2, certs.py"},
    {"grpcio", "", "", "", "", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
     "gRPC core, environment variables"},
    {"shotgun_api3", "", "", "", "", "SHOTGUN_API_CACERTS", "shotgun_api3, shotgun.py"},
    {"python", "", "", "", "", "SSL_CERT_FILE", "SSL_CTX_set_default_verify_paths(3)"},
    {"httpx", "", "", "", "", "SSL_CERT_FILE", "HTTPX documentation, SSL"},
    {"aiohttp", "", "", "", "", "SSL_CERT_FILE", "SSL_CTX_set_default_verify_paths(3)"},
    {"go", "", "", "", "", "SSL_CERT_FILE", "Go, crypto/x509"},
    {"ruby", "", "", "", "", "SSL_CERT_FILE", "SSL_CTX_set_default_verify_paths(3)"},
    {"php", "", "", "", "", "SSL_CERT_FILE", "SSL_CTX_set_default_verify_paths(3)"},
    {"lwp", "", "", "", "", "PERL_LWP_SSL_CA_FILE", "LWP::UserAgent(3pm)"},
    {"gem", "", "", "", "", "SSL_CERT_FILE", "SSL_CTX_set_default_verify_paths(3)"},
    {"bundler", "", "", "", "", "BUNDLE_SSL_CA_CERT", "bundle-config(1)"},
    {"openssl", "", "", "", "", "SSL_CERT_FILE", "SSL_CTX_set_default_verify_paths(3)"},
    {"uv", "", "", "", "", "SSL_CERT_FILE", "uv documentation, environment variables"},
    {"composer", "", "", "", "", "SSL_CERT_FILE", "composer/ca-bundle, CaBundle.php"},
    {"poetry", "", "", "", "", "REQUESTS_CA_BUNDLE", "Requests, SSL Cert Verification"},
    {"pdm", "", "", "", "", "SSL_CERT_FILE", "HTTPX documentation, SSL"},
    {"google-genai", "", "", "", "", "SSL_CERT_FILE", "HTTPX documentation, SSL"},
    {"gcloud", "~/.config/gcloud/properties", "configparser", "core", "custom_ca_certs_file",
     "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE", "gcloud topic configurations"},
    {"yarn", "", "", "", "", "NODE_EXTRA_CA_CERTS", "Node.js documentation, CLI"},
});

struct FileName {
  std::string_view ending;
  std::string_view editor;
};

constexpr auto kFiles = std::to_array<FileName>({
    {"/pip.conf", "configparser"},
    {"/pip.ini", "configparser"},
    {"/.aws/config", "configparser"},
    {"/gcloud/properties", "configparser"},
    {"/.gitconfig", "git-config"},
    {"/gitconfig", "git-config"},
    {"/git/config", "git-config"},
    {"/.npmrc", "npmrc"},
    {"/npmrc", "npmrc"},
    {"/.condarc", "yaml"},
    {"/condarc", "yaml"},
    {"/.mambarc", "yaml"},
    {"/.curlrc", "curlrc"},
    {"/curlrc", "curlrc"},
    {"/.wgetrc", "wgetrc"},
    {"/wgetrc", "wgetrc"},
    {"/.profile", "posix-shell"},
    {"/.bashrc", "posix-shell"},
    {"/.bash_profile", "posix-shell"},
    {"/.bash_login", "posix-shell"},
    {"/.zshrc", "posix-shell"},
    {"/.zshenv", "posix-shell"},
    {"/.zprofile", "posix-shell"},
    {"/etc/profile", "posix-shell"},
    {"/.cargo/config.toml", "toml"},
    {"/config.fish", "fish"},
    {"_profile.ps1", "powershell"},
    {"/profile.ps1", "powershell"},
    {"/.cshrc", "csh"},
    {"/.tcshrc", "csh"},
    {"/etc/environment", "etc-environment"},
    {"/php.ini", "ini"},
    {"/settings.json", "json"},
    {"/daemon.json", "json"},
    {"/uv.toml", "toml"},
});

}  // namespace

std::span<const Place> places() {
  return kPlaces;
}

const Place* place_of(std::string_view client) {
  const auto* const found = std::ranges::find(kPlaces, client, &Place::client);
  return found == kPlaces.end() ? nullptr : found;
}

const settings::Editor* editor_of_file(std::string_view path) {
  const auto* const found = std::ranges::find_if(
      kFiles, [&](const FileName& file) { return path.ends_with(file.ending); });
  return found == kFiles.end() ? nullptr : settings::find_editor(found->editor);
}

}  // namespace medic::remedy
