import { readFileSync } from 'node:fs';
import { externalKinds } from '@carillon/core';
import { describe, expect, it } from '@jest/globals';
import { catalogue } from './catalogue.ts';
import { adapters } from './registry.ts';

const source = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('every channel kind', () => {
  it.each(externalKinds)('%s has a description, an adapter and a test that runs the battery', (kind) => {
    expect(catalogue[kind].kind).toBe(kind);
    expect(adapters[kind]).toBeInstanceOf(Function);
    expect(source(`./${kind}/schema.ts`)).toContain('KindDescription');
    expect(source(`./${kind}/send.ts`)).toContain('Adapter');
    expect(source(`./${kind}/send.test.ts`)).toContain('it.each(adapterBattery(');
  });

  it.each(externalKinds)('%s waits for tries in a schedule of rising or equal delays', (kind) => {
    const { retryScheduleMs, slots } = catalogue[kind];
    expect(retryScheduleMs.length).toBeGreaterThan(0);
    expect([...retryScheduleMs]).toEqual(retryScheduleMs.toSorted((a, b) => a - b));
    expect(slots).toBeGreaterThan(0);
  });

  it.each(externalKinds)('%s has a page that names each of its settings', (kind) => {
    const chapters = source('../../../docs/channels.md').split('\n## ');
    const page =
      chapters.find((chapter) => chapter.startsWith(`\`${kind}\``)) ??
      source(`../../../docs/channels/${kind}.md`);
    const { settings } = catalogue[kind];
    const names = Object.keys('properties' in settings ? Object(settings.properties) : {});
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    expect(source('../../../docs/channels.md')).toContain(`| [\`${kind}\`](`);
  });

  it('is in the vocabulary, and nothing else has an adapter', () => {
    expect(Object.keys(catalogue).toSorted()).toEqual([...externalKinds].toSorted());
    expect(Object.keys(adapters).toSorted()).toEqual([...externalKinds].toSorted());
  });
});

describe('the catalogue', () => {
  it('can be imported without loading what sends', () => {
    const loaded = modulesLoadedBy('catalogue-index.ts');
    expect(loaded).toContain('ajv');
    for (const sender of ['nodemailer', 'undici', 'standardwebhooks', 'web-push', 'jose'])
      expect(loaded).not.toContain(sender);
  });

  it('is told apart by this test from what does send', () => {
    expect(modulesLoadedBy('index.ts')).toEqual(
      expect.arrayContaining(['nodemailer', 'undici', 'standardwebhooks', 'web-push', 'jose']),
    );
  });
});

/** Names of the packages that a file of ours imports for their values, itself or through other files of ours. */
function modulesLoadedBy(entry: string): string[] {
  const seen = new Set<string>();
  const packages = new Set<string>();
  collect(new URL(entry, import.meta.url));
  return [...packages];

  function collect(file: URL): void {
    if (seen.has(file.href)) return;
    seen.add(file.href);
    const text = readFileSync(file, 'utf8');
    for (const [, , target = ''] of text.matchAll(/^(?:import|export) (?!type )([^;]*? from )?'([^']+)'/gm)) {
      if (target.startsWith('.')) collect(new URL(target, file));
      else packages.add(target);
    }
  }
}
