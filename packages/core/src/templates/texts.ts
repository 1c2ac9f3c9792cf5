import type { Action } from '../notifications/draft.ts';
import type { ChannelKind } from '../vocabulary.ts';
import type { OnMissing, TemplateContent } from './content.ts';
import type { RenderRequest, RenderResult } from './notification.ts';
import type { RenderContext } from './render.ts';
import { chooseVariant } from './variant.ts';

/** The wordings of one version of a template, and what surrounds them. */
export interface Wordings {
  variants: readonly Wording[];
  /** Source around each body. */
  layout: string | null;
  /** HTML around the body of mails, compiled. */
  mailLayout: string | null;
  /** Sources by name. */
  partials: Readonly<Record<string, string>>;
  onMissing: OnMissing;
}

/** One wording; an empty kind is for every kind, an empty locale for every language. */
export interface Wording {
  kind: ChannelKind | '';
  locale: string;
  title: string;
  body: string;
  actions: readonly Action[];
  url: string | null;
  icon: string | null;
}

/** One notification whose texts are wanted for these kinds. */
export interface TextSubject {
  wordings: Wordings;
  kinds: readonly ChannelKind[];
  data: Readonly<Record<string, unknown>>;
  /** Locales of the user and of the organization choose the wording, their zones print dates. */
  reader: RenderContext;
}

/** The texts of one subject by kind; a kind for which there is no wording at all is absent. */
export type Texts = ReadonlyMap<ChannelKind, RenderResult>;

/**
 * What has to be rendered for these subjects: each wording once per subject, however many kinds share it.
 * `assemble` takes the results in the order of `requests` and gives the texts in the order of the subjects.
 */
export function planTexts(subjects: readonly TextSubject[]): {
  requests: RenderRequest[];
  assemble(results: readonly RenderResult[]): Texts[];
} {
  const requests: RenderRequest[] = [];
  const choose = createChooser();
  const places = subjects.map((subject) => {
    const { contents, kinds } = choose(subject);
    const first = requests.length;
    for (const content of contents) requests.push({ content, data: subject.data, context: subject.reader });
    return { first, kinds };
  });
  return {
    requests,
    assemble: (results) =>
      places.map(({ first, kinds }) => {
        const texts = new Map<ChannelKind, RenderResult>();
        for (const [kind, index] of kinds) {
          const result = results[first + index];
          if (result !== undefined) texts.set(kind, result);
        }
        return texts;
      }),
  };
}

/** What is rendered for a subject, each content once, and which of them each kind shows. */
interface Choice {
  contents: TemplateContent[];
  kinds: [kind: ChannelKind, index: number][];
}

/** Chooses once for all subjects of the same wordings, kinds and languages: nearly all of a batch are alike. */
function createChooser(): (subject: TextSubject) => Choice {
  const chosen = new Map<Wordings, Map<string, Choice>>();
  const contents = { plain: new Map<Wording, TemplateContent>(), mail: new Map<Wording, TemplateContent>() };

  function contentFor(subject: TextSubject, kind: ChannelKind): TemplateContent | undefined {
    const wording = chooseWording(subject, kind);
    if (wording === undefined) return undefined;
    const isMail = kind === 'email' && subject.wordings.mailLayout !== null;
    const known = contents[isMail ? 'mail' : 'plain'];
    const content = known.get(wording) ?? toContent(wording, subject.wordings, isMail);
    known.set(wording, content);
    return content;
  }

  function chooseAnew(subject: TextSubject): Choice {
    const choice: Choice = { contents: [], kinds: [] };
    for (const kind of subject.kinds) {
      const content = contentFor(subject, kind);
      if (content === undefined) continue;
      const known = choice.contents.indexOf(content);
      choice.kinds.push([kind, known === -1 ? choice.contents.push(content) - 1 : known]);
    }
    return choice;
  }

  return (subject) => {
    const ofWordings = chosen.get(subject.wordings) ?? new Map<string, Choice>();
    chosen.set(subject.wordings, ofWordings);
    // No text of the database holds a NUL.
    const key = [...subject.kinds, ...localesOf(subject)].join('\0');
    const choice = ofWordings.get(key) ?? chooseAnew(subject);
    ofWordings.set(key, choice);
    return choice;
  };
}

function chooseWording(subject: TextSubject, kind: ChannelKind): Wording | undefined {
  return chooseVariant(subject.wordings.variants, kind, localesOf(subject));
}

/** Of the user and of the organization; anything else than a text is none. */
function localesOf({ reader: { user, organization } }: TextSubject): (string | undefined)[] {
  return [user['locale'], organization['locale']].map((locale) =>
    typeof locale === 'string' ? locale : undefined,
  );
}

function toContent(wording: Wording, wordings: Wordings, isMail: boolean): TemplateContent {
  return {
    ...{ title: wording.title, body: wording.body, actions: wording.actions },
    ...{ url: wording.url ?? undefined, icon: wording.icon ?? undefined },
    ...{ partials: wordings.partials, layout: wordings.layout ?? undefined, onMissing: wordings.onMissing },
    ...(isMail && { mailLayout: wordings.mailLayout ?? undefined }),
  };
}
