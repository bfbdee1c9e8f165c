package LWP::Protocol::https;
our $VERSION = '6.10';
        $ssl_opts{SSL_ca_file} = '/etc/ssl/certs/ca-certificates.crt';
