import type { TemplateResult } from 'lit';
import type { Panel, PanelKit } from './kit.ts';
import {
  loadPreferences,
  switchPreference,
  wordsOf,
  type Category,
  type ChosenPreferences,
  type PreferenceCell,
  type PreferenceLine,
} from './preferences.ts';
import { createQuietForm } from './quiet-form.ts';

/** What reaches the user by which ways, and when they are left in peace. */
export function createSettingsPanel(kit: PanelKit, categories: ReadonlyMap<string, Category>): Panel {
  const { html, client, words, texts } = kit;
  let chosen: ChosenPreferences | undefined;
  let isRefused = false;
  const quietForm = createQuietForm(kit);

  async function load(): Promise<void> {
    try {
      chosen = await loadPreferences(client, categories);
      quietForm.fill(chosen.quietHours);
    } catch {
      isRefused = chosen === undefined;
    }
    kit.changed();
  }

  async function onSwitch(
    line: PreferenceLine,
    { kind }: PreferenceCell,
    box: HTMLInputElement,
  ): Promise<void> {
    try {
      await switchPreference(client, line.key, kind, box.checked);
      kit.say(texts.saved);
    } catch (error) {
      kit.say(wordsOf(error) ?? words.text('failed'));
      box.checked = !box.checked;
    }
    await load();
  }

  function viewCell(line: PreferenceLine, cell: PreferenceCell): TemplateResult {
    const label = `${line.name}: ${texts.kinds[cell.kind] ?? cell.kind}${cell.isFixed ? ` (${texts.always})` : ''}`;
    const onChange = ({ currentTarget }: Event): void => {
      if (currentTarget instanceof HTMLInputElement) void onSwitch(line, cell, currentTarget);
    };
    return html`<td>
      <label title=${label}
        ><input
          type="checkbox"
          aria-label=${label}
          .checked=${cell.isOn}
          ?disabled=${cell.isFixed}
          @change=${onChange}
      /></label>
    </td>`;
  }

  function viewMatrix({ kinds, lines }: ChosenPreferences): TemplateResult {
    return html`<div class="matrix" tabindex="0" role="region" aria-label=${texts.settingsHint}>
      <table part="preferences">
        <thead>
          <tr>
            <th scope="col"><span class="hidden">${words.text('category')}</span></th>
            ${kinds.map((kind) => html`<th scope="col">${texts.kinds[kind] ?? kind}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${lines.map(
            (line) =>
              html`<tr>
                <th scope="row">
                  <bdi
                    >${line.key === 'general' && line.name === line.key ? words.text('general') : line.name}</bdi
                  >${
                    line.description === ''
                      ? kit.nothing
                      : html`<small dir="auto">${line.description}</small>`
                  }
                </th>
                ${line.cells.map((cell) => viewCell(line, cell))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  void load();
  return {
    title: words.text('settings'),
    render() {
      if (isRefused) return html`<p class="sub-text">${texts.notAllowed}</p>`;
      if (chosen === undefined) return html`<p class="sub-text">${words.text('loading')}</p>`;
      return html`<section class="sub">
          <h3>${texts.settingsHint}</h3>
          ${viewMatrix(chosen)}
        </section>
        ${quietForm.render()}`;
    },
  };
}
