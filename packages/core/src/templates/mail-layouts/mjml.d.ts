/** As far as we use them. Both are CommonJS: their exports are the default export. */
declare module 'mjml-core' {
  interface MjmlError {
    line: number;
    message: string;
    tagName: string;
  }
  function mjml2html(
    source: string,
    options: Readonly<Record<string, unknown>>,
  ): Promise<{ html: string; errors: MjmlError[] }>;
  const exported: { default: typeof mjml2html };
  export default exported;
}

declare module 'mjml-preset-core' {
  const exported: unknown;
  export default exported;
}
