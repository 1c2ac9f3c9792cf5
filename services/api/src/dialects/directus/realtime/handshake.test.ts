import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createPasswords } from '@carillon/runtime';
import { runSql } from '@carillon/testkit';
import { setRealtimeStage, type RawSocket, type RealtimeStage } from '../../../../test/realtime-stage.ts';
import type { Actor } from '../../../../test/test-api.ts';

let stage: RealtimeStage;
const open: RawSocket[] = [];

beforeAll(async () => {
  stage = await setRealtimeStage({ CARILLON_ALLOWED_ORIGINS: 'https://app.example.com' });
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.drop();
});
afterAll(() => stage.stop());

async function keep(opening: Promise<RawSocket>): Promise<RawSocket> {
  const socket = await opening;
  open.push(socket);
  return socket;
}
const enter = (as: Actor) => keep(stage.enter(as));
const connect = (path?: string) => keep(stage.open(path));
const handshakeFailed = {
  ...{ type: 'auth', status: 'error' },
  error: { code: 'AUTH_FAILED', message: 'Authentication handshake failed.' },
};

describe('the handshake', () => {
  it('answers with the uid it was given', async () => {
    const socket = await connect();
    socket.send({ type: 'auth', access_token: stage.member.token, uid: 7 });
    expect(await socket.told(1)).toEqual([{ type: 'auth', status: 'ok', uid: 7 }]);
  });

  it.each([
    { name: 'a token that is none', message: { type: 'auth', access_token: 'wrong' } },
    { name: 'nothing to know anybody by', message: { type: 'auth' } },
    { name: 'a refresh token that is none', message: { type: 'auth', refresh_token: 'wrong' } },
    {
      name: 'a password of nobody',
      message: { type: 'auth', email: 'nobody@example.com', password: 'of nobody' },
    },
    { name: 'another message before it', message: { type: 'ping' } },
    { name: 'what is no JSON', message: '{' },
  ])('fails by $name, and that is the end', async ({ message }) => {
    const socket = await connect();
    socket.send(message);
    expect(await socket.closed).toEqual({ code: 1005, reason: '' });
    expect(socket.messages).toEqual([handshakeFailed]);
  });

  it('fails by ten seconds of silence', async () => {
    const startedMs = performance.now();
    const socket = await connect();
    expect((await socket.closed).code).toBe(1005);
    expect(socket.messages).toEqual([handshakeFailed]);
    expect(performance.now() - startedMs).toBeGreaterThan(9_500);
  });

  it('takes an e-mail address with its password, then the refresh token that it answered', async () => {
    const { api, member } = stage;
    const login = { email: 'member@example.com', password: 'correct horse battery' };
    const hash = await createPasswords({ ln: 10 }).hash(login.password);
    const set = 'update users set email = $1, password_hash = $2 where id = $3';
    await runSql(api.databaseUrl, set, [login.email, hash, member.id]);
    const first = await connect();
    first.send({ type: 'auth', ...login });
    const [welcome] = await first.told(1);
    expect(welcome).toEqual({ type: 'auth', status: 'ok', refresh_token: expect.any(String) });
    const second = await connect();
    second.send({ type: 'auth', refresh_token: welcome.refresh_token });
    const [again] = await second.told(1);
    expect(again).toEqual({ type: 'auth', status: 'ok', refresh_token: expect.any(String) });
    expect(again.refresh_token).not.toBe(welcome.refresh_token);
    expect(api.logged()).not.toContain(login.password);
  });

  it('is not needed with a token in the address, and may be made all the same', async () => {
    const socket = await connect(`/websocket?access_token=${stage.member.token}`);
    socket.send({ type: 'ping' });
    socket.send({ type: 'auth', access_token: stage.member.token });
    expect(await socket.told(2)).toEqual([{ type: 'pong' }, { type: 'auth', status: 'ok' }]);
    expect(stage.api.logged()).not.toContain(stage.member.token.split('-')[1]);
  });

  it('makes nobody somebody else', async () => {
    const socket = await enter(stage.member);
    socket.send({ type: 'auth', access_token: stage.admin.token });
    expect((await socket.closed).code).toBe(1005);
    expect(socket.messages).toEqual([handshakeFailed]);
  });

  it('has no room for an eleventh socket of one user', async () => {
    const user = await stage.api.makeUser(stage.member.organizationId, 'member');
    for (let count = 0; count < 10; count += 1) await enter(user);
    const socket = await connect();
    socket.send({ type: 'auth', access_token: user.token });
    expect(await socket.told(1)).toMatchObject([{ type: 'auth', error: { code: 'REQUESTS_EXCEEDED' } }]);
    await socket.closed;
  });
});

describe('an upgrade', () => {
  it.each([
    { name: 'a token in the address that is none', path: '/websocket?access_token=wrong', origin: undefined },
    { name: 'a page of another origin', path: '/websocket', origin: 'https://evil.example.com' },
  ])('is refused for $name', async ({ path, origin }) => {
    await expect(stage.open(path, origin === undefined ? {} : { origin })).rejects.toThrow(
      /Unexpected server response: 40[13]/,
    );
  });

  it('is granted to a page of an origin that is allowed', async () => {
    const socket = await keep(stage.open('/websocket', { origin: 'https://app.example.com' }));
    socket.send({ type: 'auth', access_token: stage.member.token });
    expect(await socket.told(1)).toEqual([{ type: 'auth', status: 'ok' }]);
  });
});
