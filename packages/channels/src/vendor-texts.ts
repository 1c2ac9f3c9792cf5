import type { HttpDoor, HttpDoorDeps } from './http.ts';

/** Asks vendors for what checks their callbacks. */
export interface VendorTexts {
  /** The text at an address; undefined when it could not be had. */
  get(url: string): Promise<string | undefined>;
  stop(): Promise<void>;
}

const withinMs = 5_000;

/** What sends is loaded at the first question: hardly any installation asks one. */
export function createVendorTexts(deps: HttpDoorDeps): VendorTexts {
  let opened: Promise<HttpDoor> | undefined;
  const open = async () => (await import('./http.ts')).createHttpDoor(deps);
  return {
    async get(url) {
      opened ??= open();
      const door = await opened;
      const answer = await door.get({ url, headers: {}, signal: AbortSignal.timeout(withinMs) });
      const isWhole = answer.reached && answer.complete && answer.statusCode === 200;
      return isWhole ? answer.body : undefined;
    },
    async stop() {
      await (await opened)?.stop();
    },
  };
}
