import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJson } from './install-state.mjs';

/**
 * Whether the compiled files belong to the present sources. What was compiled is known by a hash of the
 * sources: their age says little after a checkout.
 *
 * @param {string} root
 */
export function isBuilt(root) {
  if (!projects(root).every((project) => existsSync(join(root, project, 'dist', '.tsbuildinfo'))))
    return false;
  const services = projects(root).filter((project) => project.startsWith('services/'));
  if (!services.every((service) => existsSync(join(root, service, 'dist', 'bundle', 'main.js'))))
    return false;
  const pages = projects(root).filter((project) => existsSync(join(root, project, 'src', 'index.html')));
  if (!pages.every((project) => existsSync(join(root, project, 'dist', 'pages', 'index.html')))) return false;
  try {
    return readFileSync(stampFile(root), 'utf8') === hashOfSources(root);
  } catch {
    return false;
  }
}

/** @param {string} root */
export function markBuilt(root) {
  mkdirSync(dirname(stampFile(root)), { recursive: true });
  writeFileSync(stampFile(root), hashOfSources(root));
}

/** @param {string} root */
function stampFile(root) {
  return join(root, 'node_modules', '.cache', 'carillon', 'built-sources');
}

/**
 * @param {string} root
 * @returns {string[]}
 */
function projects(root) {
  return readJson(join(root, 'tsconfig.build.json')).references.map(
    (/** @type {{ path: string }} */ { path }) => dirname(path),
  );
}

/** @param {string} root */
function hashOfSources(root) {
  const hash = createHash('sha256');
  const bundlers = [
    ...['scripts/bundle-faces.mjs', 'scripts/bundle-services.mjs'],
    'scripts/faces/tight-templates.mjs',
  ];
  const files = ['tsconfig.base.json', 'tsconfig.build.json', 'package-lock.json', ...bundlers];
  for (const project of projects(root)) {
    files.push(join(project, 'package.json'), join(project, 'tsconfig.build.json'));
    const sources = readdirSync(join(root, project, 'src'), { recursive: true, encoding: 'utf8' }).sort();
    files.push(
      ...sources
        .filter((name) => /(?<!\.test)\.tsx?$|\.(?:css|html)$/.test(name))
        .map((name) => join(project, 'src', name)),
    );
  }
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}
