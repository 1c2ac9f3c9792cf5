/**
 * What suites import as `@jest/globals`. Suites and all that they import are Node's own modules, loaded once in each
 * of Jest's processes; Jest hands its globals to each suite anew, and these pass every call on to those of the suite
 * that runs.
 */

/** @type {Record<string, any>} */
let current = {};
/** @type {Map<unknown, unknown>} */
let innerTypes = new Map();

/**
 * @param {Record<string, unknown>} globals as Jest gives them to this suite
 * @param {Record<string, unknown>} inner the global object of Jest's sandbox, where `expect` lives
 */
export function useGlobals(globals, inner) {
  current = globals;
  innerTypes = new Map([String, Number, Boolean, Function, Object].map((type) => [type, inner[type.name]]));
}

const passOn = (/** @type {string} */ name) =>
  new Proxy(() => undefined, {
    apply: (_target, _self, given) => current[name](...given),
    get: (_target, key) => current[name][key],
  });

export const [afterAll, afterEach, beforeAll, beforeEach, describe, it, jest] = [
  ...['afterAll', 'afterEach', 'beforeAll', 'beforeEach', 'describe', 'it', 'jest'].map(passOn),
];

/** `expect.any` knows the types of plain values by identity, and those of Jest's sandbox are others than ours. */
const any = (/** @type {unknown} */ type) => current['expect'].any(innerTypes.get(type) ?? type);

export const expect = new Proxy(() => undefined, {
  apply: (_target, _self, given) => current['expect'](...given),
  get: (_target, key) => (key === 'any' ? any : current['expect'][key]),
});
