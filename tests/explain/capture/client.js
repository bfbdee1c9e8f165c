// Fetches one URL with Node's https module or with fetch: client.js https|fetch CA URL.
const [, , how, ca, url] = process.argv;
if (how === 'fetch') {
  fetch(url, { signal: AbortSignal.timeout(3000) }).then((reply) => reply.text());
} else {
  const options = Object.assign(require('url').parse(url), { ca: require('fs').readFileSync(ca) });
  const request = require('https').get(options, (reply) => reply.resume());
  request.setTimeout(3000, () => request.abort());
}
