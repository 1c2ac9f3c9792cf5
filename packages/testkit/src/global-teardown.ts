const endings: (() => Promise<void>)[] = [];

/** What the global setup has started and the global teardown, in the same process, must end; last first. */
export function keepForTeardown(end: () => Promise<void>): void {
  endings.push(end);
}

/** Jest's global teardown: stops the run's servers and removes their files. */
export async function stopTestServers(): Promise<void> {
  for (const end of endings.splice(0).reverse()) await end();
}
