import { escapers, type Medium } from './escape.ts';
import { mannerOf, type Manner } from './formats.ts';
import { LimitReached, templateLimits } from './problem.ts';
import type { Rendering } from './rendering.ts';
import type { Template } from './template.ts';
import { bareCopy } from './values.ts';

/** Who reads it, and whose it is. `zone` and `locale` of the user win over those of the organization. */
export interface RenderContext {
  /** The recipient, as `user` in templates: `name`, `email`, `zone`, `locale` and whatever else may be shown. */
  user: Readonly<Record<string, unknown>>;
  /** As `organization` in templates: `name`, `zone`, `locale`. */
  organization: Readonly<Record<string, unknown>>;
  /** As `notification` in templates: `id`, `category`, `created_at` and the like. */
  notification?: Readonly<Record<string, unknown>>;
}

/** What a template sees, and how it writes. Made once for all texts of one notification. */
export interface Surroundings {
  root: Readonly<Record<string, unknown>>;
  manner: Manner;
}

export type Rendered =
  | { outcome: 'rendered'; text: string; missing: string[] }
  | { outcome: 'failed'; detail: string };

/**
 * Data are variables by their own names and also under `data`; `user`, `organization` and `notification` of the
 * context win over data of that name.
 */
export function surroundingsOf(
  data: Readonly<Record<string, unknown>>,
  context: RenderContext,
): Surroundings {
  const { user, organization, notification = {} } = context;
  return {
    root: bareCopy(data, { data, user, organization, notification }),
    manner: mannerOf([user['locale'], organization['locale']], [user['zone'], organization['zone']]),
  };
}

/**
 * Template and data → text for one medium, each value escaped for it. Never throws, whatever the data: a limit that
 * is reached is a value. `missing` are the variables that were to be shown and were absent or null. `content` is what a
 * layout stands around, already in its medium: it is printed as it is.
 */
export function renderTemplate(
  template: Template,
  medium: Medium,
  surroundings: Surroundings,
  content = '',
): Rendered {
  const { root, manner } = surroundings;
  const rendering: Rendering = {
    root,
    manner,
    escape:
      medium === 'url'
        ? // The whole text is one address: a value that it begins with is one, or its beginning.
          (value) => escapers.url(value, rendering.output.trim() === '' ? 'url' : 'url-part')
        : escapers[medium],
    content,
    output: '',
    missing: [],
    roundsLeft: templateLimits.roundsMax,
    helperLengthLeft: templateLimits.helperLengthMax,
  };
  try {
    template.print(rendering, { context: root, outer: undefined, round: undefined, named: [] });
  } catch (error) {
    if (error instanceof LimitReached) return { outcome: 'failed', detail: error.message };
    // Data that came as JSON cannot get here; whoever hands over living objects gets an answer all the same.
    return { outcome: 'failed', detail: 'The data could not be read.' };
  }
  if (Buffer.byteLength(rendering.output) > templateLimits.outputBytesMax) {
    return { outcome: 'failed', detail: `The text is longer than ${templateLimits.outputBytesMax} bytes.` };
  }
  return { outcome: 'rendered', text: rendering.output, missing: rendering.missing };
}
