/**
 * @typedef {{ $ref?: string, const?: unknown, enum?: unknown[], type?: string | string[], description?: string | undefined,
 *   properties?: Record<string, Schema>, required?: string[], items?: Schema, anyOf?: Schema[],
 *   additionalProperties?: boolean | Schema, maxProperties?: number }} Schema
 * @typedef {{ operationId: string, parameters?: { name: string, in: string, schema?: Schema, description?: string }[],
 *   requestBody?: { content: Record<string, { schema: Schema }> },
 *   responses: Record<string, { content?: Record<string, { schema?: Schema }> }> }} Operation
 * @typedef {{ paths: Record<string, Record<string, Operation>>,
 *   components: { schemas: Record<string, Schema> } }} Document
 */

/**
 * The types of the wire as TypeScript that needs nothing else, with the words of the document as comments: stands in
 * the published package in the place of src/wire.ts, and exports the same names.
 *
 * @param {Document} document
 * @returns {string}
 */
export function wireSource({ paths, components }) {
  const named = Object.entries(components.schemas).map(
    ([name, schema]) => `${comment(schema.description)}export type ${name} = ${typeOf(schema)};`,
  );
  const operations = Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .map((operation) => `  ${operation.operationId}: ${operationType(operation)};`);
  return `${named.join('\n\n')}

interface Operations {
${operations.join('\n')}
}

/** Every call of the API by its \`operationId\`. */
export type OperationName = keyof Operations;
/** What a call takes in its body. */
export type Body<Name extends OperationName> = Operations[Name]['body'];
/** What a call takes in its query: the server fills in what is left out. */
export type Query<Name extends OperationName> = Operations[Name]['query'];
/** What a call answers when all is well; undefined where it answers nothing. */
export type Answer<Name extends OperationName> = Operations[Name]['answer'];
`;
}

/**
 * @param {Operation} operation
 * @returns {string}
 */
function operationType({ parameters = [], requestBody, responses }) {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const query = Object.fromEntries(
    inQuery.map(({ name, schema = {}, description }) => [name, { description, ...schema }]),
  );
  const answers = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, { content }]) => content?.['application/json']?.schema);
  const types = answers.map((schema) => (schema === undefined ? 'undefined' : typeOf(schema)));
  const body = requestBody?.content['application/json']?.schema;
  return `{ body: ${body === undefined ? 'undefined' : typeOf(body)}; query: ${
    inQuery.length === 0 ? 'undefined' : objectType({ properties: query })
  }; answer: ${[...new Set(types)].join(' | ')} }`;
}

/**
 * @param {Schema} schema
 * @returns {string}
 */
function typeOf(schema) {
  if (schema.$ref !== undefined) return schema.$ref.replace(/^.*\//, '');
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf !== undefined && schema.properties === undefined)
    return schema.anyOf.map(typeOf).join(' | ');
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return types.map((type) => plainType(type, schema)).join(' | ');
}

/**
 * @param {string | undefined} type
 * @param {Schema} schema
 * @returns {string}
 */
function plainType(type, schema) {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `(${typeOf(schema.items ?? {})})[]`;
    case 'object':
      return choicesOf(schema).map(objectType).join(' | ');
    default:
      throw new Error(`No type for ${JSON.stringify(schema)}`);
  }
}

/**
 * An object of which one of several sets of fields is given: where the schema says that one of them stands alone.
 * Other rules about what goes together are the server's to tell.
 *
 * @param {Schema} schema
 * @returns {Schema[]}
 */
function choicesOf(schema) {
  const { anyOf = [], properties = {} } = schema;
  if (!anyOf.some(({ maxProperties }) => maxProperties !== undefined)) return [schema];
  return anyOf.map(({ required = [], maxProperties, properties: changed = {} }) => {
    const kept = Object.entries(properties).filter(([name]) =>
      maxProperties === undefined ? !(name in changed) : required.includes(name),
    );
    return { properties: Object.fromEntries(kept), required };
  });
}

/**
 * @param {Schema} schema
 * @returns {string}
 */
function objectType({ properties, required = [], additionalProperties }) {
  if (properties === undefined) {
    const value = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown';
    return `Record<string, ${value}>`;
  }
  const fields = Object.entries(properties).map(([name, schema]) => {
    const mark = required.includes(name) ? '' : '?';
    return `${comment(schema.description)}${name}${mark}: ${typeOf(schema)};`;
  });
  return `{\n${fields.join('\n')}\n}`;
}

/**
 * @param {string | undefined} text
 * @returns {string}
 */
function comment(text) {
  return text === undefined ? '' : `/** ${text.replaceAll('*/', '* /').replaceAll(/\s+/g, ' ')} */\n`;
}
