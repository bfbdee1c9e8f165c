# Fetches one URL with net/http: client.rb CA URL.
require 'net/http'
uri = URI(ARGV[1])
http = Net::HTTP.new(uri.host, uri.port)
http.use_ssl = true
http.ca_file = ARGV[0]
http.open_timeout = http.read_timeout = http.ssl_timeout = 3
http.get('/')
