/**
 * @typedef {{ language: string, info: string, code: string, line: number,
 *   follows: boolean }} Fence A fenced block of a document; `info` is what stands after the language, `line` where its
 *   code begins, `follows` whether nothing but blank lines is between it and the block before.
 */

/**
 * The fenced blocks of a Markdown text, in order.
 *
 * @param {string} text
 * @returns {Fence[]}
 */
export function fencesOf(text) {
  /** @type {Fence[]} */
  const fences = [];
  /** @type {{ fence: Fence, end: string, indent: number, lines: string[] } | undefined} */
  let open;
  let follows = false;
  for (const [index, line] of text.split('\n').entries()) {
    if (open === undefined) {
      const [, indent = '', end, language = '', info = ''] = /^( *)(`{3,})(\S*) *(.*)$/.exec(line) ?? [];
      follows &&= end !== undefined || line.trim() === '';
      if (end === undefined) continue;
      open = {
        fence: { language, info, code: '', line: index + 2, follows },
        end,
        indent: indent.length,
        lines: [],
      };
    } else if (line.trim() === open.end) {
      fences.push({ ...open.fence, code: open.lines.join('\n') });
      open = undefined;
      follows = true;
    } else open.lines.push(line.slice(open.indent));
  }
  return fences;
}

/**
 * @typedef {{ code: string, line: number, answer: unknown, run: 'once' } |
 *   { code: string, line: number, run: 'background', until: string, instead: boolean } |
 *   { code: string, line: number, run: 'never', why: string }} ShellBlock
 */

/**
 * What a reader types, in order. The words after the language say how: nothing for what ends by itself;
 * `background "text"` for what goes on running, and what it says when it is there; `instead "text"` for that too,
 * after everything that runs was stopped; `not run: why` for what cannot run in a test. A `json` block
 * right below is the answer.
 *
 * @param {string} text
 * @returns {ShellBlock[]}
 */
export function shellBlocksOf(text) {
  const fences = fencesOf(text);
  return fences.flatMap((fence, index) => blocksOf(fence, fences[index + 1]));
}

/**
 * @param {Fence} fence
 * @param {Fence | undefined} next
 * @returns {ShellBlock[]}
 */
function blocksOf({ language, code, line, info }, next) {
  if (!['sh', 'bash', 'shell', 'console'].includes(language)) return [];
  const [, how = '', words = ''] = /^(background|instead|not run:)? *(.*)$/.exec(info) ?? [];
  if (how === 'not run:') return [{ code, line, run: 'never', why: words }];
  if (how !== '')
    return [{ code, line, run: 'background', until: words.replaceAll('"', ''), instead: how === 'instead' }];
  if (words !== '') throw new Error(`line ${line}: "${words}" says nothing about how it is run`);
  const hasAnswer = next?.follows === true && next.language === 'json' && next.info === '';
  return [{ code, line, run: 'once', answer: hasAnswer ? JSON.parse(next.code) : undefined }];
}
