import { describe, expect, it } from '@jest/globals';
import { createElement, type ReactElement } from 'react';
import { renderToString } from 'react-dom/server';
import { createCarillon } from '@carillon/client';
import { Bell, CarillonProvider, useConnection, useCounts, useInbox, usePreferences } from '../src/index.ts';

function Page(): ReactElement {
  const { items, isLoaded, connection } = useInbox({ status: 'unread', onArrive: () => undefined });
  const { table, isLoaded: arePreferencesLoaded } = usePreferences();
  const { status } = useConnection();
  const counts = useCounts();
  const shown = { items, isLoaded, connection, table, arePreferencesLoaded, status, counts };
  return createElement('pre', null, JSON.stringify(shown));
}

describe('rendering on a server', () => {
  it('shows an inbox that is not loaded, and asks nothing of anybody', async () => {
    const calls: unknown[] = [];
    const fetch: typeof globalThis.fetch = async (input) => {
      calls.push(input);
      throw new Error('a server must not call');
    };
    const token = (): string => {
      calls.push('token');
      return 'token';
    };
    const html = renderToString(
      createElement(
        CarillonProvider,
        { url: 'https://carillon.example.com', token, options: { fetch } },
        createElement(Page),
      ),
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toEqual([]);
    expect(JSON.parse(html.replaceAll('&quot;', '"').replaceAll(/<[^>]+>/g, ''))).toEqual({
      ...{ items: [], isLoaded: false, table: [], arePreferencesLoaded: false },
      ...{ connection: { state: 'connecting' }, status: { state: 'connecting' } },
    });
  });

  it('takes a client of your own', () => {
    const client = createCarillon({ url: 'https://carillon.example.com' });
    const tree = createElement(CarillonProvider, { client }, createElement(Page));
    expect(renderToString(tree)).toContain('connecting');
  });

  it('leaves a place for the bell, without a token in it', () => {
    const bell = createElement(Bell, {
      className: 'bell',
      theme: 'dark',
      lang: 'de',
      style: { color: 'red' },
    });
    const source = { url: 'https://carillon.example.com', token: 'a-secret' };
    const html = renderToString(createElement(CarillonProvider, source, bell));
    expect(html).toBe(
      '<carillon-inbox theme="dark" lang="de" style="color:red" class="bell"></carillon-inbox>',
    );
    expect(renderToString(createElement(Bell, source))).toBe('<carillon-inbox></carillon-inbox>');
  });

  it('says what is missing around a hook or a bell', () => {
    expect(() => renderToString(createElement(Page))).toThrow('<CarillonProvider>');
    expect(() => renderToString(createElement(Bell))).toThrow('`url` and a `token`');
  });
});
