/**
 * Start of the container image: `serve.mjs api` or `serve.mjs worker` runs that service in this process, so that
 * it gets the signals of the container itself and no shell is needed.
 */
const services = ['api', 'worker'];
const [name = 'api'] = process.argv.slice(2);

if (!services.includes(name)) {
  console.error(`No service "${name}"; there are: ${services.join(', ')}`);
  process.exit(2);
}
await import(new URL(`../../services/${name}/dist/bundle/main.js`, import.meta.url).href);
