/** Asks until there is an answer; undefined when there is none within `withinMs`. */
export async function poll<T>(ask: () => Promise<T | undefined>, withinMs: number): Promise<T | undefined> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || performance.now() > endMs) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
