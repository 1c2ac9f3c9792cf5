import { problemCodes, problemKinds, type ProblemCode } from '@carillon/contracts';

/**
 * Every problem code with its status and what to do about it, each under the anchor that the `type`
 * of a problem names. Plain HTML: it reads without any script.
 */
export function renderErrorsPage(stylePath: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Errors of the Carillon API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${stylePath}">
</head>
<body>
<main>
<h1>Errors of the Carillon API</h1>
<p>Everything that is no success is <code>application/problem+json</code> (RFC 9457). Decide by its
<code>code</code>; <code>title</code> and <code>detail</code> are for people. The <code>request_id</code> is
also in the header <code>X-Request-Id</code> and in the log. <a href="/docs">All calls</a>.</p>
${problemCodes.map(renderKind).join('\n')}
</main>
</body>
</html>
`;
}

function renderKind(code: ProblemCode): string {
  const { status, title, explanation } = problemKinds[code];
  return `<section id="${escape(code)}">
<h2><a href="#${escape(code)}">${escape(code)}</a><span>${status}</span></h2>
<p><strong>${toHtml(title)}.</strong> ${toHtml(explanation)}</p>
</section>`;
}

/** The explanations mark names with backticks and nothing else. */
function toHtml(text: string): string {
  return escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
