import {
  getOperationAST,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type OperationTypeNode,
} from 'graphql';
import { invalidDocument } from '../errors.ts';
import { expandBare } from './bare-relations.ts';
import { checkSize, checkText, tokensMax } from './limits.ts';
import type { Operation } from './request.ts';

/** An operation that may be executed. */
export interface CheckedOperation extends Operation {
  document: DocumentNode;
  type: OperationTypeNode;
  /** Whether `putBareBack` has something to put back. */
  hasBare: boolean;
}

/** Throws DirectusError with everything that is wrong. */
export function checkOperation(schema: GraphQLSchema, operation: Operation): CheckedOperation {
  const given = orInvalid(() => {
    checkText(operation.query);
    const parsed = parse(operation.query, { maxTokens: tokensMax });
    checkSize(parsed);
    return parsed;
  });
  const document = expandBare(schema, given);
  const errors = validate(schema, document);
  if (errors.length > 0) throw invalidDocument(errors.map(tell));
  const { operationName } = operation;
  const node = getOperationAST(document, operationName);
  if (node == null) {
    const which = operationName === undefined ? 'Must provide an operation name.' : 'Unknown operation.';
    throw invalidDocument([{ message: which }]);
  }
  if (schema.getRootType(node.operation) === undefined)
    throw invalidDocument([tell(new GraphQLError(`There is no ${node.operation}.`, { nodes: node }))]);
  return { ...operation, document, type: node.operation, hasBare: document !== given };
}

function orInvalid<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof GraphQLError) throw invalidDocument([tell(error)]);
    throw error;
  }
}

function tell({ message, locations }: GraphQLError): { message: string; locations?: unknown } {
  return { message, ...(locations !== undefined && { locations }) };
}
