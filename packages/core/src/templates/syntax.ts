/** The part of Handlebars' syntax tree that templates are made of, as its parser gives it. */
export interface Located {
  loc: { start: { line: number; column: number } };
}

export interface PathExpression extends Located {
  type: 'PathExpression';
  /** Whether it begins with @. */
  data: boolean;
  /** How many ../ it begins with. */
  depth: number;
  parts: string[];
  original: string;
}

export interface LiteralExpression extends Located {
  type: 'StringLiteral' | 'NumberLiteral' | 'BooleanLiteral' | 'NullLiteral' | 'UndefinedLiteral';
  value?: string | number | boolean;
}

/** A call in parentheses. */
export interface CallExpression extends Located, Called {
  type: 'SubExpression';
}

export type Expression = PathExpression | LiteralExpression | CallExpression;

export interface Called {
  path: Expression;
  params: Expression[];
  hash?: { pairs: { key: string; value: Expression }[] };
}

export interface Program {
  type: 'Program';
  body: Statement[];
  blockParams?: string[];
}

export interface MustacheStatement extends Located, Called {
  type: 'MustacheStatement';
  /** False for {{{x}}} and {{&x}}. */
  escaped: boolean;
}

export interface BlockStatement extends Located, Called {
  type: 'BlockStatement';
  program?: Program;
  inverse?: Program;
}

export interface PartialStatement extends Located {
  type: 'PartialStatement';
  name: Expression;
  params: Expression[];
  hash?: Called['hash'];
  indent: string;
  strip: { close: boolean };
}

export interface ContentStatement extends Located {
  type: 'ContentStatement';
  value: string;
  /** As it was before the white space around tags that stand alone on a line was dropped. */
  original: string;
}

export interface OtherStatement extends Located {
  type: 'CommentStatement' | 'PartialBlockStatement' | 'Decorator' | 'DecoratorBlock';
}

export type Statement =
  | MustacheStatement
  | BlockStatement
  | PartialStatement
  | ContentStatement
  | OtherStatement;
