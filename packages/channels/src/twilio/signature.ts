import { createHmac } from 'node:crypto';
import { isSameText } from '../same-text.ts';

/** The settings that tell by which token Twilio signs. */
export interface TwilioAccount {
  account_sid?: string;
  auth_token?: string;
  api_key_sid?: string;
  signing_token?: string;
}

/** The token by which Twilio signs the account's callbacks: beside an API key `auth_token` is another secret. */
export function signingTokenOf(settings: TwilioAccount): string | undefined {
  return settings.signing_token ?? (settings.api_key_sid === undefined ? settings.auth_token : undefined);
}

/**
 * Whether a form was posted by Twilio ("Security", "Validating requests are coming from Twilio"): base64 of HMAC-SHA1
 * over the address as Twilio called it and the names and values of the form, sorted by name.
 */
export function isSignedByTwilio(
  token: string,
  signature: string,
  { url, form }: { url: string; form: URLSearchParams },
): boolean {
  const fields = sortedFields(form);
  // Twilio signs some addresses with the port that their scheme implies, and some without.
  return spellingsOf(url).some((spelling) => {
    const expected = createHmac('sha1', token)
      .update(spelling + fields, 'utf8')
      .digest('base64');
    return isSameText(expected, signature);
  });
}

/** Each value of a name once, as Twilio's own libraries write repeated names. */
function sortedFields(form: URLSearchParams): string {
  return [...new Set(form.keys())]
    .toSorted()
    .flatMap((name) => [...new Set(form.getAll(name))].toSorted().map((value) => `${name}${value}`))
    .join('');
}

function spellingsOf(url: string): string[] {
  const match = /^(https?):\/\/([^/?#:]+|\[[^\]]+\])(:\d+)?(.*)$/.exec(url);
  if (match === null) return [url];
  const [, scheme = '', host = '', , rest = ''] = match;
  const usual = scheme === 'https' ? ':443' : ':80';
  return [...new Set([url, `${scheme}://${host}${rest}`, `${scheme}://${host}${usual}${rest}`])];
}
