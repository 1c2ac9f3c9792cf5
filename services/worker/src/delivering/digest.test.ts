import { describe, expect, it } from '@jest/globals';
import type {
  ChannelId,
  ContactPointId,
  DeliveryId,
  NotificationId,
  OrganizationId,
  UserId,
} from '@carillon/core';
import type { ClaimedDelivery, LoadedChannel, Policies, UserPolicy } from '@carillon/db';
import { gatherDigests } from './digest.ts';

type Held = {
  heldFor?: ClaimedDelivery['heldFor'];
  user?: string;
  title?: string;
  url?: string;
  message?: unknown;
  category?: string;
};

const channel: LoadedChannel = {
  ...{ id: 'c1' as ChannelId, settings: {}, secrets: null, rate: null },
  ...{ enabled: true, open: false, probeDue: false, paused: false },
};

/** A claimed mail, older ones first. */
function mail(index: number, held: Held = {}): ClaimedDelivery {
  const { heldFor = 'quiet_hours', user = 'ada', title = `Title ${index}`, url, message = null } = held;
  const { category = 'general' } = held;
  const at = new Date(Date.UTC(2026, 2, 1, 22, index));
  return {
    ...{ id: `d${index}` as DeliveryId, kind: 'email', leaseToken: 'l', address: `${user}@example.org` },
    channel,
    channels: [channel],
    ...{
      userExternalId: user,
      now: at,
      attemptsMade: 0,
      crashes: 0,
      message,
      heldFor,
      isDigest: false,
      wasRateLimited: false,
      pastExpiry: false,
      attemptsBeforeReplay: 0,
      run: null,
    },
    ...{
      contactPointId: `p-${user}` as ContactPointId,
      addressBadReason: null,
      paused: false,
      userExists: true,
    },
    notification: {
      id: `n${String(index).padStart(3, '0')}` as NotificationId,
      organizationId: 'o1' as OrganizationId,
      recipientId: user as UserId,
      ...{ title, body: 'Body', category, urgent: false, url: url ?? null, icon: null },
      ...{ actions: [], data: {}, kinds: null, environment: '', project: '', templateId: null },
      ...{
        templateVersion: null,
        inboxAlways: false,
        isReminder: false,
        createdAt: at,
        expiresAt: null,
        cancelledAt: null,
      },
      ...{ deletedAt: null, readAt: null, dismissedAt: null, acknowledgedAt: null },
      ...{ requestId: null, traceparent: null },
    },
  } as ClaimedDelivery;
}

/** A user of an organization that speaks German. */
function reader(locale: string | undefined): UserPolicy {
  return {
    ...{ organizationId: 'o1' as OrganizationId, version: 0, rows: [], templateRows: [], window: undefined },
    ...{ urgentPasses: true, muteUntil: undefined, zone: 'UTC', organizationZone: 'UTC', locale },
    organizationLocale: 'de',
  };
}

const people = { digests: true };
const nobody: Policies['users'] = new Map();
const ids = (deliveries: readonly ClaimedDelivery[]) => deliveries.map((one) => one.id);

describe('held deliveries', () => {
  it.each([
    {
      name: 'three to one target become one message',
      given: [mail(1), mail(2), mail(3)],
      digests: ['d3: d2 d1'],
    },
    { name: 'two go as they are', given: [mail(1), mail(2)], digests: [] },
    {
      name: 'two become one message where their category asks for it',
      given: [mail(1, { heldFor: 'digest' }), mail(2)],
      digests: ['d2: d1'],
    },
    {
      name: 'those of two people stay apart',
      given: [mail(1), mail(2), mail(3, { user: 'bob' }), mail(4, { user: 'bob' })],
      digests: [],
    },
    {
      name: 'what was not held goes by itself',
      given: [mail(1), mail(2), mail(3, { heldFor: null })],
      digests: [],
    },
    {
      name: 'what was tried before goes by itself',
      given: [mail(1), mail(2), mail(3, { message: { title: 'Kept' } })],
      digests: [],
    },
  ])('$name', ({ given, digests }) => {
    const gathered = gatherDigests(given, people, nobody);
    expect(gathered.digests.map((one) => `${one.carrier.id}: ${ids(one.members).join(' ')}`)).toEqual(
      digests,
    );
    const told = gathered.digests.flatMap((one) => [one.carrier, ...one.members]);
    expect(ids([...gathered.alone, ...told]).toSorted()).toEqual(ids(given).toSorted());
  });

  it('stay apart where the target is a machine', () => {
    const held = [mail(1), mail(2), mail(3)];
    expect(gatherDigests(held, { digests: false }, nobody)).toEqual({ alone: held, digests: [] });
  });

  it('are told newest first, with their links, and counted beyond twenty', () => {
    const held = Array.from({ length: 23 }, (_, index) =>
      mail(index, { url: `https://example.org/${index}` }),
    );
    const message = gatherDigests(held, people, nobody).digests[0]?.message;
    expect(message?.title).toBe('23 notifications while you were away');
    expect(message?.text.split('\n')[0]).toContain('Title 22');
    expect(message?.html).toContain('<a href="https://example.org/22"');
    expect(message?.text).toContain('and 3 more.');
    expect(message?.text).not.toContain('Title 2 ');
  });

  it('are told in the language of each recipient, else of the organization', () => {
    const held = ['ada', 'bob', 'eve'].flatMap((user) =>
      Array.from({ length: 23 }, (_, index) => mail(index, { user })),
    );
    const users = new Map([
      ['ada' as UserId, reader('pl-PL')],
      ['bob' as UserId, reader(undefined)],
    ]);
    const { digests } = gatherDigests(held, people, users);
    expect(digests.map(({ message }) => message.title)).toEqual([
      '23 powiadomienia podczas Twojej nieobecności',
      '23 Benachrichtigungen während Ihrer Abwesenheit',
      '23 notifications while you were away',
    ]);
    expect(digests.map(({ message }) => message.text.trim().split('\n').at(-1))).toEqual([
      ...['i jeszcze 3.', 'und 3 weitere.', 'and 3 more.'],
    ]);
    expect(digests[0]?.message.notification.title).toBe(digests[0]?.message.title);
  });

  it.each([
    { name: 'the category that they all have', categories: ['a', 'a', 'a'], category: 'a' },
    { name: 'all that is not mandatory, of several categories', categories: ['a', 'b', 'a'], category: '' },
  ])('can be switched off for $name', ({ categories, category }) => {
    const held = categories.map((one, index) => mail(index, { category: one }));
    const users = new Map([['ada' as UserId, reader('pl-PL')]]);
    const message = gatherDigests(held, people, users).digests[0]?.message;
    expect(message?.unsubscribe).toEqual({ category, locales: ['pl-PL', 'de'] });
  });

  it('show titles as they are, whatever means something in Markdown or HTML', () => {
    const hostile = [
      '<script>alert(1)</script>',
      '[click](https://evil.example)',
      '**bold** `x` # y',
      '1. one',
    ];
    const held = hostile.map((title, index) => mail(index, { title }));
    const html = gatherDigests(held, people, nobody).digests[0]?.message.html ?? '';
    expect(html).not.toMatch(/<script|<a |<strong|<code|<h1|<ol/);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).toContain('**bold** `x` # y');
    expect(html).toContain('[click](https://evil.example)');
  });
});
