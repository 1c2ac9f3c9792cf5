/** What tries to run: each calls `pwned`, or asks a server that it should not. */
const payloads = [
  '<script>pwned()</script>',
  '<img src=x onerror=pwned()>',
  '<svg onload=pwned()>',
  '<iframe srcdoc="<script>parent.pwned()</script>"></iframe>',
  '<body onload=pwned()>',
  '<details open ontoggle=pwned()>',
  '<a href="javascript:pwned()">x</a>',
  '<style>@import "https://evil.example/x.css"</style>',
  '<link rel=stylesheet href=https://evil.example/x.css>',
  '<math><mtext><script>pwned()</script></mtext></math>',
  '"><script>pwned()</script>',
  "'-pwned()-'",
  '`${pwned()}`',
  '${pwned()}',
  '{{constructor.constructor("pwned()")()}}',
  '<!--><script>pwned()</script>-->',
  '</title></textarea></style></script><script>pwned()</script>',
  '<template shadowrootmode=open><script>pwned()</script></template>',
  '<object data="javascript:pwned()"></object>',
  '<form action="javascript:pwned()"><button>x</button></form>',
];

/** Where it is put into Markdown. `§` is the payload. */
const places = [
  '§',
  '**§**',
  '- §\n- two',
  '`§` and ``§``',
  '```html\n§\n```',
  '> §',
  '[§](https://example.com/§)',
  '![§](https://evil.example/a.png)',
  '| § | b |\n| - | - |\n| 1 | § |',
];

/** Addresses that must not become links or pictures. */
const addresses = [
  'javascript:pwned()',
  'JaVaScRiPt:pwned()',
  'java\tscript:pwned()',
  ' javascript:pwned()',
  'javascript&#58;pwned()',
  'javascript&colon;pwned()',
  '&#106;avascript:pwned()',
  'javascript\\:pwned()',
  'data:text/html,<script>pwned()</script>',
  'data:text/html;base64,PHNjcmlwdD5wd25lZCgpPC9zY3JpcHQ+',
  'vbscript:pwned()',
  'blob:https://evil.example/x',
  'file:///etc/passwd',
  '//evil.example/x',
  '\u0001javascript:pwned()',
  'view-source:javascript:pwned()',
  'filesystem:https://evil.example/x',
  'feed:javascript:pwned()',
  'ws://evil.example',
  'intent://x#Intent;end',
];

/** 200 texts: each payload in each place, and links to each address that is none. */
export const hostileTexts: readonly string[] = [
  ...payloads.flatMap((payload) => places.map((place) => place.replaceAll('§', () => payload))),
  ...addresses.map((url) => `[a link](${url}) ![a picture](${url}) <${url}> [angled](<${url}>)`),
];
