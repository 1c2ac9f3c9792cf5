/**
 * @typedef {import('oxc-parser').Node} Node
 * @typedef {{ [Type in Node['type']]?: (node: Extract<Node, { type: Type }>) => void }} Handlers
 */

/**
 * Calls the handler of each node's type, in the order of the source. The parser's own visitor loads a module in
 * a way that the test runner cannot, and a walk over a plain tree is short.
 *
 * @param {unknown} value A node, a list of nodes, or anything else, which is passed over.
 * @param {Handlers} handlers
 */
export function walkCode(value, handlers) {
  if (Array.isArray(value)) {
    for (const item of value) walkCode(item, handlers);
    return;
  }
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return;
  if (isNode(value)) {
    const handle = /** @type {((node: Node) => void) | undefined} */ (handlers[value.type]);
    handle?.(value);
  }
  for (const child of Object.values(value)) walkCode(child, handlers);
}

/**
 * @param {object} value
 * @returns {value is Node}
 */
function isNode(value) {
  return 'type' in value && typeof value.type === 'string' && 'start' in value;
}
