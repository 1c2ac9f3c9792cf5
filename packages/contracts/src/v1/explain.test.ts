import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { explainInboxItem, explainNotification } from './explain.ts';

describe('explanations', () => {
  it('are shown in docs/explain.md as the contract shows them', () => {
    const page = readFileSync(new URL('../../../../docs/explain.md', import.meta.url), 'utf8');
    const shown = /```json explanation\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    expect(JSON.parse(shown)).toEqual(explainNotification.responses[200].example);
  });

  it('give the recipient nothing of channels, addresses and what targets said', () => {
    const names = new Set(JSON.stringify(explainInboxItem.responses[200].schema).match(/"[a-z_]+"(?=:)/g));
    for (const name of [
      'channel_id',
      'contact_point_id',
      'attempts',
      'status_code',
      'detail',
      'recipient_id',
    ]) {
      expect(names).not.toContain(`"${name}"`);
    }
  });
});
