import { createHash } from 'node:crypto';
import { compileContent, templatesOf, type CompiledContentResult, type TemplateContent } from './content.ts';

/** Contents that were compiled, so that each is compiled once. */
export interface ContentCache {
  /** Compiles on first sight. Also refusals are kept: a broken template costs no more than a sound one. */
  compiled(content: TemplateContent): CompiledContentResult;
}

export interface ContentCacheOptions {
  countMax: number;
  /** Roughly what all of it may take in memory. */
  bytesMax: number;
}

interface Kept {
  result: CompiledContentResult;
  bytes: number;
}

/** A compiled part is a few functions over each other. */
const bytesOfNode = 500;

/** Keeps the contents used last, found by a hash of all their sources. */
export function createContentCache({ countMax, bytesMax }: ContentCacheOptions): ContentCache {
  const kept = new Map<string, Kept>();
  // A batch holds the same object many times; hashing it once is enough.
  const keys = new WeakMap<TemplateContent, string>();
  let bytes = 0;

  function compile(content: TemplateContent): Kept {
    const result = compileContent(content);
    const templates = result.outcome === 'compiled' ? templatesOf(result.content) : [];
    const nodes = templates.reduce((sum, template) => sum + template.nodes, 0);
    return { result, bytes: sourcesOf(content).length + nodes * bytesOfNode };
  }

  function drop(key: string): void {
    bytes -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  }

  return {
    compiled(content) {
      const key = keys.get(content) ?? hashOf(content);
      keys.set(content, key);
      const one = kept.get(key) ?? compile(content);
      // Put behind all others: the first one is the one not used for longest.
      drop(key);
      kept.set(key, one);
      bytes += one.bytes;
      for (const oldest of kept.keys()) {
        if (kept.size <= countMax && bytes <= bytesMax) break;
        drop(oldest);
      }
      return one.result;
    },
  };
}

function hashOf(content: TemplateContent): string {
  return createHash('sha256').update(sourcesOf(content)).digest('base64');
}

function sourcesOf(content: TemplateContent): string {
  const { title, body, actions, url, icon, partials, layout, mailLayout, onMissing } = content;
  return JSON.stringify([title, body, actions, url, icon, partials, layout, mailLayout, onMissing]);
}
