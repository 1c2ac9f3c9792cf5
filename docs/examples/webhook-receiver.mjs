/**
 * Receives Carillon's webhooks and verifies them, with the public Standard Webhooks library.
 * Run from the root of the repository: SECRET=whsec_... node docs/examples/webhook-receiver.mjs [port]
 */
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const secret = process.env.SECRET;
if (secret === undefined) throw new Error('Set SECRET to the secret of the channel (whsec_...)');
const webhook = new Webhook(secret);

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  try {
    const event = webhook.verify(body, request.headers);
    console.log('verified', request.headers['webhook-id'], event.type, event.data.title);
    response.writeHead(204).end();
  } catch (error) {
    console.log('refused', error.message);
    response.writeHead(401).end();
  }
}).listen(Number(process.argv[2] ?? 9000), '127.0.0.1', () => console.log('waiting for webhooks'));
