interface OpenThing {
  label: string;
  close(): Promise<void>;
}

const registryKey = Symbol.for('carillon.testkit.open');

/**
 * Writes down that a suite has started something it must end itself. What is still written down when the
 * suite is over is closed, and the suite fails naming it. Returns what strikes it off the list.
 */
export function trackOpen(label: string, close: () => Promise<void>): () => void {
  const registry = openThings();
  const key = Symbol(label);
  registry.set(key, { label, close });
  return () => {
    registry.delete(key);
  };
}

/** The list lives on the global object, where the test environment can see it from outside the suite's modules. */
function openThings(): Map<symbol, OpenThing> {
  const known: unknown = Reflect.get(globalThis, registryKey);
  if (known instanceof Map) return known;
  const registry = new Map<symbol, OpenThing>();
  Reflect.set(globalThis, registryKey, registry);
  return registry;
}
