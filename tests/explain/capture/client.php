<?php
// Fetches one URL with PHP's streams or with its curl extension: client.php stream|curl CA URL.
[, $how, $ca, $url] = $argv;
if ($how === 'curl') {
    $handle = curl_init($url);
    curl_setopt_array($handle, [CURLOPT_CAINFO => $ca, CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 3]);
    $body = curl_exec($handle);
    if ($body === false) {
        fwrite(STDERR, 'PHP Fatal error:  Uncaught RuntimeException: cURL error ' . curl_errno($handle) . ': ' .
            curl_error($handle) . " (see https://curl.haxx.se/libcurl/c/libcurl-errors.html) for $url\n");
        exit(1);
    }
} else {
    $context = stream_context_create(['ssl' => ['cafile' => $ca], 'http' => ['timeout' => 3]]);
    exit(file_get_contents($url, false, $context) === false ? 1 : 0);
}
