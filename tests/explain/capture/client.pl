# Fetches one URL with LWP: client.pl CA URL.
use strict;
use warnings;
use LWP::UserAgent;
my $agent = LWP::UserAgent->new(timeout => 3, env_proxy => 1, ssl_opts => {SSL_ca_file => $ARGV[0]});
my $reply = $agent->get($ARGV[1]);
if (!$reply->is_success) {
    print STDERR $reply->status_line, "\n", $reply->decoded_content;
    exit 1;
}
