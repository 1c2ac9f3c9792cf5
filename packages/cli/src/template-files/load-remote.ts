import type { Carillon, Template } from '@carillon/client';
import type { Progress } from '../terminal/progress.ts';
import type { RemoteSet, RemoteTemplate } from './plan.ts';
import { settingsOf, sourcesOf, unixLines } from './template-source.ts';

export interface RemoteWish {
  /** Whose texts are needed; those of the others are not asked for. */
  needsTexts: (template: Template) => boolean;
  /** Made once it is known how many calls there are. */
  progress: (total: number) => Progress;
}

/** Calls that are on their way at once. */
const atOnce = 6;

/** What the organization has: its templates, with the texts that are needed, its partials and its layouts. */
export async function loadRemote(carillon: Carillon, wish: RemoteWish): Promise<RemoteSet> {
  const listed: Template[] = [];
  for await (const template of carillon.templates.list({ limit: 200 })) listed.push(template);
  const { data: parts } = await carillon.templateParts.list();
  const progress = wish.progress(listed.length + parts.length);
  const counted = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work;
    progress.advance(1);
    return result;
  };
  try {
    return {
      templates: await eachOf(listed, (template) =>
        counted(loadTemplate(carillon, template, wish.needsTexts(template))),
      ),
      parts: await eachOf(parts, async ({ part, key, updated_at: updatedAt }) => {
        const { source } = await counted(carillon.templateParts.get(part, key));
        return { part, key, source: unixLines(source), updatedAt };
      }),
    };
  } finally {
    progress.end();
  }
}

async function loadTemplate(
  carillon: Carillon,
  template: Template,
  needsTexts: boolean,
): Promise<RemoteTemplate> {
  const { key, source, published_version: published, latest_version: latest } = template;
  const load = async (version: number | null) => {
    if (version === null || !needsTexts) return undefined;
    const whole = await carillon.templateVersions.get(key, version);
    return { version, at: whole.published_at ?? '', sources: sourcesOf(whole) };
  };
  return {
    ...{ key, settings: settingsOf(template), isSystem: source === 'system' },
    published: await load(published),
    draft: latest !== null && latest > (published ?? 0) ? await load(latest) : undefined,
  };
}

/** Works through a list, a few at a time, and answers in its order. */
async function eachOf<In, Out>(list: readonly In[], work: (one: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  const entries = list.entries();
  const lane = async (): Promise<void> => {
    for (const [index, one] of entries) results[index] = await work(one);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, lane));
  return results;
}
