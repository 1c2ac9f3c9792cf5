import { createElement } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { Shop, type ShopProps } from './shop.ts';

/** The start of the page in the browser: what the server has rendered comes to life. */
const props = JSON.parse(document.getElementById('props')?.textContent ?? '{}') as ShopProps;
const root = document.getElementById('root');
if (root !== null) hydrateRoot(root, createElement(Shop, props));
