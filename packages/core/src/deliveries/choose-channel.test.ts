import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ChannelId } from '../vocabulary.ts';
import { channelAfter, chooseChannel, type ChannelStanding } from './choose-channel.ts';

/** `a` works, `a!` is open, `a?` is open and to be probed, `a-` is switched off, `a=` is paused. */
function standing(text: string): ChannelStanding {
  const [id = '', mark] = text;
  return {
    id: id as ChannelId,
    enabled: mark !== '-',
    open: mark === '!' || mark === '?',
    probeDue: mark === '?',
    paused: mark === '=',
  };
}

describe('the channel that a delivery takes', () => {
  it.each([
    { name: 'the one that it was assigned to', channels: ['a', 'b'], assigned: 'b', expected: 'b' },
    { name: 'another one when its own is open', channels: ['a!', 'b'], assigned: 'a', expected: 'b' },
    { name: 'an earlier one when its own is open', channels: ['a', 'b!'], assigned: 'b', expected: 'a' },
    {
      name: 'its own as a probe when that is due',
      channels: ['a?', 'b'],
      assigned: 'a',
      expected: 'a probe',
    },
    { name: 'none while all are open', channels: ['a!', 'b!'], assigned: 'a', expected: 'none' },
    { name: 'none that is switched off', channels: ['a!', 'b-'], assigned: 'a', expected: 'none' },
    { name: 'none that is paused', channels: ['a!', 'b='], assigned: 'a', expected: 'none' },
    { name: 'its own though another probe is due', channels: ['a?', 'b'], assigned: 'b', expected: 'b' },
  ])('is $name', ({ channels, assigned, expected }) => {
    const all = channels.map(standing);
    const own = all.find(({ id }) => id === assigned);
    const choice = own && chooseChannel(all, own);
    expect(choice === undefined ? 'none' : `${choice.channel.id}${choice.isProbe ? ' probe' : ''}`).toBe(
      expected,
    );
  });

  it.each([
    { name: 'the next in order', channels: ['a', 'b', 'c'], failed: 'a', expected: 'b' },
    { name: 'past those that cannot', channels: ['a', 'b!', 'c-', 'd=', 'e'], failed: 'a', expected: 'e' },
    { name: 'none at the end', channels: ['a', 'b'], failed: 'b', expected: undefined },
    { name: 'none where there is one only', channels: ['a'], failed: 'a', expected: undefined },
    { name: 'none when its own was removed', channels: ['a'], failed: 'z', expected: undefined },
  ])('is after a failure $name', ({ channels, failed, expected }) => {
    expect(channelAfter(channels.map(standing), failed as ChannelId)?.id).toBe(expected);
  });

  it('is never one that is switched off, or open without a probe, unless it was assigned so', () => {
    const marks = fc.array(fc.constantFrom('', '!', '?', '-', '='), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(marks, fc.nat(), (all, pick) => {
        const channels = all.map((mark, index) => standing(`${'abcdef'[index] ?? 'a'}${mark}`));
        const assigned = channels[pick % channels.length];
        const choice = assigned && chooseChannel(channels, assigned);
        const { channel, isProbe } = choice ?? {};
        const isFit = (one: ChannelStanding) => one.enabled && !one.paused && (!one.open || one.probeDue);
        expect(choice !== undefined || !channels.some(isFit)).toBe(true);
        expect(channel === undefined || channel.id === assigned?.id || isFit(channel)).toBe(true);
        expect(isProbe === true).toBe(channel?.open === true);
      }),
    );
  });
});
