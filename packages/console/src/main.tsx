import { render } from 'preact';
import { apiUrl } from './access.ts';
import { App } from './app.tsx';
import { createSessionKeeper } from './session.ts';

const place = document.getElementById('console');
if (place !== null) {
  render(<App url={apiUrl(location.href)} keeper={createSessionKeeper(sessionStorage)} />, place);
}
