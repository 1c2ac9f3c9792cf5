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
  const contents = { plain: new Map<Wording, TemplateContent>(), mail: new Map<Wording, TemplateContent>() };
  const places = subjects.map((subject) => {
    const ofSubject = new Map<TemplateContent, number>();
    return subject.kinds.flatMap((kind): [ChannelKind, number][] => {
      const wording = chooseWording(subject, kind);
      if (wording === undefined) return [];
      const isMail = kind === 'email' && subject.wordings.mailLayout !== null;
      const known = contents[isMail ? 'mail' : 'plain'];
      const content = known.get(wording) ?? toContent(wording, subject.wordings, isMail);
      known.set(wording, content);
      const rendered = ofSubject.get(content);
      if (rendered !== undefined) return [[kind, rendered]];
      const index = requests.push({ content, data: subject.data, context: subject.reader }) - 1;
      ofSubject.set(content, index);
      return [[kind, index]];
    });
  });
  return {
    requests,
    assemble: (results) =>
      places.map((ofSubject) => {
        const texts = new Map<ChannelKind, RenderResult>();
        for (const [kind, index] of ofSubject) {
          const result = results[index];
          if (result !== undefined) texts.set(kind, result);
        }
        return texts;
      }),
  };
}

function chooseWording({ wordings, reader }: TextSubject, kind: ChannelKind): Wording | undefined {
  const locales = [reader.user['locale'], reader.organization['locale']];
  return chooseVariant(
    wordings.variants,
    kind,
    locales.map((locale) => (typeof locale === 'string' ? locale : undefined)),
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
