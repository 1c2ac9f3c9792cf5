/** Texts that mean something in one medium or another, as data may contain them (promise: output is escaped per medium). */
export const hostileTexts = {
  script: '<script>alert(1)</script>',
  mention: '<!channel> <@U123> @everyone @here <@&99>',
  marks: '*bold* _it_ ~st~ `code` || spoiler || [a](https://evil.example)',
  closing: '</b></a></code>',
  braces: '{{{raw}}} {{TIME(2020)}}',
  bidi: 'safe\u202Eexe.gpj\u202C',
  zeroWidth: 'pay\u200Bpal\uFEFF',
} as const;
