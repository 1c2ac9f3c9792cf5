import { templateLimits, type TemplateProblem } from '../problem.ts';
import { compileAround } from '../template.ts';
import { findMisplaced } from './places.ts';
import { findStructureFaults } from './structure.ts';
import { markTags, restoreTags, type MarkedSource } from './tag-marks.ts';

export type CompiledMailLayout =
  /** HTML with tags, as `TemplateContent.mailLayout` takes it. */
  { outcome: 'compiled'; html: string } | { outcome: 'refused'; problems: TemplateProblem[] };

const source = 'mail_layout';

/**
 * Compiles a layout for mails, MJML with tags, to HTML with the same tags. MJML is a large library and is loaded here
 * alone: what sends mails only ever sees the HTML. Nothing of the source is fetched or read from files; no fonts are
 * loaded by readers that the source does not name itself.
 */
export async function compileMailLayout(text: string): Promise<CompiledMailLayout> {
  const around = compileAround(text, { source, bytesMax: templateLimits.sourceBytesMax });
  if (around.outcome === 'refused') return around;
  const faults = findStructureFaults(text);
  if (faults.length > 0) return refused(faults);
  const marked = markTags(text);
  const made = await toHtml(marked);
  if ('problems' in made) return refused(made.problems);
  const misplaced = findMisplaced(made.html, marked.marks);
  if (misplaced.length > 0) return refused(misplaced);
  const html = restoreTags(made.html, marked.marks);
  const compiled = compileAround(html, { source, bytesMax: templateLimits.mailLayoutBytesMax });
  return compiled.outcome === 'refused'
    ? refused(
        compiled.problems.map((one) => ({ ...one, line: 1, column: 1, detail: `As HTML: ${one.detail}` })),
      )
    : { outcome: 'compiled', html };
}

function refused(problems: readonly TemplateProblem[]): CompiledMailLayout {
  return { outcome: 'refused', problems: problems.slice(0, templateLimits.problemsMax) };
}

async function toHtml({
  text,
  marks,
}: MarkedSource): Promise<{ html: string } | { problems: TemplateProblem[] }> {
  const [core, preset] = await Promise.all([import('mjml-core'), import('mjml-preset-core')]);
  const problem = (line: number, detail: string): TemplateProblem => ({
    ...{ code: 'template.mjml', source, line, column: 1, detail: restoreTags(detail, marks) },
  });
  try {
    const { html, errors } = await core.default.default(text, {
      presets: [preset.default],
      validationLevel: 'soft',
      ignoreIncludes: true,
      useMjmlConfigOptions: false,
      // Fonts of a third party: readers would be counted there.
      fonts: {},
      ...{ minify: false, beautify: false, keepComments: false },
    });
    if (errors.length === 0) return { html };
    return {
      problems: errors.map(({ line, tagName, message }) => problem(line, `<${tagName}>: ${message.trim()}.`)),
    };
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    return {
      problems: [problem(1, /^(Malformed MJML|Parsing failed)/.test(said) ? notMjml : `MJML says: ${said}`)],
    };
  }
}

const notMjml = 'The layout must be <mjml> with a <mj-body> in it.';
