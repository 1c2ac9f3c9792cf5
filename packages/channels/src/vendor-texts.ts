import type { HttpDoor, HttpDoorDeps } from './http.ts';

/** Asks vendors for what checks their callbacks. */
export interface VendorTexts {
  /** The text at an address; undefined when it could not be had. */
  get(url: string): Promise<string | undefined>;
  /** As `get`, for what never changes at its address: it is asked for once. */
  getOnce(url: string): Promise<string | undefined>;
  stop(): Promise<void>;
}

const withinMs = 5_000;
/** Texts that are kept: a service has one certificate at a time, and a new one once a year. */
const keptMax = 32;

/** What sends is loaded at the first question: hardly any installation asks one. */
export function createVendorTexts(deps: HttpDoorDeps): VendorTexts {
  let opened: Promise<HttpDoor> | undefined;
  const open = async () => (await import('./http.ts')).createHttpDoor(deps);
  const kept = new Map<string, Promise<string | undefined>>();

  async function get(url: string): Promise<string | undefined> {
    opened ??= open();
    const door = await opened;
    const answer = await door.get({ url, headers: {}, signal: AbortSignal.timeout(withinMs) });
    const isWhole = answer.reached && answer.complete && answer.statusCode === 200;
    return isWhole ? answer.body : undefined;
  }

  return {
    get,
    async getOnce(url) {
      const asked = kept.get(url) ?? get(url);
      kept.set(url, asked);
      const [oldest] = kept.keys();
      if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest);
      const text = await asked;
      if (text === undefined) kept.delete(url);
      return text;
    },
    async stop() {
      await (await opened)?.stop();
    },
  };
}
