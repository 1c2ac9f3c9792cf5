import net from 'node:net';

/**
 * The other side of measured sends, as a process of its own: an endpoint for webhooks, some that take connections and
 * never answer, and a mail server. They do as little as they can, because they share the machine with what is measured:
 * a server of node:http takes a third of the CPU time that sending a webhook takes.
 */
const { HTTP_PORT = '', DEAD_PORTS = '', SMTP_PORT = '' } = process.env;
const counts = { webhooks: 0, unsigned: 0, mails: 0, dead: 0 };

net
  .createServer((socket) => {
    let rest = '';
    socket.on('error', () => undefined);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1');
      for (;;) {
        const length = lengthOfRequest(rest);
        if (length === undefined) return;
        socket.write(answerToRequest(rest.slice(0, length)));
        rest = rest.slice(length);
      }
    });
  })
  .listen(Number(HTTP_PORT), '127.0.0.1');

for (const port of DEAD_PORTS.split(',')) {
  net
    .createServer((socket) => {
      counts.dead += 1;
      socket.on('error', () => undefined);
      socket.resume();
    })
    .listen(Number(port), '127.0.0.1');
}

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

/**
 * Bytes of the request at the beginning; undefined while it is not all there.
 *
 * @param {string} text
 */
function lengthOfRequest(text) {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const body = /\r\ncontent-length: (\d+)\r\n/i.exec(text.slice(0, headEnd + 2))?.[1] ?? '0';
  const length = headEnd + 4 + Number(body);
  return text.length < length ? undefined : length;
}

/** @param {string} request */
function answerToRequest(request) {
  if (request.startsWith('GET')) {
    const { user, system } = process.cpuUsage();
    const body = JSON.stringify({ ...counts, cpuUs: user + system });
    return `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  }
  counts.webhooks += 1;
  if (!request.includes('\r\nwebhook-signature: v1,')) counts.unsigned += 1;
  return 'HTTP/1.1 204 No Content\r\n\r\n';
}

/** @param {string} line */
function answerTo(line) {
  if (/^DATA/i.test(line)) return '354 go on\r\n';
  return /^EHLO/i.test(line) ? '250-sink\r\n250 PIPELINING\r\n' : '250 ok\r\n';
}
