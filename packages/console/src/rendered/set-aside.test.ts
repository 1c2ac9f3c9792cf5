import { describe, expect, it } from '@jest/globals';
import { setStylesAside } from './set-aside.ts';

describe('the styles of a page', () => {
  it('stand apart, sheets and attributes alike', () => {
    const page =
      '<head><style type="text/css">a { color: red }</style></head><p class="x" style="margin:0">y</p>';
    expect(setStylesAside(page)).toEqual({
      html: '<head></head><p class="x" data-style="margin:0">y</p>',
      sheets: ['a { color: red }'],
    });
  });

  it('are not taken from comments, which browsers do not read', () => {
    const page =
      '<!--[if mso]><style>b{}</style><![endif]--><!--[if !mso]><!--><style>c{}</style><!--<![endif]-->';
    expect(setStylesAside(page)).toEqual({ html: '', sheets: ['c{}'] });
  });

  it('leave the text alone that only speaks of them', () => {
    const page = '<p>write style="x" &lt;style&gt;</p>';
    expect(setStylesAside(page).html).toBe(page);
  });
});
