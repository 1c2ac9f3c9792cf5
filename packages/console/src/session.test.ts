import { describe, expect, it } from '@jest/globals';
import { createSessionKeeper, type Session } from './session.ts';

/** A store as the browser has it for one tab. */
function makeStore(): Storage & { texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    get length() {
      return texts.size;
    },
    clear: () => texts.clear(),
    getItem: (name) => texts.get(name) ?? null,
    key: () => null,
    removeItem: (name) => void texts.delete(name),
    setItem: (name, text) => void texts.set(name, text),
  };
}

const sessions: Session[] = [
  { by: 'token', token: 'a-b' },
  { by: 'password', accessToken: 'x.y.z', refreshToken: 'r' },
];

describe('a session', () => {
  it.each(sessions)('of $by is there again after the page was loaded anew', (session) => {
    const store = makeStore();
    createSessionKeeper(store).save(session);
    expect(createSessionKeeper(store).load()).toEqual(session);
  });

  it('leaves nothing behind when it ends', () => {
    const store = makeStore();
    const keeper = createSessionKeeper(store);
    keeper.save({ by: 'token', token: 'a-b' });
    keeper.clear();
    expect(keeper.load()).toBeUndefined();
    expect(store.texts.size).toBe(0);
  });

  it('lives as long as the page where the browser keeps nothing', () => {
    const keeper = createSessionKeeper(undefined);
    keeper.save({ by: 'token', token: 'a-b' });
    expect(keeper.load()).toEqual({ by: 'token', token: 'a-b' });
  });

  it.each(['', 'null', '{', '"token"', '{"by":"token"}', '{"by":"password","accessToken":"x"}'])(
    'is none where %p was stored',
    (text) => {
      const store = makeStore();
      store.setItem('carillon.console.session', text);
      expect(createSessionKeeper(store).load()).toBeUndefined();
    },
  );
});
