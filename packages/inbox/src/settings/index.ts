import type { InboxItem } from '@carillon/client';
import { englishSettings } from './english.ts';
import type { GivenKit, Panel, PanelKit } from './kit.ts';
import type { Category } from './preferences.ts';
import { createSettingsPanel } from './settings-panel.ts';
import { createWhyPanel } from './why-panel.ts';

export { panelStyles } from './panel-styles.ts';

/** Why an item came or, without one, what may come. */
export function createPanel(
  given: GivenKit,
  item: InboxItem | undefined,
  categories: ReadonlyMap<string, Category>,
): Panel {
  const { settings } = given.words;
  const kinds = { ...englishSettings.kinds, ...settings.kinds };
  const kit: PanelKit = { ...given, texts: { ...englishSettings, ...settings, kinds } };
  return item === undefined ? createSettingsPanel(kit, categories) : createWhyPanel(kit, item);
}
