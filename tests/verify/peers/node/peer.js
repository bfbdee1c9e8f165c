// Node's own verdict on real servers: JSON Lines in ({id, address, port, name, ca}), JSON Lines out
// ({id, handshake, pass, error}), and Node's major version in a first line.
'use strict';
const net = require('net');
const readline = require('readline');
const tls = require('tls');

function ask(question) {
  return new Promise((resolve) => {
    const options = {
      host: question.address,
      port: question.port,
      ca: question.ca,
      // The handshake goes on whatever the verdict is; `authorized` is the verdict.
      rejectUnauthorized: false,
    };
    if (net.isIP(question.name)) {
      options.checkServerIdentity = (_, certificate) => tls.checkServerIdentity(question.name, certificate);
    } else {
      options.servername = question.name;
    }
    const socket = tls.connect(options);
    let settled = false;
    const answer = (result) => {
      if (!settled) {
        settled = true;
        socket.destroy();
        resolve({ id: question.id, ...result });
      }
    };
    socket.setTimeout(4000, () => answer({ handshake: false, pass: false, error: 'timeout' }));
    socket.on('secureConnect', () =>
      answer({ handshake: true, pass: socket.authorized, error: String(socket.authorizationError || '') }));
    socket.on('error', (e) => answer({ handshake: false, pass: false, error: e.code || e.message }));
    socket.on('close', () => answer({ handshake: false, pass: false, error: 'closed' }));
  });
}

async function main() {
  console.log(JSON.stringify({ version: Number(process.versions.node.split('.')[0]) }));
  const questions = [];
  for await (const line of readline.createInterface({ input: process.stdin })) {
    questions.push(JSON.parse(line));
  }
  for (const question of questions) {
    console.log(JSON.stringify(await ask(question)));
  }
}

main();
