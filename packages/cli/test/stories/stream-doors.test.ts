import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  advanceDatabaseClock,
  openSse,
  openWebSocket,
  pollUntil,
  type OpenStream,
  type ServiceProcess,
  type StreamEnd,
} from '@carillon/testkit';
import { callApi } from './calls.ts';
import { setStage, type Person, type Stage } from './stage.ts';

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(120_000);

describe('the door of the stream', () => {
  let stage: Stage;
  let api: ServiceProcess;

  beforeAll(async () => {
    stage = await setStage({ people: 0, env: { CARILLON_ALLOWED_ORIGINS: 'https://app.example.org' } });
    [api] = await Promise.all([stage.startApi(), stage.startWorker()]);
  });
  afterAll(() => stage.stop());

  it('opens once for a ticket, and not for one that is older than a minute', async () => {
    const ada = await stage.addPerson();
    const ticket = await buyTicket(ada);
    const first = await upgrade({ query: `ticket=${ticket}` });
    const second = await upgrade({ query: `ticket=${ticket}` });
    const old = await buyTicket(ada);
    await advanceDatabaseClock(stage.database, 61_000);
    const third = await upgrade({ query: `ticket=${old}` });
    expect([first, second, third]).toEqual([101, 401, 401]);
  });

  it.each<{ name: string; ask: Parameters<typeof upgrade>[0]; status: number }>([
    { name: 'nobody', ask: {}, status: 401 },
    { name: 'a token that never was', ask: { bearer: `${'a'.repeat(10)}-${'b'.repeat(33)}` }, status: 401 },
    { name: 'a token in the query', ask: { query: 'access_token=x', own: true }, status: 401 },
    { name: 'a foreign origin', ask: { own: true, origin: 'https://evil.example.org' }, status: 403 },
    { name: 'the origin null', ask: { own: true, origin: 'null' }, status: 403 },
    { name: 'a query it does not know', ask: { own: true, query: 'user=other' }, status: 400 },
    { name: 'a position that is none', ask: { own: true, query: 'after=yesterday' }, status: 400 },
    { name: 'another path', ask: { own: true, path: '/v1/inbox/streams' }, status: 404 },
    { name: 'its own people', ask: { own: true, origin: 'https://app.example.org' }, status: 101 },
  ])('answers $name with $status before the upgrade', async ({ ask, status }) => {
    expect(await upgrade(ask)).toBe(status);
  });

  it('refuses a token that may not read the inbox', async () => {
    const sender = await stage.addPerson({ scopes: ['send'] });
    expect(await upgrade({ bearer: sender.token })).toBe(403);
  });

  it('refuses the eleventh stream of a user until one has left', async () => {
    const { token } = await stage.addPerson();
    const place = { api: api.url, token, after: undefined };
    const streams: OpenStream[] = [];
    let ready = 0;
    for (let index = 0; index < 10; index += 1) {
      const open = index % 2 === 0 ? openWebSocket : openSse;
      streams.push(open(place, ({ type }) => void (ready += type === 'ready' ? 1 : 0)));
    }
    await pollUntil(() => ready === 10);
    expect(await Promise.all([endOf(openWebSocket(place, nothing)), endOf(openSse(place, nothing))])).toEqual(
      [
        { code: 429, reason: 'refused' },
        { code: 429, reason: 'refused' },
      ],
    );
    streams.pop()?.drop();
    await pollUntil(async () => (await upgrade({ bearer: token })) === 101);
    for (const stream of streams) stream.drop();
  });

  it.each<{ name: string; frame: Buffer; code: number }>([
    {
      name: 'a message of 64 KiB and one byte',
      frame: clientFrame(1, Buffer.alloc(65_537, 0x61)),
      code: 1009,
    },
    { name: 'a binary message', frame: clientFrame(2, Buffer.from([1, 2, 3])), code: 1008 },
    { name: 'text that is no JSON', frame: clientFrame(1, Buffer.from('hello')), code: 1008 },
    {
      name: 'a frame of a type that is none',
      frame: clientFrame(1, Buffer.from('{"type":"auth"}')),
      code: 1008,
    },
    { name: 'text that is no UTF-8', frame: clientFrame(1, Buffer.from([0xc3, 0x28])), code: 1007 },
    { name: 'an unmasked frame', frame: Buffer.from([0x81, 0x01, 0x61]), code: 1002 },
    { name: 'reserved bits', frame: Buffer.from([0xf1, 0x80, 0, 0, 0, 0]), code: 1002 },
    {
      name: 'twenty-one messages in a second',
      frame: Buffer.concat(Array.from({ length: 21 }, () => clientFrame(1, Buffer.from('{"type":"ping"}')))),
      code: 1008,
    },
    {
      name: 'a message in a hundred fragments',
      frame: Buffer.concat([
        clientFrame(1, Buffer.from('{'), false),
        ...Array.from({ length: 99 }, () => clientFrame(0, Buffer.from(' '), false)),
      ]),
      code: 1008,
    },
  ])('closes on $name with $code, and no other stream', async ({ frame, code }) => {
    const ada = await stage.addPerson();
    const other = openWebSocket({ api: api.url, token: ada.token, after: undefined }, nothing);
    const socket = await openRaw(ada.token);
    socket.write(frame);
    expect(await closeCodeOf(socket)).toBe(code);
    expect(await Promise.race([other.ended, Promise.resolve('open')])).toBe('open');
    other.drop();
  });

  it('answers a ping with the position', async () => {
    const ada = await stage.addPerson();
    const socket = await openRaw(ada.token);
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.resume();
    await pollUntil(() => text.includes('"ready"'));
    socket.write(clientFrame(1, Buffer.from('{"type":"ping"}')));
    await pollUntil(() => /"type":"heartbeat","position":"\w+\.0"/.test(text));
    socket.destroy();
  });

  it('closes a reader that does not read, with 1013 once it does, and keeps no memory for it', async () => {
    const slow = await stage.addPerson();
    const socket = await openRaw(slow.token);
    socket.pause();
    const before = memoryOf(api);
    const one = { to: [slow.id], title: 'Long', body: 'x'.repeat(8_000), channels: ['inbox'] };
    // The kernel takes some megabytes on the way before anything is left with the API.
    for (let round = 0; round < 25; round += 1) {
      const body = { notifications: Array.from({ length: 100 }, () => one) };
      const answer = await callApi(api, stage.admin, 'POST', '/v1/notifications/batch', { body });
      expect(answer.status).toBe(202);
    }
    await api.waitForLine((line) => line['event'] === 'stream.too_slow', 45_000);
    expect(memoryOf(api) - before).toBeLessThan(150 * 1024 * 1024);
    socket.resume();
    expect(await closeCodeOf(socket)).toBe(1013);
  });

  async function buyTicket({ token }: Person): Promise<string> {
    const answer = await callApi(api, { token }, 'POST', '/v1/inbox/stream/tickets');
    expect(answer.status).toBe(201);
    return String(answer.body['ticket']);
  }

  /** The status that an upgrade is answered with. */
  async function upgrade(ask: {
    bearer?: string;
    own?: boolean;
    origin?: string;
    query?: string;
    path?: string;
  }): Promise<number> {
    const bearer = ask.own === true ? (await stage.addPerson()).token : ask.bearer;
    const { socket, head } = await handshake({ ...ask, bearer });
    socket.destroy();
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  }

  async function openRaw(token: string): Promise<Socket> {
    const { socket, head } = await handshake({ bearer: token });
    expect(head).toMatch(/^HTTP\/1\.1 101 /);
    return socket;
  }

  function handshake(ask: {
    bearer: string | undefined;
    origin?: string;
    query?: string;
    path?: string;
  }): Promise<{ socket: Socket; head: string }> {
    const { port } = new URL(api.url);
    const lines = [
      `GET ${ask.path ?? '/v1/inbox/stream'}${ask.query === undefined ? '' : `?${ask.query}`} HTTP/1.1`,
      ...['Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      ...(ask.bearer === undefined ? [] : [`Authorization: Bearer ${ask.bearer}`]),
      ...(ask.origin === undefined ? [] : [`Origin: ${ask.origin}`]),
    ];
    return new Promise((resolve, reject) => {
      const socket = connect({ port: Number(port), host: '127.0.0.1' });
      socket.on('error', reject);
      let bytes = Buffer.alloc(0);
      const read = (chunk: Buffer): void => {
        bytes = Buffer.concat([bytes, chunk]);
        const end = bytes.indexOf('\r\n\r\n');
        if (end === -1) return;
        socket.off('data', read);
        // The first frame may have come in the same chunk: whoever reads next gets it.
        socket.pause();
        if (bytes.length > end + 4) socket.unshift(bytes.subarray(end + 4));
        resolve({ socket, head: bytes.subarray(0, end + 4).toString('latin1') });
      };
      socket.on('data', read);
      socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    });
  }
});

const nothing = (): void => undefined;

function endOf(stream: OpenStream): Promise<StreamEnd> {
  return stream.ended;
}

/** A frame as a client must send it (RFC 6455, section 5.2), masked with zeros. */
function clientFrame(opcode: number, payload: Buffer, isFinal = true): Buffer {
  const first = (isFinal ? 0x80 : 0) | opcode;
  const head =
    payload.length < 126
      ? Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0])
      : Buffer.concat([Buffer.from([first, 0x80 | 127]), uint64(payload.length), Buffer.alloc(4)]);
  return Buffer.concat([head, payload]);
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** Reads server frames until the one that closes. */
async function closeCodeOf(socket: Socket): Promise<number | undefined> {
  let bytes = Buffer.alloc(0);
  let code: number | undefined;
  const read = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    for (let frame = cut(bytes); frame !== undefined; frame = cut(bytes)) {
      bytes = bytes.subarray(frame.end);
      if (frame.opcode === 8) code ??= frame.payload.readUInt16BE(0);
    }
  };
  socket.on('data', read);
  socket.resume();
  try {
    return await pollUntil(() => code, 45_000);
  } finally {
    socket.off('data', read).destroy();
  }
}

function cut(bytes: Buffer): { opcode: number; payload: Buffer; end: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = (bytes[1] ?? 0) & 0x7f;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < start) return undefined;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const end = start + length;
  if (bytes.length < end) return undefined;
  return { opcode: (bytes[0] ?? 0) & 0x0f, payload: bytes.subarray(start, end), end };
}

/** Resident bytes of a process, from the process table. */
function memoryOf({ pid }: ServiceProcess): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  return pages * 4_096;
}
