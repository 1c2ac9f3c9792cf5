import type { TemplateProblem } from '../problem.ts';
import { placeAt } from '../tags.ts';

const element = /<(\/?)(mjml|mj-[a-z-]+)\b((?:"[^"]*"|'[^']*'|[^"'<>])*)>/gi;
const comment = /<!--[\s\S]*?-->/g;

interface Element {
  name: string;
  at: number;
  kind: 'opens' | 'closes' | 'empty';
}

/**
 * What the compiler passes over in silence: an element that is not closed, and `mj-include`, which would read files of
 * the server and is left out. Only the first fault of nesting is told; the others mostly follow from it.
 */
export function findStructureFaults(source: string): TemplateProblem[] {
  const text = source.replaceAll(comment, (found) => found.replaceAll(/[^\n]/g, ' '));
  const elements = elementsOf(text);
  const faults = [
    ...elements
      .filter(({ name, kind }) => name === 'mj-include' && kind !== 'closes')
      .map(({ at }) => ({ at, detail: 'mj-include is not supported: put its content here.' })),
    ...faultOfNesting(elements),
  ];
  return faults.map(({ at, detail }) => ({
    ...{ code: 'template.mjml', source: 'mail_layout', ...placeAt(text, at), detail },
  }));
}

function elementsOf(text: string): Element[] {
  return [...text.matchAll(element)].map(({ index, 1: slash, 2: name = '', 3: attributes = '' }) => ({
    ...{ name: name.toLowerCase(), at: index },
    kind: slash !== '' ? 'closes' : attributes.endsWith('/') ? 'empty' : 'opens',
  }));
}

function faultOfNesting(elements: readonly Element[]): { at: number; detail: string }[] {
  const open: Element[] = [];
  for (const one of elements) {
    if (one.kind === 'opens') open.push(one);
    if (one.kind !== 'closes') continue;
    const last = open.pop();
    if (last === undefined) return [{ at: one.at, detail: `</${one.name}> closes what was not opened.` }];
    if (last.name !== one.name) {
      return [{ at: last.at, detail: `<${last.name}> is not closed before </${one.name}>.` }];
    }
  }
  const unclosed = open.at(-1);
  return unclosed === undefined ? [] : [{ at: unclosed.at, detail: `<${unclosed.name}> is not closed.` }];
}
