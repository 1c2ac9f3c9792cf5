import type { Because } from '../deliveries/policy.ts';
import type { PreferenceLayer } from '../preferences/resolve-preference.ts';
import type { QuietLayer } from '../quiet-hours/resolve-quiet.ts';
import type { Person } from './audience.ts';

type Quiet = NonNullable<Because['quiet']>;

/** Why something goes out now although somebody has a say in it; empty in the ordinary case. */
export function tellWhyItGoes(because: Because | undefined, person: Person): string {
  const preference = because?.preference && goesByPreference[because.preference.layer](person);
  const quiet = because?.quiet && goesByQuiet[because.quiet.layer](person, because.quiet);
  return [...new Set([preference, quiet].filter((one) => one !== undefined && one !== ''))].join('; ');
}

const goesByPreference: Readonly<Record<PreferenceLayer, (person: Person) => string>> = {
  mandatory: () => 'it is mandatory',
  template_preference: ({ subject, has }) => `${subject} ${has} switched this template on`,
  preference: ({ possessive }) => `one of ${possessive} preferences switches it on`,
  template_default: () => 'its template is on by default',
  category_default: () => '',
};

const goesByQuiet: Readonly<Record<QuietLayer, (person: Person, quiet: Quiet) => string>> = {
  mandatory: () => 'it is mandatory',
  urgent: ({ possessive }) => `it is urgent, and urgent notifications pass ${possessive} quiet hours`,
  reminder: ({ subject, has }) => `${subject} ${has} set this reminder for this very time`,
  off: () => 'what is of its kind is not held in quiet hours',
  mute: () => '',
  preference: (person, quiet) => `it did not come in ${tellWindow(quiet, person)}`,
  user: (person, quiet) => `it did not come in ${tellWindow(quiet, person)}`,
  none: ({ possessive }) => `none of ${possessive} quiet hours is about it`,
};

/** What made it wait: `your quiet hours 22:00–07:00`, or a mute. */
export function tellWhatHolds(quiet: Quiet | undefined, person: Person): string {
  if (quiet === undefined) return `${person.possessive} quiet hours`;
  return quiet.layer === 'mute'
    ? `the time for which ${person.subject} muted notifications`
    : tellWindow(quiet, person);
}

function tellWindow({ layer, window, malformed }: Quiet, { possessive }: Person): string {
  const hours = window === undefined ? '' : ` ${window.start}–${window.end}`;
  const whose =
    layer === 'preference'
      ? `the quiet hours${hours} of one of ${possessive} preferences`
      : `${possessive} quiet hours${hours}`;
  return malformed === true ? `${whose}, which cannot be understood` : whose;
}
