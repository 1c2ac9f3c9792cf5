import {
  createContentCache,
  isPlainContent,
  renderNotification,
  type RenderRequest,
  type RenderResult,
  type TemplateContent,
} from '@carillon/core';

/** Renders one request here and now; undefined when it belongs into the thread. */
export type RenderPlain = (request: RenderRequest) => RenderResult | undefined;

/** Of all texts that a template can read: with the limits of plain contents it bounds one rendering to a millisecond. */
const readLengthMax = 8 * 1024;
/** What one batch may take of the main thread; its rest goes into the other one. */
const batchMs = 20;

/**
 * For plain texts with flat and short data: they cannot run away, and handing one over and back costs several times what
 * rendering it does. Each call of the result begins a batch.
 */
export function createPlainRenderer({ contentsMax }: { contentsMax: number }): () => RenderPlain {
  const cache = createContentCache({ countMax: contentsMax, bytesMax: 16 * 1024 * 1024 });
  const known = new WeakMap<TemplateContent, boolean>();

  function isPlain(content: TemplateContent): boolean {
    const answer = known.get(content) ?? isPlainContent(content);
    known.set(content, answer);
    return answer;
  }

  return () => {
    const endMs = performance.now() + batchMs;
    return (request) => {
      if (!isPlain(request.content) || readLength(request) > readLengthMax) return undefined;
      return performance.now() > endMs ? undefined : renderNotification(cache, request);
    };
  };
}

/** Infinite where anything is no text, number, yes or no: what that is printed as is for the thread to find out. */
function readLength({ data, context }: RenderRequest): number {
  const { user, organization, notification = {} } = context;
  return lengthOf(data) + lengthOf(user) + lengthOf(organization) + lengthOf(notification);
}

function lengthOf(values: Readonly<Record<string, unknown>>): number {
  let length = 0;
  for (const key of Object.keys(values)) {
    const value = values[key];
    length += key.length;
    if (typeof value === 'string') length += value.length;
    else if (!isSmall(value)) return Number.POSITIVE_INFINITY;
  }
  return length;
}

function isSmall(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'boolean' || Number.isFinite(value);
}
