/** What a variant is chosen by. An empty kind is for every kind, an empty locale for every language. */
export interface VariantKey {
  kind: string;
  locale: string;
}

/**
 * The variant for a channel kind and a reader. `locales` are those of the user, of the organization and the default,
 * in this order; absent ones are left out.
 *
 * Language goes before kind: a text for every kind that the reader understands is better than one for this kind that
 * they do not. So for each locale of the chain, and for each of its shortenings (`de-AT`, `de`): the variant of this
 * kind, else the one for every kind. Then the same with the empty locale. If nothing fits, the first variant of this
 * kind as they are stored, else the first for every kind: a text in another language is better than none. Undefined
 * only where all variants are of other kinds.
 */
export function chooseVariant<Variant extends VariantKey>(
  variants: readonly Variant[],
  kind: string,
  locales: readonly (string | null | undefined)[],
): Variant | undefined {
  for (const wanted of [...locales.flatMap(shortenings), '']) {
    const inLanguage = variants.filter(({ locale }) => locale.toLowerCase() === wanted);
    const found = ofKind(inLanguage, kind);
    if (found !== undefined) return found;
  }
  return ofKind(variants, kind);
}

function ofKind<Variant extends VariantKey>(variants: readonly Variant[], kind: string): Variant | undefined {
  return variants.find((variant) => variant.kind === kind) ?? variants.find((variant) => variant.kind === '');
}

/** `zh-Hant-TW` → itself, `zh-hant`, `zh`; tags are compared without case. */
function shortenings(locale: string | null | undefined): string[] {
  const parts = (locale ?? '')
    .toLowerCase()
    .split('-')
    .filter((part) => part !== '');
  return parts.map((_part, index) => parts.slice(0, parts.length - index).join('-'));
}
