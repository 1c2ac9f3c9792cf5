import { CarillonError, createInboxClient } from '@carillon/client';
import type { CarillonInbox } from '../inbox-element.ts';

/** The page is at `<api>/demo`, whatever stands before that. */
const apiUrl = new URL('.', location.href).href.replace(/\/$/, '');
const tokenKey = 'carillon-demo-token';

const bell = get<CarillonInbox>('bell');
const signIn = get<HTMLFormElement>('sign-in');
const send = get<HTMLFormElement>('send');

/** The link that `npm start` prints has the token behind its `#`, which no server is told. */
const given = location.hash.slice(1);
if (given !== '') {
  sessionStorage.setItem(tokenKey, given);
  history.replaceState(null, '', location.pathname);
}
show(sessionStorage.getItem(tokenKey) ?? '');

signIn.addEventListener('submit', (event) => {
  event.preventDefault();
  const token = get<HTMLInputElement>('token').value.trim();
  sessionStorage.setItem(tokenKey, token);
  show(token);
});

send.addEventListener('submit', (event) => {
  event.preventDefault();
  void ring();
});

get<HTMLSelectElement>('theme').addEventListener('change', ({ currentTarget }) => {
  document.documentElement.dataset['theme'] = valueOf(currentTarget);
});
get<HTMLSelectElement>('language').addEventListener('change', ({ currentTarget }) => {
  bell.lang = valueOf(currentTarget);
});
get<HTMLSelectElement>('direction').addEventListener('change', ({ currentTarget }) => {
  document.documentElement.dir = valueOf(currentTarget);
});

get('code').textContent = `<script type="module" src="${apiUrl}/inbox/latest/carillon-inbox.js"></script>
<carillon-inbox token="…"></carillon-inbox>`;

function show(token: string): void {
  signIn.hidden = token !== '';
  send.hidden = token === '';
  if (token === '') return;
  bell.url = apiUrl;
  bell.token = token;
}

async function ring(): Promise<void> {
  const outcome = get('outcome');
  const client = createInboxClient({ url: apiUrl, token: sessionStorage.getItem(tokenKey) ?? '' });
  const title = get<HTMLInputElement>('title').value;
  const body = get<HTMLTextAreaElement>('body').value;
  outcome.textContent = 'On its way …';
  try {
    await client.inbox.notify({ title, body });
    outcome.textContent = 'Accepted. Look at the bell.';
  } catch (error) {
    if (error instanceof CarillonError && error.status === 401) return forget();
    outcome.textContent = error instanceof Error ? error.message : String(error);
  }
}

/** The token is good no more: another data directory has another one. */
function forget(): void {
  sessionStorage.removeItem(tokenKey);
  show('');
}

function valueOf(target: EventTarget | null): string {
  return target instanceof HTMLSelectElement ? target.value : '';
}

/** The elements of the page, which stand in index.html. */
function get<E extends HTMLElement = HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}
