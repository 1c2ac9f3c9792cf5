import { useMemo, useRef } from 'preact/hooks';
import { Field } from './field.tsx';

/** Something wrong in a text that is code, counted from 1 as the API does. */
export interface CodeProblem {
  detail: string;
  line: number | undefined;
  column: number | undefined;
}

interface CodeAreaProps {
  label: string;
  hint?: string;
  value: string;
  onValue: (value: string) => void;
  problems: readonly CodeProblem[];
  /** Lines that it is high at least. */
  rows?: number;
  /** Whether tags of templates are set off. */
  tags?: boolean;
}

/**
 * A text with line numbers, which grows with it. Behind a plain textarea, which browsers and screen readers know, lies
 * the same text unseen: it carries the numbers, sets off tags and shows where something is wrong.
 */
export function CodeArea({ label, hint, value, onValue, problems, rows = 3, tags = true }: CodeAreaProps) {
  const ref = useRef<HTMLTextAreaElement>(null);
  const goTo = ({ line, column }: CodeProblem): void => {
    const area = ref.current;
    if (area === null || line === undefined) return;
    const offset = offsetOf(area.value, line, column ?? 1);
    area.focus();
    area.setSelectionRange(offset, offset);
  };
  return (
    <Field
      label={label}
      hint={hint}
      wrong={problems[0]?.detail === undefined ? undefined : summaryOf(problems)}
    >
      {(ties) => (
        <>
          <div class={problems.length > 0 ? 'code-area is-wrong' : 'code-area'}>
            <Behind value={value} rows={rows} problems={problems} tags={tags} />
            <textarea
              {...ties}
              ref={ref}
              class="code-text"
              rows={1}
              value={value}
              spellcheck={false}
              autoCapitalize="off"
              onInput={(event) => onValue(event.currentTarget.value)}
            />
          </div>
          {problems.length > 0 && (
            <ul class="code-problems">
              {problems.map((problem) => (
                <li key={`${problem.line}-${problem.column}-${problem.detail}`}>
                  {problem.line !== undefined && (
                    <button type="button" onClick={() => goTo(problem)}>
                      {placeText(problem)}
                    </button>
                  )}{' '}
                  {problem.detail}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Field>
  );
}

interface BehindProps {
  value: string;
  rows: number;
  problems: readonly CodeProblem[];
  tags: boolean;
}

function Behind({ value, rows, problems, tags }: BehindProps) {
  const lines = useMemo(() => value.split('\n'), [value]);
  const empty = Array.from({ length: Math.max(rows - lines.length, 0) });
  return (
    <div class="code-back" aria-hidden="true">
      {lines.map((line, index) => {
        const wrong = problems.filter((one) => one.line === index + 1);
        return (
          <div key={index} class={wrong.length > 0 ? 'code-line is-wrong' : 'code-line'}>
            {pieces(line, wrong[0]?.column, tags).map(({ text, sort }, at) => (
              <span key={at} class={sort}>
                {text}
              </span>
            ))}
            {/* An empty line is as high as any other. */}
            {'\u200b'}
          </div>
        );
      })}
      {empty.map((_, index) => (
        <div key={`empty-${index}`}>{'\u200b'}</div>
      ))}
    </div>
  );
}

interface Piece {
  text: string;
  sort: 'plain' | 'tag' | 'here';
}

const tag = /(\{\{.*?\}\}+)/;

function pieces(line: string, column: number | undefined, tags: boolean): Piece[] {
  if (column !== undefined && column <= line.length) {
    const at = Math.max(column - 1, 0);
    return [
      { text: line.slice(0, at), sort: 'plain' },
      { text: line.slice(at, at + 1), sort: 'here' },
      { text: line.slice(at + 1), sort: 'plain' },
    ];
  }
  if (!tags) return [{ text: line, sort: 'plain' }];
  return line.split(tag).map((text, index) => ({ text, sort: index % 2 === 1 ? 'tag' : 'plain' }));
}

function offsetOf(text: string, line: number, column: number): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
}

function placeText({ line, column }: CodeProblem): string {
  return column === undefined ? `Line ${line ?? 1}` : `Line ${line ?? 1}, column ${column}`;
}

function summaryOf(problems: readonly CodeProblem[]): string {
  return problems.length === 1 ? 'There is a problem' : `There are ${problems.length} problems`;
}
