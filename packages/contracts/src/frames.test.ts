import { describe, expect, it } from '@jest/globals';
import { frameErrorCodes, parseClientFrame, resyncReasons, ServerFrame } from './frames.ts';
import { inboxItemExample } from './v1/inbox-item.ts';
import { samplePosition as position } from './v1/samples.ts';
import { makeAjv } from './validate.ts';

const isServerFrame = makeAjv({ allErrors: false }).compile(ServerFrame);
const counts = { unread: 1, unseen: 0 };

describe('ServerFrame', () => {
  it.each([
    { type: 'ready', position, counts },
    { type: 'changes', position, placed: [inboxItemExample], changed: [], deleted: [], counts },
    { type: 'heartbeat', position },
    ...resyncReasons.map((reason) => ({ type: 'resync', position, counts, reason })),
    ...frameErrorCodes.map((code) => ({ type: 'error', code, message: 'x' })),
  ])('knows $type', (frame) => expect(isServerFrame(frame)).toBe(true));

  it.each([
    { name: 'a frame of unknown type', frame: { type: 'pong', position } },
    { name: 'a frame without a position', frame: { type: 'ready', counts } },
    {
      name: 'a field that the frame does not have',
      frame: { type: 'heartbeat', position, organization_id: 'x' },
    },
    { name: 'a reason that is not listed', frame: { type: 'resync', position, counts, reason: 'because' } },
  ])('refuses $name', ({ frame }) => expect(isServerFrame(frame)).toBe(false));
});

describe('parseClientFrame', () => {
  it('takes a ping', () => expect(parseClientFrame('{"type":"ping"}')).toEqual({ type: 'ping' }));

  it.each([
    '',
    '{',
    'null',
    '"ping"',
    '{"type":"subscribe"}',
    '{"type":"ping","user":"x"}',
    '[]',
    '{"type":"ping"}{}',
  ])('refuses %s', (message) => expect(parseClientFrame(message)).toBeUndefined());
});
