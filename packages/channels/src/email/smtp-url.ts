/** A mail server as a URL names it. */
export interface SmtpServer {
  /** As in a URL: IPv6 in brackets. */
  urlHost: string;
  port: number;
  /** TLS from the first byte (`smtps:`). */
  isImplicitTls: boolean;
  /** For `smtp:`: whether STARTTLS is demanded, taken when offered, or not used. */
  startTls: 'required' | 'offered' | 'off';
  credentials: { user: string; password: string } | undefined;
}

const defaultPort = { 'smtp:': 587, 'smtps:': 465 } as const;

/**
 * Reads `smtp://user:password@host:port` (587) or `smtps://…` (465); user and password are
 * percent-encoded. The only parameter is `tls=required|offered|off` of `smtp:`, `offered` when left out.
 * Answers `undefined` for anything else: other parameters would let a writer switch off certificate
 * checks or choose a proxy.
 */
export function parseSmtpUrl(text: string): SmtpServer | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:')) return undefined;
  if (url.hostname === '' || !['', '/'].includes(url.pathname) || url.hash !== '') return undefined;
  // A host of `smtp:` is opaque to the URL parser (`127.1` stays), so it is read as one of the web: `127.0.0.1`.
  if (!URL.canParse(`http://${url.hostname}`)) return undefined;
  const urlHost = new URL(`http://${url.hostname}`).hostname;
  const startTls = parseStartTls(url);
  const credentials = parseCredentials(url);
  if (startTls === undefined || credentials === 'malformed') return undefined;
  return {
    urlHost,
    port: url.port === '' ? defaultPort[url.protocol] : Number(url.port),
    isImplicitTls: url.protocol === 'smtps:',
    startTls,
    credentials,
  };
}

function parseStartTls(url: URL): SmtpServer['startTls'] | undefined {
  const [first, ...others] = url.searchParams;
  if (first === undefined) return 'offered';
  const [name, value] = first;
  if (others.length > 0 || name !== 'tls' || url.protocol !== 'smtp:') return undefined;
  return value === 'required' || value === 'offered' || value === 'off' ? value : undefined;
}

function parseCredentials(url: URL): SmtpServer['credentials'] | 'malformed' {
  if (url.username === '' && url.password === '') return undefined;
  try {
    const user = decodeURIComponent(url.username);
    const password = decodeURIComponent(url.password);
    return /[\0\r\n]/.test(user + password) ? 'malformed' : { user, password };
  } catch {
    return 'malformed';
  }
}
