import { createPrivateKey } from 'node:crypto';
import { parseJson, recordOf, textOf } from '../json-values.ts';

/** What of a service account's key file is needed to send. */
export interface ServiceAccount {
  projectId: string;
  clientEmail: string;
  /** PEM, PKCS #8. */
  privateKey: string;
  privateKeyId: string | undefined;
  tokenUrl: string;
}

/** Where Google gives out access tokens; key files name it too. */
const googleTokenUrl = 'https://oauth2.googleapis.com/token';

/**
 * Reads the JSON key file of a Google service account, or says what of it is wrong. The words repeat nothing of the
 * file: it holds a private key.
 */
export function readServiceAccount(text: string): ServiceAccount | { wrong: string } {
  const file = recordOf(parseJson(text));
  if (file['type'] !== 'service_account') {
    return { wrong: 'must be the JSON key file of a service account, as the Firebase console gives it' };
  }
  const projectId = textOf(file['project_id']);
  const clientEmail = textOf(file['client_email']);
  const privateKey = textOf(file['private_key']);
  if (projectId === undefined || clientEmail === undefined || privateKey === undefined) {
    return { wrong: 'must have project_id, client_email and private_key' };
  }
  if (keyTypeOf(privateKey) !== 'rsa') return { wrong: 'has no readable RSA key in private_key' };
  return {
    ...{ projectId, clientEmail, privateKey, privateKeyId: textOf(file['private_key_id']) },
    tokenUrl: textOf(file['token_uri']) ?? googleTokenUrl,
  };
}

/** The type of a private key in PEM: `rsa`, `ec` of the curve P-256, or undefined where it is neither. */
export function keyTypeOf(pem: string): 'rsa' | 'ec' | undefined {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    if (asymmetricKeyType === 'rsa') return 'rsa';
    return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ec' : undefined;
  } catch {
    return undefined;
  }
}
