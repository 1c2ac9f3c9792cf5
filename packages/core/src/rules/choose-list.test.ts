import { describe, expect, it } from '@jest/globals';
import type { RuleId } from '../vocabulary.ts';
import { chooseList, type RuleList } from './choose-list.ts';

const empty: RuleList = { rules: [], repeatTimes: 0, repeatEverySeconds: undefined };
const filled: RuleList = {
  ...empty,
  rules: [{ id: 'r1' as RuleId, position: 0, type: 'notify_by_email', waitSeconds: undefined }],
};

describe('the choice of a list', () => {
  it.each([
    {
      name: 'urgent → the important list',
      urgent: true,
      important: filled,
      default: filled,
      list: 'important',
    },
    {
      name: 'an empty important list inherits',
      urgent: true,
      important: empty,
      default: filled,
      list: 'default',
    },
    {
      name: 'not urgent → the default list',
      urgent: false,
      important: filled,
      default: filled,
      list: 'default',
    },
    {
      name: 'not urgent never takes the other',
      urgent: false,
      important: filled,
      default: empty,
      list: undefined,
    },
    {
      name: 'both empty → preferences alone',
      urgent: true,
      important: empty,
      default: empty,
      list: undefined,
    },
  ])('$name', ({ urgent, important, default: ordinary, list }) => {
    expect(chooseList({ important, default: ordinary }, urgent)).toBe(list);
  });

  it('is none for somebody who never had rules', () => {
    expect(chooseList(undefined, true)).toBeUndefined();
  });
});
