import {
  GraphQLError,
  Kind,
  Lexer,
  Source,
  TokenKind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Levels of fields, whatever fragments they stand in; those of introspection are bounded by its own rule. */
export const depthMax = 8;
export const aliasesMax = 20;
/** In one array, and in one document. */
export const operationsMax = 10;
/** Selections once fragments are put in their places: comparing them with each other grows with the square. */
export const selectionsMax = 500;
/** As Directus has it. */
export const tokensMax = 5_000;
/** Parsing and checking values takes a stack for each. */
const bracketsMax = 100;

const opening = new Set<string>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing = new Set<string>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** Throws GraphQLError for a text that would take long, or too deep a stack, to parse, and for one with wrong tokens. */
export function checkText(text: string): void {
  const lexer = new Lexer(new Source(text));
  let [tokens, depth] = [0, 0];
  for (let { kind } = lexer.advance(); kind !== TokenKind.EOF; { kind } = lexer.advance()) {
    tokens += 1;
    if (opening.has(kind)) depth += 1;
    if (closing.has(kind)) depth -= 1;
    if (depth > bracketsMax)
      throw new GraphQLError(`A document must not be nested deeper than ${bracketsMax} brackets.`);
    if (tokens > tokensMax) throw new GraphQLError(`A document must not have more than ${tokensMax} tokens.`);
  }
}

interface Walk {
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Spreads that led here, so that a circle ends. */
  within: readonly string[];
  left: { aliases: number; selections: number };
}

/** Throws GraphQLError for a document that asks for too much. What it asks for need not exist. */
export function checkSize({ definitions }: DocumentNode): void {
  const fragments = definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
  const operations = definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  if (operations.length > operationsMax)
    throw new GraphQLError(`A document must not have more than ${operationsMax} operations.`);
  const walk: Walk = {
    ...{ fragments: new Map(fragments.map((one) => [one.name.value, one])), within: [] },
    left: { aliases: aliasesMax, selections: selectionsMax },
  };
  for (const { selectionSet } of operations) checkSelections(selectionSet, 1, walk);
  // A fragment is compared with itself even where no operation uses it.
  const alone: Walk = {
    ...walk,
    fragments: new Map(),
    left: { aliases: Infinity, selections: selectionsMax },
  };
  for (const { selectionSet } of fragments) checkSelections(selectionSet, -Infinity, alone);
}

function checkSelections({ selections }: SelectionSetNode, depth: number, walk: Walk): void {
  for (const selection of selections) {
    walk.left.selections -= 1;
    if (walk.left.selections < 0) throw tooMany(selection, selectionsMax, 'fields');
    checkSelection(selection, depth, walk);
  }
}

function checkSelection(selection: SelectionNode, depth: number, walk: Walk): void {
  if (selection.kind === Kind.INLINE_FRAGMENT) return checkSelections(selection.selectionSet, depth, walk);
  const name = selection.name.value;
  if (selection.kind === Kind.FRAGMENT_SPREAD) {
    const fragment = walk.within.includes(name) ? undefined : walk.fragments.get(name);
    if (fragment === undefined) return;
    checkSelections(fragment.selectionSet, depth, { ...walk, within: [...walk.within, name] });
    return;
  }
  if (depth > depthMax)
    throw new GraphQLError(`A document must not be nested deeper than ${depthMax} fields.`, {
      nodes: selection,
    });
  if (selection.alias !== undefined) walk.left.aliases -= 1;
  if (walk.left.aliases < 0) throw tooMany(selection, aliasesMax, 'aliases');
  if (selection.selectionSet === undefined) return;
  const isIntrospection = name.startsWith('__');
  checkSelections(selection.selectionSet, isIntrospection ? -Infinity : depth + 1, walk);
}

function tooMany(nodes: SelectionNode, most: number, things: string): GraphQLError {
  return new GraphQLError(`A document must not have more than ${most} ${things}.`, { nodes });
}
