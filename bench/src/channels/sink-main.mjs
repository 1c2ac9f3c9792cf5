import { createServer } from 'node:http';
import net from 'node:net';

/**
 * The other side of measured sends, as a process of its own: an endpoint for webhooks, one that takes connections and
 * never answers, and a mail server. They do as little as they can, because they share the machine with what is measured.
 */
const { HTTP_PORT, DEAD_PORT, SMTP_PORT } = process.env;
const counts = { webhooks: 0, unsigned: 0, mails: 0, dead: 0 };

createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify(counts));
    return;
  }
  counts.webhooks += 1;
  if (request.headers['webhook-signature'] === undefined) counts.unsigned += 1;
  request.resume();
  request.on('end', () => response.writeHead(204).end());
}).listen(Number(HTTP_PORT), '127.0.0.1');

net
  .createServer((socket) => {
    counts.dead += 1;
    socket.on('error', () => undefined);
    socket.resume();
  })
  .listen(Number(DEAD_PORT), '127.0.0.1');

net
  .createServer((socket) => {
    let isData = false;
    let rest = '';
    socket.on('error', () => undefined);
    socket.setNoDelay(true);
    socket.write('220 sink\r\n');
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1');
      for (;;) {
        const end = isData ? rest.indexOf('\r\n.\r\n') : rest.indexOf('\r\n');
        if (end === -1) return;
        const line = rest.slice(0, end);
        rest = rest.slice(end + (isData ? 5 : 2));
        if (isData) counts.mails += 1;
        socket.write(isData ? '250 kept\r\n' : answerTo(line));
        isData = !isData && /^DATA/i.test(line);
      }
    });
  })
  .listen(Number(SMTP_PORT), '127.0.0.1');

/** @param {string} line */
function answerTo(line) {
  if (/^DATA/i.test(line)) return '354 go on\r\n';
  return /^EHLO/i.test(line) ? '250-sink\r\n250 PIPELINING\r\n' : '250 ok\r\n';
}
