#!/usr/bin/env python
"""Runs one Python TLS client against lab sites and prints what a user would have seen.

usage: python_clients.py CLIENT < sites.json   (one JSON object a line on stdout)

Runs under every Python from 2.7 on, so nothing newer is used here. `text` is the traceback as the
interpreter would print it; `last` is its last lines, the exception chain without the stack.
"""
from __future__ import print_function, unicode_literals

import json
import logging
import os
import sys
import traceback
import warnings

TIMEOUT = 3


def urllib_client(site):
    import ssl
    try:
        from urllib.request import build_opener, HTTPSHandler, ProxyHandler
    except ImportError:
        from urllib2 import build_opener, HTTPSHandler, ProxyHandler
    context = ssl.create_default_context(cafile=site["ca_file"])
    proxies = {"https": site["proxy"]} if site["proxy"] else {}
    opener = build_opener(ProxyHandler(proxies), HTTPSHandler(context=context))
    return opener.open(site["url"], timeout=TIMEOUT).read()


def requests_client(site):
    import requests
    proxies = {"https": site["proxy"]} if site["proxy"] else None
    return requests.get(site["url"], verify=site["ca_file"], proxies=proxies, timeout=TIMEOUT).text


def urllib3_client(site):
    import urllib3
    kind = dict(cert_reqs="CERT_REQUIRED", ca_certs=site["ca_file"], timeout=TIMEOUT)
    pool = urllib3.ProxyManager(site["proxy"], **kind) if site["proxy"] else urllib3.PoolManager(**kind)
    return pool.request("GET", site["url"], retries=1).data


def httpx_client(site):
    import ssl
    import httpx
    verify = ssl.create_default_context(cafile=site["ca_file"])
    kind = {}
    if site["proxy"]:
        kind["proxy"] = site["proxy"]
    with httpx.Client(verify=verify, timeout=TIMEOUT, **kind) as client:
        return client.get(site["url"]).text


def aiohttp_client(site):
    import asyncio
    import ssl
    import aiohttp

    async def fetch():
        context = ssl.create_default_context(cafile=site["ca_file"])
        limit = aiohttp.ClientTimeout(total=TIMEOUT)
        async with aiohttp.ClientSession(timeout=limit) as session:
            async with session.get(site["url"], ssl=context, proxy=site["proxy"] or None) as reply:
                return await reply.text()
    return asyncio.run(fetch())


def httplib2_client(site):
    import httplib2
    proxy = None
    if site["proxy"]:
        proxy = httplib2.proxy_info_from_url(site["proxy"], method="https")
    return httplib2.Http(ca_certs=site["ca_file"], timeout=TIMEOUT, proxy_info=proxy).request(site["url"])


def shotgun_api3_client(site):
    import shotgun_api3
    proxy = site["proxy"].split("//")[1] if site["proxy"] else None
    sg = shotgun_api3.Shotgun(site["url"].rstrip("/"), script_name="script", api_key="key",
                              ca_certs=site["ca_file"], connect=False, http_proxy=proxy)
    sg.config.timeout_secs = TIMEOUT
    sg.config.max_rpc_attempts = 1
    sg.config.rpc_attempt_interval = 0
    return sg.info()


def boto3_client(site):
    import boto3
    from botocore.config import Config
    proxies = {"https": site["proxy"]} if site["proxy"] else None
    s3 = boto3.client("s3", endpoint_url=site["url"], verify=site["ca_file"], region_name="us-east-1",
                      aws_access_key_id="key", aws_secret_access_key="key",
                      config=Config(retries={"max_attempts": 0}, connect_timeout=TIMEOUT,
                                    read_timeout=TIMEOUT, proxies=proxies))
    return s3.list_buckets()


def grpc_client(site):
    import grpc
    with open(site["ca_file"], "rb") as roots:
        credentials = grpc.ssl_channel_credentials(roots.read())
    with grpc.secure_channel("%s:%d" % (site["host"], site["port"]), credentials) as channel:
        call = channel.unary_unary("/lab.Service/Call")
        return call(b"", timeout=TIMEOUT)


def _http_client(site):
    import ssl
    import httpx
    kind = {"proxy": site["proxy"]} if site["proxy"] else {}
    return httpx.Client(verify=ssl.create_default_context(cafile=site["ca_file"]), timeout=TIMEOUT, **kind)


def openai_client(site):
    import openai
    if hasattr(openai, "OpenAI"):
        client = openai.OpenAI(api_key="key", base_url=site["url"] + "v1", max_retries=0,
                               http_client=_http_client(site))
        return client.models.list()
    openai.api_key = "key"
    openai.api_base = site["url"] + "v1"
    openai.verify_ssl_certs = True
    os.environ["REQUESTS_CA_BUNDLE"] = site["ca_file"]
    return openai.Model.list()


def genai_client(site):
    from google import genai
    client = genai.Client(api_key="key", http_options={
        "base_url": site["url"], "client_args": {"verify": site["ca_file"]}})
    return list(client.models.list())


def huggingface_client(site):
    import huggingface_hub
    os.environ["SSL_CERT_FILE"] = os.environ["REQUESTS_CA_BUNDLE"] = site["ca_file"]
    api = huggingface_hub.HfApi(endpoint=site["url"].rstrip("/"))
    return api.model_info("lab/model", timeout=TIMEOUT)


def nltk_client(site):
    import nltk
    from nltk.downloader import Downloader
    os.environ["SSL_CERT_FILE"] = site["ca_file"]
    Downloader(server_index_url=site["url"] + "index.xml").download("punkt", raise_on_error=False)
    raise SystemExit("nltk ended")


