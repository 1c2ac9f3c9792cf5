import { describe, expect, it } from '@jest/globals';
import { CarillonError, type TemplateVersion } from '@carillon/client';
import { draftOf, hasWording, isSameDraft, problemsAt, problemsOf, readDraft } from './draft.ts';

const version: TemplateVersion = {
  ...{ version: 3, layout: 'plain', mail_layout: null, on_missing: 'refuse', created_by: null },
  ...{ created_at: '2026-11-21T12:00:00Z', published_at: null },
  variants: [{ kind: 'email', locale: 'de-CH', title: 'T', body: 'B', actions: [], url: null, icon: null }],
  ...{ data_schema: { type: 'object' }, sample_data: { n: 1 } },
};

describe('a draft', () => {
  it('says the same as the version that it was made of', () => {
    const { variants, layout, mail_layout, on_missing, data_schema, sample_data } = version;
    expect(readDraft(draftOf(version))).toEqual({
      body: { variants, layout, mail_layout, on_missing, data_schema, sample_data },
    });
  });

  it('of nothing has one wording for every kind and language', () => {
    const read = readDraft(draftOf(undefined));
    expect(read).toMatchObject({ body: { variants: [{ kind: '', locale: '' }], data_schema: null } });
  });

  it('tells where its JSON is none', () => {
    const draft = { ...draftOf(version), sample: '{\n"n": }', schema: '[]' };
    expect(readDraft(draft)).toMatchObject({
      problems: [
        { place: '/sample_data', line: 2, column: 6 },
        { place: '/data_schema', line: 1 },
      ],
    });
  });

  it('is another as soon as a letter is', () => {
    const draft = draftOf(version);
    expect(isSameDraft(draft, draftOf(version))).toBe(true);
    expect(isSameDraft(draft, { ...draft, sample: `${draft.sample} ` })).toBe(false);
  });

  it('has a wording for a language in any case of letters', () => {
    expect(hasWording(draftOf(version), 'email', 'de-ch ')).toBe(true);
    expect(hasWording(draftOf(version), '', 'de-CH')).toBe(false);
  });
});

describe('what the API finds wrong', () => {
  const error = new CarillonError('x', {
    ...{ code: 'template.syntax', retryable: false },
    errors: [
      { pointer: '/draft/variants/0/body', detail: 'no end', line: 2, column: 9 },
      { pointer: '/variants/10/body', detail: 'other' },
      { pointer: '/variants/1/actions/0/url', detail: 'no address' },
    ],
  });

  it('is at places of the version, whether a preview or publishing found it', () => {
    expect(problemsOf(error)[0]).toEqual({ place: '/variants/0/body', detail: 'no end', line: 2, column: 9 });
  });

  it('is found by its place, and not at one that begins alike', () => {
    const details = (place: string) => problemsAt(problemsOf(error), place).map(({ detail }) => detail);
    expect(details('/variants/1')).toEqual(['no address']);
    expect(details('/variants/0/body')).toEqual(['no end']);
  });

  it('is nothing where something else went wrong', () => {
    expect(problemsOf(new Error('x'))).toEqual([]);
  });
});