def websockets_client(site):
    import asyncio
    import ssl
    import websockets

    async def connect():
        context = ssl.create_default_context(cafile=site["ca_file"])
        async with websockets.connect(site["url"].replace("https", "wss"), ssl=context,
                                      open_timeout=TIMEOUT):
            pass
    asyncio.run(connect())


def tornado_client(site):
    import asyncio
    from tornado.httpclient import AsyncHTTPClient

    async def fetch():
        return await AsyncHTTPClient().fetch(site["url"], ca_certs=site["ca_file"],
                                             request_timeout=TIMEOUT)
    return asyncio.run(fetch())


def pyopenssl_client(site):
    import socket
    import struct
    from OpenSSL import SSL
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.load_verify_locations(site["ca_file"])
    context.set_verify(SSL.VERIFY_PEER, lambda *a: bool(a[-1]))
    raw = socket.create_connection((site["host"], site["port"]), timeout=TIMEOUT)
    raw.setblocking(True)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", TIMEOUT, 0))
    connection = SSL.Connection(context, raw)
    connection.set_tlsext_host_name(site["host"].encode())
    connection.set_connect_state()
    connection.do_handshake()
    connection.recv(1)


def ldap3_client(site):
    import ssl
    import ldap3
    tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=site["ca_file"])
    server = ldap3.Server(site["host"], port=site["port"], use_ssl=True, tls=tls, connect_timeout=TIMEOUT)
    ldap3.Connection(server, receive_timeout=TIMEOUT).bind()


def redis_client(site):
    import redis
    redis.Redis(host=site["host"], port=site["port"], ssl=True, ssl_ca_certs=site["ca_file"],
                ssl_check_hostname=True, socket_timeout=TIMEOUT).ping()


def pymongo_client(site):
    import pymongo
    client = pymongo.MongoClient(site["host"], site["port"], tls=True, tlsCAFile=site["ca_file"],
                                 serverSelectionTimeoutMS=1500, connectTimeoutMS=1000,
                                 socketTimeoutMS=1000)
    client.server_info()


def kafka_client(site):
    import kafka
    logging.basicConfig(stream=sys.stderr)
    kafka.KafkaAdminClient(bootstrap_servers="%s:%d" % (site["host"], site["port"]),
                           security_protocol="SSL", ssl_cafile=site["ca_file"],
                           request_timeout_ms=2000, api_version_auto_timeout_ms=1500,
                           bootstrap_timeout_ms=2000)


def paho_client(site):
    import paho.mqtt.client as mqtt
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.tls_set(ca_certs=site["ca_file"])
    client.connect_timeout = TIMEOUT
    client.connect(site["host"], site["port"])


def curl_cffi_client(site):
    from curl_cffi import requests
    proxies = {"https": site["proxy"]} if site["proxy"] else None
    return requests.get(site["url"], verify=site["ca_file"], proxies=proxies, timeout=TIMEOUT,
                        impersonate="chrome").text


def pycurl_client(site):
    import pycurl
    c = pycurl.Curl()
    c.setopt(c.URL, site["url"])
    c.setopt(c.CAINFO, site["ca_file"])
    c.setopt(c.TIMEOUT, TIMEOUT)
    if site["proxy"]:
        c.setopt(c.PROXY, site["proxy"])
    c.setopt(c.WRITEFUNCTION, lambda data: len(data))
    c.perform()


def elasticsearch_client(site):
    import elasticsearch
    es = elasticsearch.Elasticsearch(site["url"].rstrip("/"), ca_certs=site["ca_file"],
                                     request_timeout=TIMEOUT, max_retries=0)
    return es.info()


def smtplib_client(site):
    import smtplib
    import ssl
    context = ssl.create_default_context(cafile=site["ca_file"])
    smtplib.SMTP_SSL(site["host"], site["port"], timeout=TIMEOUT, context=context)


def twisted_client(site):
    from twisted.internet import reactor, ssl
    from twisted.web.client import Agent, BrowserLikePolicyForHTTPS
    with open(site["ca_file"], "rb") as roots:
        anchors = ssl.trustRootFromCertificates(
            [ssl.Certificate.loadPEM(b"-----BEGIN" + part) for part in roots.read().split(b"-----BEGIN")[1:]])
    agent = Agent(reactor, BrowserLikePolicyForHTTPS(trustRoot=anchors), connectTimeout=TIMEOUT)
    failures = []
    done = agent.request(b"GET", site["url"].encode())
    done.addErrback(failures.append)
    done.addBoth(lambda _: reactor.stop())
    reactor.callLater(TIMEOUT, lambda: reactor.running and reactor.stop())
    reactor.run()
    if failures:
        failures[0].raiseException()


def run(name, site):
    out = sys.stderr
    try:
        globals()[name.replace("-", "_") + "_client"](site)
        return None, None
    except SystemExit as ended:
        return "", ""
    except BaseException:
        text = traceback.format_exc()
        if not isinstance(text, type("")):
            text = text.decode("utf-8", "replace")
        return text, "\n".join(l for l in text.splitlines() if l and not l[0].isspace() and
                               not l.startswith("Traceback") and "exception" not in l.split(":")[0].split() )
    finally:
        sys.stderr = out


def main():
    name = sys.argv[1]
    if "--one" in sys.argv:
        site = json.loads(sys.stdin.read())
        globals()[name.replace("-", "_") + "_client"](site)
        return
    for line in sys.stdin:
        site = json.loads(line)
        text, last = run(name, site)
        if text is not None:
            print(json.dumps({"site": site["id"], "text": text, "last": last}))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
